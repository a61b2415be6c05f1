package dev.squares.coordinator.square;

import dev.squares.worker.memory.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which file it is, as the kernel has it.
 *
 * @param device as in {@code /proc/self/maps}: major and minor number, in hexadecimal
 */
record FileIdentity(String device, long inode, long bytes) {
    /** See makedev(3): Linux has both numbers in two parts. Null where a file has no such numbers, as on Windows. */
    static @Nullable FileIdentity of(Path file) throws IOException {
        if (!OwnerOnly.hasModes(file.getFileSystem())) {
            return null;
        }
        Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino,size");
        long device = number(attributes, "dev");
        long major = device >>> 32 & 0xFFFF_F000L | device >>> 8 & 0xFFF;
        long minor = device >>> 12 & 0xFFFF_FF00L | device & 0xFF;
        return new FileIdentity(
                String.format(Locale.ROOT, "%02x:%02x", major, minor),
                number(attributes, "ino"),
                number(attributes, "size"));
    }

    private static long number(Map<String, Object> attributes, String name) {
        return ((Number) Objects.requireNonNull(attributes.get(name))).longValue();
    }

    String json() {
        return "{\"device\":\"" + device + "\",\"inode\":" + inode + ",\"bytes\":" + bytes + "}";
    }
}
