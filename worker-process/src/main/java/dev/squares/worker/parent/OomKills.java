package dev.squares.worker.parent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the kernel's OOM killer has killed in this process's control group, where children are too: the line {@code
 * oom_kill} of {@code memory.events} (cgroup v2) or {@code memory.oom_control} (v1). See cgroups(7).
 */
final class OomKills {
    private static final String KEY = "oom_kill ";
    private static final Path MEMBERSHIP = Path.of("/proc/self/cgroup");
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private final @Nullable Path events;
    private long seen;

    /** @param events the file with the count; null if there is none */
    OomKills(@Nullable Path events) {
        this.events = events;
        this.seen = count();
    }

    static OomKills ofThisProcess() {
        try (Stream<String> lines = Files.lines(MEMBERSHIP)) {
            // hierarchy:controllers:path
            return new OomKills(lines.map(line -> line.split(":", 3))
                    .map(OomKills::events)
                    .filter(Files::isReadable)
                    .findFirst()
                    .orElse(null));
        } catch (IOException e) {
            return new OomKills(null);
        }
    }

    private static Path events(String[] membership) {
        String path = membership[2].substring(1);
        return membership[1].isEmpty()
                ? MOUNT.resolve(path).resolve("memory.events")
                : MOUNT.resolve(membership[1]).resolve(path).resolve("memory.oom_control");
    }

    /** Whether there has been another one since this was last asked. */
    synchronized boolean another() {
        long before = seen;
        seen = count();
        return seen > before;
    }

    private long count() {
        if (events == null) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(events)) {
            return lines.filter(line -> line.startsWith(KEY))
                    .mapToLong(line -> Long.parseLong(line.substring(KEY.length()).strip()))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
