package dev.squares.worker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.testing.SharedMemoryDirectory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both sides of a mailbox, in one process. */
class MailboxTest {
    private static final int LAST = ParentMailbox.SLOTS - 1;

    @TempDir(factory = SharedMemoryDirectory.class)
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("mailbox");
    }

    @Test
    void listThatIsPutIntoASlotIsSquaredThereAndSeenByTheParent() throws IOException {
        try (ParentMailbox parent = ParentMailbox.create(file);
                MailboxSlot slot = parent.put(LAST, new long[]{-3, 5})) {
            assertThat(slot.isDone()).isFalse();
            square(ChildMailbox.open(file), LAST, Mapping.SHARED);

            assertThat(slot.isDone()).isTrue();
            assertThat(slot.written()).isEqualTo(2);
            assertThat(slot.sum()).isEqualTo(34);
            assertThat(slot.square(0)).isEqualTo(9);
            assertThat(slot.square(1)).isEqualTo(25);
        }
    }

    @Test
    void slotThatTheChildMapsPrivatelyShowsTheParentNothing() throws IOException {
        try (ParentMailbox parent = ParentMailbox.create(file); MailboxSlot slot = parent.put(2, new long[]{-3, 5})) {
            square(ChildMailbox.open(file), 2, Mapping.PRIVATE);

            assertThat(slot.isDone()).isFalse();
            assertThat(slot.written()).isZero();
            assertThat(slot.square(0)).isZero();
        }
    }

    @Test
    void longestListFillsASlotAndNoOther() throws IOException {
        long[] longest = LongStream.range(0, ParentMailbox.MAX_COUNT).toArray();
        try (ParentMailbox parent = ParentMailbox.create(file);
                MailboxSlot before = parent.put(0, new long[]{7});
                MailboxSlot slot = parent.put(1, longest);
                MailboxSlot behind = parent.put(2, new long[]{8})) {
            square(ChildMailbox.open(file), 1, Mapping.SHARED);

            assertThat(slot.square(longest.length - 1)).isEqualTo((longest.length - 1L) * (longest.length - 1L));
            assertThat(before.input(0)).isEqualTo(7);
            assertThat(before.isDone()).isFalse();
            assertThat(behind.input(0)).isEqualTo(8);
            assertThat(behind.isDone()).isFalse();
        }
    }

    @Test
    void slotIsClearedWhenItIsClosed() throws IOException {
        try (ParentMailbox parent = ParentMailbox.create(file)) {
            ChildMailbox child = ChildMailbox.open(file);
            byte[] before = slots();
            try (MailboxSlot _ = parent.put(0, LongStream.range(1, 1000).toArray())) {
                square(child, 0, Mapping.SHARED);
                assertThat(slots()).isNotEqualTo(before);
            }
            assertThat(slots()).isEqualTo(before).containsOnly(0);
        }
    }

    private byte[] slots() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Arrays.copyOfRange(bytes, MailboxLayout.slotOffset(0), bytes.length);
    }

    @Test
    void parentSeesHowManyJobsHaveBegun() throws IOException {
        try (ParentMailbox parent = ParentMailbox.create(file)) {
            ChildMailbox child = ChildMailbox.open(file);
            assertThat(parent.begun()).isZero();
            child.begin();
            child.begin();
            assertThat(parent.begun()).isEqualTo(2);
        }
    }

    @Test
    void nameIsDeletedWhenTheChildHasMappedIt() throws IOException {
        try (ParentMailbox parent = ParentMailbox.create(file)) {
            ChildMailbox child = ChildMailbox.open(file);
            parent.deleteName();

            assertThat(file).doesNotExist();
            child.begin();
            assertThat(parent.begun()).isEqualTo(1);
        }
    }

    /** As on Windows, where a file that is mapped cannot be deleted. Here a file in the place of its directory has the same effect. */
    @Test
    void nameThatCannotBeDeletedYetGoesWithTheMailbox() throws IOException {
        Path own = Files.createDirectory(directory.resolve("own"));
        Path moved = directory.resolve("moved");
        file = own.resolve("mailbox");
        try (ParentMailbox parent = ParentMailbox.create(file)) {
            Files.move(own, moved);
            Files.createFile(own);
            parent.deleteName();
            Files.delete(own);
            Files.move(moved, own);
            assertThat(file).exists();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void fileIsItsOwnersAloneAndNotMadeTwice() throws IOException {
        try (ParentMailbox _ = ParentMailbox.create(file)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> ParentMailbox.create(file));
            assertThat(file).exists();
        }
    }

    @Test
    void nothingElseIsTakenForAMailbox() throws IOException {
        Files.write(file, new byte[100]);
        assertThatExceptionOfType(BadMappedFileException.class).isThrownBy(() -> ChildMailbox.open(file))
                .withMessageContaining("length");
        Files.write(file, new byte[MailboxLayout.FILE_BYTES]);
        assertThatExceptionOfType(BadMappedFileException.class).isThrownBy(() -> ChildMailbox.open(file))
                .withMessageContaining("magic");
    }

    @Test
    void slotThatIsNoneOrEmptyIsRefused() throws IOException {
        try (ParentMailbox _ = ParentMailbox.create(file)) {
            ChildMailbox child = ChildMailbox.open(file);
            for (int slot : new int[]{-1, ParentMailbox.SLOTS, 0}) {
                assertThatExceptionOfType(BadMappedFileException.class)
                        .isThrownBy(() -> child.open(slot, Mapping.SHARED));
            }
        }
    }

    private static void square(ChildMailbox child, int slot, Mapping mapping) throws IOException {
        child.begin();
        try (ChildMapping list = child.open(slot, mapping)) {
            long sum = 0;
            for (int i = 0; i < list.count(); i++) {
                long square = list.input(i) * list.input(i);
                list.squares(i, 1).put(0, square);
                sum += square;
            }
            list.publishProgress(list.count());
            list.publishDone(0, sum, 1);
        }
    }
}
