package dev.squares.worker.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.HexFormat;

/**
 * What the kernel says of one process's mapping of a file, read by that process itself under {@code /proc/self}, and the first bytes
 * that it sees there. See proc_pid_smaps(5) and proc_pid_pagemap(5).
 *
 * <p>The mapping is to be in one piece: that of a child is, and that of a parent up to {@link #MAX_COUNT} integers.
 *
 * @param pid the process that has read it
 * @param readBy "child" or "parent"
 * @param pageBytes the size of a page
 * @param maps the mapping's line, as in {@code /proc/self/maps}
 * @param rssKb what of it is in memory
 * @param anonymousKb what of it belongs to no file any more: the process's own copies
 * @param pages a letter a page, see {@link #pages}
 * @param bytes the first bytes of the header and, where they may be touched, of the squares: a JSON object of hexadecimal texts, under
 *        their offsets in the file
 */
public record Evidence(
    long pid,
    String readBy,
    int pageBytes,
    String maps,
    long rssKb,
    long anonymousKb,
    String pages,
    String bytes
) {
    /** The longest list that is explained: with its squares and the header it has 256 pages of 4 KiB. */
    public static final int MAX_COUNT = 65_532;

    private static final Path SMAPS = Path.of("/proc/self/smaps");
    private static final Path PAGEMAP = Path.of("/proc/self/pagemap");
    private static final Path AUXV = Path.of("/proc/self/auxv");

    private static final int USUAL_PAGE_BYTES = 4096;

    /** See getauxval(3). */
    private static final long AT_PAGESZ = 6;

    private static final long PRESENT = 1L << 63;
    private static final long OF_FILE = 1L << 61;
    private static final long MAPPED_HERE_ALONE = 1L << 56;

    private static final int SHOWN_BYTES = 64;

    /** Reads it. The squares are touched only if that changes nothing any more. */
    static Evidence read(long pid, String readBy, MemorySegment memory, long squares, boolean untouched)
            throws IOException {
        long address = memory.address();
        int pageBytes = pageSize();
        String maps = "";
        long rssKb = 0;
        long anonymousKb = 0;
        // To the end of this mapping and no further: the kernel walks over the pages of each, and a JVM has some 150.
        try (BufferedReader smaps = Files.newBufferedReader(SMAPS)) {
            for (String line = smaps.readLine(); line != null; line = smaps.readLine()) {
                int dash = line.indexOf('-');
                if (dash > 0 && line.indexOf(' ') > dash) {
                    if (!maps.isEmpty()) {
                        break;
                    }
                    maps = has(line, dash, address) ? line : "";
                } else if (!maps.isEmpty()) {
                    rssKb = line.startsWith("Rss:") ? kilobytes(line) : rssKb;
                    anonymousKb = line.startsWith("Anonymous:") ? kilobytes(line) : anonymousKb;
                }
            }
        }
        String pages = pages(address, memory.byteSize(), pageBytes);
        return new Evidence(pid, readBy, pageBytes, maps, rssKb, anonymousKb, pages, bytes(memory, squares, untouched));
    }

    private static boolean has(String mapsLine, int dash, long address) {
        long from = Long.parseUnsignedLong(mapsLine, 0, dash, 16);
        long to = Long.parseUnsignedLong(mapsLine, dash + 1, mapsLine.indexOf(' '), 16);
        return Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address, to) < 0;
    }

    private static long kilobytes(String smapsLine) {
        String[] words = smapsLine.split(" +");
        return Long.parseLong(words[1]);
    }

    /** Whether there is any: proc(5) is Linux's. */
    public static boolean canBeRead() {
        return Stream.of(SMAPS, PAGEMAP, AUXV).allMatch(Files::isReadable);
    }

    /** The size of a page, of this machine; the usual one where it cannot be read, and no page be shown either. */
    public static int pageSize() throws IOException {
        if (!Files.isReadable(AUXV)) {
            return USUAL_PAGE_BYTES;
        }
        ByteBuffer auxv = ByteBuffer.wrap(Files.readAllBytes(AUXV)).order(ByteOrder.nativeOrder());
        while (auxv.remaining() >= 2 * Long.BYTES) {
            if (auxv.getLong() == AT_PAGESZ) {
                return (int) auxv.getLong();
            }
            auxv.getLong();
        }
        throw new IOException("there is no page size in " + AUXV);
    }

    /**
     * A letter a page: {@code -} is not mapped to memory, {@code c} is this process's own copy, {@code f} a page of the file, {@code F} one
     * that another process has mapped to memory as well.
     */
    static String pages(long address, long bytes, int pageBytes) throws IOException {
        int count = Math.toIntExact((bytes + pageBytes - 1) / pageBytes);
        byte[] entries = new byte[count * Long.BYTES];
        try (RandomAccessFile pagemap = new RandomAccessFile(PAGEMAP.toFile(), "r")) {
            pagemap.seek(address / pageBytes * Long.BYTES);
            pagemap.readFully(entries);
        }
        ByteBuffer pages = ByteBuffer.wrap(entries).order(ByteOrder.nativeOrder());
        StringBuilder letters = new StringBuilder(count);
        while (pages.hasRemaining()) {
            letters.append(letter(pages.getLong()));
        }
        return letters.toString();
    }

    private static char letter(long page) {
        if ((page & PRESENT) == 0) {
            return '-';
        }
        if ((page & OF_FILE) == 0) {
            return 'c';
        }
        return (page & MAPPED_HERE_ALONE) == 0 ? 'F' : 'f';
    }

    private static String bytes(MemorySegment memory, long squares, boolean untouched) {
        String header = "{\"0\":\"" + hex(memory, 0) + "\"";
        return header
                + (untouched || squares == memory.byteSize()
                        ? ""
                        : ",\"" + squares + "\":\"" + hex(memory, squares) + "\"")
                + "}";
    }

    private static String hex(MemorySegment memory, long offset) {
        long length = Math.min(SHOWN_BYTES, memory.byteSize() - offset);
        return HexFormat.of().formatHex(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }

    /** As the text of a JSON object. */
    public String json() {
        String line = maps.replace("\\", "\\\\").replace("\"", "\\\"");
        return "{\"pid\":" + pid + ",\"readBy\":\"" + readBy + "\",\"pageBytes\":" + pageBytes + ",\"maps\":\"" + line
                + "\",\"smapsKb\":{\"rss\":" + rssKb + ",\"anonymous\":" + anonymousKb + "},\"pages\":\"" + pages
                + "\",\"bytes\":" + bytes + "}";
    }
}
