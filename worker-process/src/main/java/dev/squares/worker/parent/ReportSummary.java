package dev.squares.worker.parent;

import java.math.BigInteger;

/**
 * What a child reported, but for the squares.
 *
 * @param pid who reports
 * @param from where the list begins in a longer one, if it is a slice of that; 0 if not
 * @param count how many squares it computed
 * @param sum of all of them
 */
public record ReportSummary(long pid, long from, long count, BigInteger sum) {}
