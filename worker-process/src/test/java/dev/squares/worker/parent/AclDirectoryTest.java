package dev.squares.worker.parent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.Quota;
import dev.squares.worker.testing.WindowsFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is private, and how it goes, where there are ACLs and no modes. */
class AclDirectoryTest {
    private final FileSystem windows = WindowsFiles.create();
    private Path parent;
    private Path path;

    @BeforeEach
    void prepare() throws IOException {
        parent = Files.createDirectories(windows.getPath("C:\\Users\\somebody\\AppData\\Local\\Temp"));
        path = parent.resolve("own");
    }

    @AfterEach
    void close() throws IOException {
        windows.close();
    }

    @Test
    void isMadeForItsOwnerAloneWithAllThatWillBeInIt() throws IOException {
        PrivateDirectory.create(path).close();

        assertThat(acl(path).getAcl()).singleElement().satisfies(entry -> {
            assertThat(entry.type()).isEqualTo(AclEntryType.ALLOW);
            assertThat(entry.principal()).isEqualTo(acl(path).getOwner());
            assertThat(entry.permissions()).containsExactlyInAnyOrder(AclEntryPermission.values());
            assertThat(entry.flags())
                    .containsExactlyInAnyOrder(AclEntryFlag.FILE_INHERIT, AclEntryFlag.DIRECTORY_INHERIT);
        });
        PrivateDirectory.open(path).close();
        PrivateDirectory.createOrOpenToRead(path).close();
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> PrivateDirectory.create(path));
        assertThat(namesIn(parent)).containsExactly("own");
    }

    @Test
    void thoseAboveItAreMadePrivateToo() throws IOException {
        PrivateDirectory.createOrOpenToRead(parent.resolve("a\\b\\own")).close();

        PrivateDirectory.open(parent.resolve("a")).close();
        PrivateDirectory.open(parent.resolve("a\\b")).close();
        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(parent));
    }

    @Test
    void isNotOpenedWhereThereIsNone() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> PrivateDirectory.open(path));
    }

    @Test
    void isNotOpenedWhereItIsSomebodyElses() throws IOException {
        PrivateDirectory.create(path).close();
        acl(path).setOwner(somebodyElse());

        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(path))
                .withMessage("a directory of somebody else: " + path);
    }

    /** Another user may do one thing, be it to look. */
    @ParameterizedTest
    @EnumSource(AclEntryPermission.class)
    void isNotOpenedWhereItsAclAllowsAnother(AclEntryPermission permission) throws IOException {
        PrivateDirectory.create(path).close();
        acl(path).setAcl(List.of(acl(path).getAcl().getFirst(), entry(AclEntryType.ALLOW, permission)));

        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(path))
                .withMessage("not a directory that only its owner can use (by its ACL): " + path);
        assertThatIOException().isThrownBy(() -> PrivateDirectory.openToRead(path));
    }

    /** As Java shows it where there is no ACL, and everybody may do everything. */
    @Test
    void isNotOpenedWithoutAnAcl() throws IOException {
        PrivateDirectory.create(path).close();
        acl(path).setAcl(List.of());

        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(path));
    }

    @Test
    void isOpenedWhereItsAclDeniesOthersBesides() throws IOException {
        PrivateDirectory.create(path).close();
        acl(path).setAcl(List.of(entry(AclEntryType.DENY, AclEntryPermission.READ_DATA),
                acl(path).getAcl().getFirst()));

        PrivateDirectory.open(path).close();
    }

    @Test
    void isNotOpenedThroughALinkNorWhereItIsAFile() throws IOException {
        PrivateDirectory.create(path).close();
        Path link = Files.createSymbolicLink(parent.resolve("link"), path);
        Path file = Files.writeString(parent.resolve("file"), "a file");

        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(link));
        assertThatIOException().isThrownBy(() -> PrivateDirectory.open(file));
    }

    @Test
    void isNotInPlaceWhenItHasGoneOrIsAnothers() throws IOException {
        try (PrivateDirectory own = PrivateDirectory.create(path)) {
            assertThat(own.isInPlace()).isTrue();
            Files.delete(path);
            assertThat(own.isInPlace()).isFalse();
            Files.createDirectory(path);
            assertThat(own.isInPlace()).isFalse();
        }
    }

    @Test
    void filesInItAreWrittenFoundRenamedAndDeleted() throws IOException {
        FileTime time = FileTime.from(Instant.EPOCH);
        try (PrivateDirectory own = PrivateDirectory.create(path)) {
            try (FileChannel file = own.openFile("new", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[]{1, 2, 3}));
            }
            assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(
                    () -> own.openFile("new", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            Files.writeString(path.resolve("old"), "to be replaced");
            own.rename("new", "old");
            own.setLastModifiedTime("old", time);
            Files.createSymbolicLink(path.resolve("link"), path.resolve("old"));

            assertThat(own.names()).extracting(Path::toString).containsExactlyInAnyOrder("link", "old");
            assertThat(own.attributes("old").size()).isEqualTo(3);
            assertThat(own.attributes("old").lastModifiedTime()).isEqualTo(time);
            assertThat(own.attributes("link").isSymbolicLink()).isTrue();
            assertThatIOException().isThrownBy(() -> own.openFile("link", StandardOpenOption.READ));
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> own.attributes("none"));
            own.deleteFile("old");
            own.deleteFile("none");
            assertThat(own.names()).extracting(Path::toString).containsExactly("link");
        }
    }

    @Test
    void isDeletedWithItsFilesAndWithoutWhatLinksInItLeadTo() throws IOException {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("precious"), "a file");
        try (PrivateDirectory own = PrivateDirectory.create(path)) {
            Files.writeString(path.resolve("file"), "a file");
            Files.createSymbolicLink(path.resolve("link"), elsewhere.resolve("precious"));
            Files.createSymbolicLink(path.resolve("folder"), elsewhere);

            own.delete();
            own.deleteIfEmpty();

            assertThat(path).doesNotExist();
            assertThat(elsewhere.resolve("precious")).exists();
        }
    }

    @Test
    void directoriesInItAreNotDeleted() throws IOException {
        try (PrivateDirectory own = PrivateDirectory.create(path)) {
            Files.createDirectory(path.resolve("folder"));

            assertThatIOException().isThrownBy(own::delete);
            assertThatExceptionOfType(DirectoryNotEmptyException.class).isThrownBy(own::deleteIfEmpty);

            assertThat(path.resolve("folder")).exists();
        }
    }

    @Test
    void directoryOfARunIsMadeAnewAndGoneAfterwards() throws IOException {
        try (RunDirectory run = new RunDirectory(parent)) {
            Path first = run.open().path();
            assertThat(run.open().path()).isEqualTo(first);
            Files.delete(first);
            Path second = run.open().path();
            assertThat(second).isNotEqualTo(first);
            Files.writeString(second.resolve("file"), "a file");
        }
        assertThat(namesIn(parent)).isEmpty();
    }

    @Test
    void mappedFileIsWrittenThere() throws IOException {
        try (PrivateDirectory own = PrivateDirectory.create(path)) {
            try (MappedFileWriter writer = new MappedFileWriter(path.resolve("list"), Quota.of(path))) {
                writer.add(3);
                writer.complete();
            }
            new MappedFileWriter(path.resolve("unfinished"), Quota.of(path)).close();
            assertThat(own.names()).extracting(Path::toString).containsExactly("list");
        }
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
            "LOCALAPPDATA,   C:\\Users\\somebody\\AppData\\Local, C:\\Users\\somebody\\AppData\\Local\\squares",
            "XDG_CACHE_HOME, D:\\caches,                          D:\\caches\\squares",
            "HOME,           C:\\Users\\somebody,                 C:\\Users\\somebody\\.cache\\squares",
            "HOME,           /c/Users/somebody,                   ",
            "HOME,           C:\\nobody,                          ",
            "LOCALAPPDATA,   caches,                              ",
            "LOCALAPPDATA,   C:caches,                            ",
            "XDG_CACHE_HOME, <none>,                              "
    })
    void cachesAreWhereWindowsHasThem(String variable, String value, String directory) {
        assertThat(CacheHome.directory(Map.of(variable, value), windows))
                .isEqualTo(directory == null ? null : windows.getPath(directory));
    }

    private AclEntry entry(AclEntryType type, AclEntryPermission permission) throws IOException {
        return AclEntry.newBuilder()
                .setType(type)
                .setPrincipal(somebodyElse())
                .setPermissions(EnumSet.of(permission))
                .build();
    }

    private UserPrincipal somebodyElse() throws IOException {
        return windows.getUserPrincipalLookupService().lookupPrincipalByName("somebody-else");
    }

    private static AclFileAttributeView acl(Path path) {
        return Files.getFileAttributeView(path, AclFileAttributeView.class);
    }

    private static List<String> namesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
