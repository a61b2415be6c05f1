package dev.squares.worker.parent;

import java.math.BigInteger;

/**
 * What a child reported, but for the squares.
 *
 * @param pid who reports
 * @param count how many squares it computed
 * @param sum of all of them
 */
public record ReportSummary(long pid, long count, BigInteger sum) {}
