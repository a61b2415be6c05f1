package dev.squares.worker.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.squares.worker.memory.Evidence;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.Step;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.testing.MappedFiles;
import dev.squares.worker.testing.NoChildLeft;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a child says of itself is what the kernel says of it to anybody. */
@ExtendWith(NoChildLeft.class)
class ExplainedJobTest {
    /** With it, the squares begin in the third page of four, where pages have 4 KiB. */
    private static final int COUNT = 1020;

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void saysEveryStepAndReportsAsEver(Mapping mapping) throws IOException {
        Path file = MappedFiles.create(directory.resolve("file"), 1, 2, 3, 4);
        try (Child child = Child.start(); ParentMapping parent = ParentMapping.open(file)) {
            String evidence = "\"evidence\":{\"pid\":" + child.pid() + ",\"readBy\":\"child\"";
            child.send(new Job(file, mapping, View.FULL, true, 0, false, null).line());

            assertThat(child.report()).startsWith(Step.MAPPED.opening()).contains(evidence);
            assertThat(child.report()).startsWith(Step.PROGRESS.opening()).contains("\"written\":4,");
            assertThat(child.report()).startsWith(Step.PUBLISHED.opening()).contains(evidence);
            assertThat(parent.isDone()).isEqualTo(mapping == Mapping.SHARED);
            assertThat(child.hasSpoken()).isFalse();
            child.send(Job.GO_ON);
            assertThat(child.report()).startsWith(Step.LOOKED_AGAIN.opening()).contains(evidence);
            assertThat(child.report())
                    .isEqualTo("{\"pid\":" + child.pid() + ",\"count\":4,\"sum\":30,\"squares\":[1,4,9,16]}");
            // And the next job, which is not explained.
            assertThat(child.square(file, mapping, View.SUMMARY)).contains("\"sum\":30");
        }
    }

    @ParameterizedTest
    @EnumSource(Mapping.class)
    void whatItSaysIsWhatAnybodyCanReadInProc(Mapping mapping) throws IOException {
        Path file = MappedFiles.create(directory.resolve("a \"quoted\" name"), LongStream.range(0, COUNT));
        try (Child child = Child.start(); ParentMapping parent = ParentMapping.open(file)) {
            String published = publish(child, file, mapping);

            String maps = Files.readAllLines(Path.of("/proc/" + child.pid() + "/maps"))
                    .stream()
                    .filter(line -> line.endsWith(file.toString()))
                    .findFirst()
                    .orElseThrow();
            assertThat(published).contains("\"maps\":\"" + maps.replace("\"", "\\\"") + "\"");
            assertThat(maps).contains(mapping == Mapping.SHARED ? " rw-s " : " rw-p ");
            Evidence own = parent.evidence(ProcessHandle.current().pid());
            assertThat(own.maps()).contains(" r--s ");
            assertThat(fileOf(own.maps())).isEqualTo(fileOf(maps));
            assertThat(own.bytes()).startsWith("{\"0\":\"53515541524553310100000");
            goOn(child);
        }
    }

    @Test
    void privateMappingCopiesThePagesThatItWritesToAndNoOther() throws IOException {
        Path file = MappedFiles.create(directory.resolve("file"), LongStream.range(0, COUNT));
        try (Child child = Child.start(); ParentMapping parent = ParentMapping.open(file)) {
            String published = pages(publish(child, file, Mapping.PRIVATE));

            int pageBytes = Evidence.pageSize();
            long squares = 64 + COUNT * 8L;
            assertThat(published).hasSize((int) ((squares + COUNT * 8L + pageBytes - 1) / pageBytes));
            for (int page = 0; page < published.length(); page++) {
                boolean written = page == 0 || (page + 1L) * pageBytes > squares;
                assertThat(published.charAt(page) == 'c').as("page " + page + " of " + published).isEqualTo(written);
            }
            if (pageBytes == 4096) {
                assertThat(published).matches("c[fF-]cc");
            }
            assertThat(parent.evidence(1).pages()).matches("[fF]+");
            goOn(child);
        }
    }

    @Test
    void sharedMappingHasNoCopiesAndThePagesOfBoth() throws IOException {
        Path file = MappedFiles.create(directory.resolve("file"), LongStream.range(0, COUNT));
        try (Child child = Child.start(); ParentMapping parent = ParentMapping.open(file)) {
            String published = publish(child, file, Mapping.SHARED);
            assertThat(pages(published)).doesNotContain("c", "-");
            assertThat(published).contains("\"anonymous\":0}");

            String inParent = parent.evidence(1).pages();
            String lookedAgain = pages(goOn(child));

            // The page of inputs alone need not have been touched by this process before.
            assertThat(lookedAgain).isEqualTo("F".repeat(lookedAgain.length()));
            assertThat(inParent).isEqualTo(lookedAgain);
        }
    }

    @Test
    void saysHowFarItIsAtTheEndOfEveryPageOfSquares() throws IOException {
        try (Child child = Child.start()) {
            for (int count : List.of(0, 1, 4092, Evidence.MAX_COUNT)) {
                saysHowFarItIs(child, count);
            }
        }
    }

    private void saysHowFarItIs(Child child, int count) throws IOException {
        Path file = MappedFiles.create(directory.resolve("list of " + count), LongStream.range(0, count));
        int pageBytes = Evidence.pageSize();
        long from = 64 + count * 8L;
        long pages = count == 0 ? 0 : (from + count * 8L - 1) / pageBytes - from / pageBytes + 1;
        child.send(new Job(file, Mapping.SHARED, View.SUMMARY, true, 0, false, null).line());
        assertThat(child.report()).startsWith(Step.MAPPED.opening());
        String line = Objects.requireNonNull(child.report());
        String last = "";
        int seen = 0;
        for (; line.startsWith(Step.PROGRESS.opening()); line = Objects.requireNonNull(child.report())) {
            seen++;
            last = line;
        }
        assertThat(seen).as("of %s", count).isEqualTo((int) pages);
        assertThat(last).contains(count == 0 ? "" : "\"written\":" + count + ",");
        assertThat(line).startsWith(Step.PUBLISHED.opening());
        goOn(child);
    }

    @Test
    void restsBehindEachPageIfItIsToldTo() throws IOException {
        Path file = MappedFiles.create(directory.resolve("file"), LongStream.range(0, 4092));
        int pages = 4092 * 8 / Evidence.pageSize();
        try (Child child = Child.start()) {
            long start = System.nanoTime();
            child.send(new Job(file, Mapping.SHARED, View.SUMMARY, true, 20, false, null).line());
            String line;
            do {
                line = Objects.requireNonNull(child.report());
            } while (!line.startsWith(Step.PUBLISHED.opening()));
            assertThat(System.nanoTime() - start).isGreaterThan(pages * 20_000_000L);
            goOn(child);
        }
    }

    @Test
    void sumsPast64Bits() throws IOException {
        Path file = MappedFiles.create(directory.resolve("file"), 3_037_000_499L, -3_037_000_499L, 3_037_000_499L);
        try (Child child = Child.start()) {
            child.send("go on");
            publish(child, file, Mapping.SHARED);
            child.send(Job.GO_ON);
            child.report();
            assertThat(child.report()).contains("\"sum\":27670116092778747003}");
        }
    }

    @Test
    void stopsHalfwayIfItIsToldToAndGoesOnAtAWord() throws IOException {
        try (Child child = Child.start()) {
            for (int count : List.of(0, 1, 4, 4092)) {
                stopsHalfway(child, count);
            }
        }
    }

    private void stopsHalfway(Child child, int count) throws IOException {
        Path file = MappedFiles.create(directory.resolve("list of " + count), LongStream.range(0, count));
        try (ParentMapping parent = ParentMapping.open(file)) {
            child.send(new Job(file, Mapping.SHARED, View.SUMMARY, true, 0, true, null).line());
            String line;
            do {
                line = Objects.requireNonNull(child.report());
            } while (!line.startsWith(Step.HALFWAY.opening()));
            assertThat(line).contains("\"written\":" + count / 2 + "}");
            assertThat(parent.written()).isEqualTo(count / 2);
            assertThat(child.hasSpoken()).isFalse();

            child.send(Job.GO_ON);
            do {
                line = Objects.requireNonNull(child.report());
            } while (!line.startsWith(Step.PUBLISHED.opening()));
            assertThat(parent.written()).isEqualTo(count);
            assertThat(child.hasSpoken()).isFalse();
            goOn(child);
        }
    }

    @Test
    void endOfInputEndsItWhileItWaits() throws IOException {
        Path file = MappedFiles.create(directory.resolve("file"), 1, 2, 3, 4);
        try (Child child = Child.start()) {
            publish(child, file, Mapping.SHARED);

            child.endInput();

            assertThat(child.exitCode()).isZero();
            assertThat(child.restOfOutput()).isEmpty();
        }
    }

    @Test
    void jobThatIsNotExplainedLoadsNothingOfIt() throws IOException {
        Path file = MappedFiles.create(directory.resolve("file"), 1, 2, 3, 4);
        Path log = directory.resolve("classes");
        try (Child child = Child.startLoggingClasses(log)) {
            child.square(file, Mapping.SHARED, View.FULL);
            child.square(file, Mapping.PRIVATE, View.SUMMARY);
            assertThat(Files.readString(log)).contains("worker.child.Squaring")
                    .doesNotContain("Explained", "Evidence", "Job$Step");

            publish(child, file, Mapping.SHARED);
            assertThat(Files.readString(log)).contains("ExplainedJob", "Evidence", "Job$Step");
        }
    }

    /** Has it work until it waits. Returns what it says then. */
    private static String publish(Child child, Path file, Mapping mapping) throws IOException {
        child.send(new Job(file, mapping, View.SUMMARY, true, 0, false, null).line());
        String line;
        do {
            line = Objects.requireNonNull(child.report());
        } while (!line.startsWith(Step.PUBLISHED.opening()));
        return line;
    }

    /** Has it go on to its report. Returns what it says before. */
    private static String goOn(Child child) throws IOException {
        String lookedAgain = Objects.requireNonNull(child.send(Job.GO_ON).report());
        assertThat(lookedAgain).startsWith(Step.LOOKED_AGAIN.opening());
        assertThat(child.report()).startsWith("{\"pid\":" + child.pid());
        return lookedAgain;
    }

    private static String pages(String line) {
        Matcher pages = Pattern.compile("\"pages\":\"([^\"]*)\"").matcher(line);
        assertThat(pages.find()).as(line).isTrue();
        return pages.group(1);
    }

    /** Device and inode. */
    private static String fileOf(String maps) {
        String[] words = maps.split(" +");
        return words[3] + " " + words[4];
    }
}
