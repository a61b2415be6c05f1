package dev.squares.worker.parent;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * An open directory that is this user's own: no link, owned by the user that this process runs as, mode 0700. What is in it gets
 * trusted, run or deleted, and it is often in a directory that everybody can write to, such as {@code /tmp} or {@code /dev/shm}.
 *
 * <p>Everything is done relative to the open directory, see openat(2): whoever exchanges its name for a link to another
 * directory changes nothing here.
 */
public final class PrivateDirectory implements Closeable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> NEW_DIRECTORY = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final FileAttribute<?> NEW_FILE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS = Set.of(PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_WRITE);
    private static final Object ROOT = 0;

    private final Path path;
    private final SecureDirectoryStream<Path> stream;
    private final Object key;

    private PrivateDirectory(Path path, SecureDirectoryStream<Path> stream, Object key) {
        this.path = path;
        this.stream = stream;
        this.key = key;
    }

    /**
     * Opens a directory.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it is not one's own, or cannot be opened
     */
    public static PrivateDirectory open(Path path) throws IOException {
        return open(path, PrivateDirectory::requireOwn);
    }

    private static PrivateDirectory open(Path path, Requirement requirement) throws IOException {
        Path absolute = path.toAbsolutePath();
        requirement.of(absolute);
        // The point: were the name exchanged for that of a pipe by now, to open that would block.
        SecureDirectoryStream<Path> stream = openStream(absolute.resolve("."));
        try {
            Object key = stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
            // While it is open, no other directory can have its number.
            if (!requirement.of(absolute).equals(key)) {
                throw new IOException("exchanged while it was opened: " + absolute);
            }
            return new PrivateDirectory(absolute, stream, key);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    /**
     * Opens a directory that is one's own, or that root has made for all to read and none but root to change, as a part of an image.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it is neither, or cannot be opened
     */
    static PrivateDirectory openToRead(Path path) throws IOException {
        return open(path, PrivateDirectory::requireOwnOrRoots);
    }

    /**
     * Makes a directory, and opens it.
     *
     * @throws FileAlreadyExistsException if there is something of that name
     */
    public static PrivateDirectory create(Path path) throws IOException {
        Files.createDirectory(path, NEW_DIRECTORY);
        return open(path);
    }

    /** Opens a directory to read; makes it, and those above it, where it is missing. Those that it makes are private. */
    static PrivateDirectory createOrOpenToRead(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        try {
            return openToRead(absolute);
        } catch (NoSuchFileException e) {
            if (absolute.getParent() != null) {
                Files.createDirectories(absolute.getParent(), NEW_DIRECTORY);
            }
            try {
                return create(absolute);
            } catch (FileAlreadyExistsException another) {
                return open(absolute);
            }
        }
    }

    /** Returns which directory it is. */
    @FunctionalInterface
    private interface Requirement {
        Object of(Path path) throws IOException;
    }

    private static Object requireOwnOrRoots(Path path) throws IOException {
        Map<String, Object> is = attributes(path);
        boolean isRoots = Boolean.TRUE.equals(is.get("isDirectory")) && ROOT.equals(is.get("uid"))
                && is.get("permissions") instanceof Set<?> permissions
                && Collections.disjoint(permissions, WRITABLE_BY_OTHERS);
        return isRoots ? Objects.requireNonNull(is.get("fileKey")) : requireOwn(path, is);
    }

    private static Map<String, Object> attributes(Path path) throws IOException {
        return Files.readAttributes(path, "unix:isDirectory,uid,permissions,fileKey", LinkOption.NOFOLLOW_LINKS);
    }

    private static Object requireOwn(Path path) throws IOException {
        return requireOwn(path, attributes(path));
    }

    private static Object requireOwn(Path path, Map<String, Object> is) throws IOException {
        if (!Boolean.TRUE.equals(is.get("isDirectory"))) {
            throw new IOException("not a directory that only its owner can use (mode 0700): " + path);
        }
        if (!User.UID.equals(is.get("uid"))) {
            throw new IOException("a directory of somebody else: " + path);
        }
        if (!OWNER_ONLY.equals(is.get("permissions"))) {
            throw new IOException("not a directory that only its owner can use (mode 0700): " + path);
        }
        return Objects.requireNonNull(is.get("fileKey"));
    }

    private static SecureDirectoryStream<Path> openStream(Path directory) throws IOException {
        return secure(Files.newDirectoryStream(directory));
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> opened) throws IOException {
        if (opened instanceof SecureDirectoryStream<Path> stream) {
            return stream;
        }
        opened.close();
        throw new IOException("this system has no openat(2)");
    }

    /** Its name when it was opened. */
    public Path path() {
        return path;
    }

    /** Whether the directory of its name still is this one. */
    public boolean isInPlace() {
        try {
            return key.equals(
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
        } catch (IOException e) {
            return false;
        }
    }

    /** The names of what is in it. */
    public List<Path> names() throws IOException {
        try (DirectoryStream<Path> entries = stream.newDirectoryStream(Path.of("."))) {
            List<Path> names = new ArrayList<>();
            entries.forEach(entry -> names.add(entry.getFileName()));
            return names;
        }
    }

    /**
     * What there is under a name; of a link, the link itself.
     *
     * @throws NoSuchFileException if there is nothing
     */
    public BasicFileAttributes attributes(String name) throws IOException {
        return view(name).readAttributes();
    }

    void setLastModifiedTime(String name, FileTime time) throws IOException {
        view(name).setTimes(time, null, null);
    }

    private BasicFileAttributeView view(String name) {
        return stream.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Opens a file. One that is made is readable and writable by its owner alone.
     *
     * @throws IOException if it is a link
     */
    public FileChannel openFile(String name, StandardOpenOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(Set.of(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        // What it is declared to return is less than what it returns.
        return (FileChannel) stream.newByteChannel(Path.of(name), all, NEW_FILE);
    }

    /** Renames a file in it, in place of another. */
    void rename(String from, String to) throws IOException {
        stream.move(Path.of(from), stream, Path.of(to));
    }

    /** Deletes a file, if there is one. */
    public void deleteFile(String name) throws IOException {
        try {
            stream.deleteFile(Path.of(name));
        } catch (NoSuchFileException e) {
            // Gone already.
        }
    }

    /**
     * Deletes the directory with all files in it.
     *
     * @throws IOException if there are directories in it
     */
    public void delete() throws IOException {
        deleteFiles();
        deleteIfEmpty();
    }

    /**
     * Deletes all files in it.
     *
     * @param but which not to
     * @throws IOException if there are directories in it
     */
    public void deleteFiles(String... but) throws IOException {
        List<String> kept = List.of(but);
        for (Path entry : names()) {
            String name = entry.toString();
            if (!kept.contains(name)) {
                deleteFile(name);
            }
        }
    }

    /** Deletes the directory, which must be empty. */
    public void deleteIfEmpty() throws IOException {
        try (SecureDirectoryStream<Path> parent = openStream(path.resolveSibling("."))) {
            parent.deleteDirectory(path.getFileName());
        } catch (NoSuchFileException e) {
            // Gone already.
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /** Who this process is to the file system. Not the user's name: a container need not have one. */
    private static final class User {
        static final Object UID = uid();

        private static Object uid() {
            try {
                return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            } catch (IOException e) {
                return uidOfNewFile();
            }
        }

        /** Where there is no proc(5). */
        private static Object uidOfNewFile() {
            try {
                Path file = Files.createTempFile("squares-", null);
                try {
                    return Files.getAttribute(file, "unix:uid");
                } finally {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
