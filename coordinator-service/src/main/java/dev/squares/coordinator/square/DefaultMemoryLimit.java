package dev.squares.coordinator.square;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.util.Set;

/** How much of the shared directory's file system all requests may take together, where nobody has said. */
final class DefaultMemoryLimit {
    /** File systems whose pages are memory. The size of a ramfs is not known: it says zero. */
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

    private DefaultMemoryLimit() {}

    /** Whether a file system is memory and nothing else. */
    static boolean isInMemory(FileStore store) {
        return IN_MEMORY.contains(store.type());
    }

    /** The limit for a file system. */
    static long of(FileStore store) throws IOException {
        return of(store.type(), store.getTotalSpace(), store.getUsableSpace(), memory());
    }

    /**
     * Half of a file system in memory: its size has been chosen for this. A disk is others' as well, and its pages are cached in
     * memory while they are mapped.
     *
     * @param total all bytes of the file system
     * @param usable those that are free now
     * @param memory of the machine, or the container
     */
    static long of(String type, long total, long usable, long memory) {
        if (IN_MEMORY.contains(type) && total > 0) {
            return total / 2;
        }
        long half = total > 0 ? Math.min(total, usable) / 2 : Long.MAX_VALUE;
        return Math.max(1, Math.min(half, memory / 4));
    }

    private static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
