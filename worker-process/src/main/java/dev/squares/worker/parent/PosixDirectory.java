package dev.squares.worker.parent;

import dev.squares.worker.memory.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Of mode 0700, and this user's by number. Everything is done relative to the open directory, see openat(2): whoever exchanges its name
 * for a link to another directory changes nothing here.
 */
final class PosixDirectory extends PrivateDirectory {
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS = Set.of(PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_WRITE);
    private static final Object ROOT = 0;

    private final SecureDirectoryStream<Path> stream;
    private final Object key;

    private PosixDirectory(Path path, SecureDirectoryStream<Path> stream, Object key) {
        super(path);
        this.stream = stream;
        this.key = key;
    }

    static PrivateDirectory openOwn(Path absolute) throws IOException {
        return open(absolute, PosixDirectory::requireOwn);
    }

    static PrivateDirectory openOwnOrRoots(Path absolute) throws IOException {
        return open(absolute, PosixDirectory::requireOwnOrRoots);
    }

    private static PrivateDirectory open(Path absolute, Requirement requirement) throws IOException {
        requirement.of(absolute);
        // The point: were the name exchanged for that of a pipe by now, to open that would block.
        SecureDirectoryStream<Path> stream = openStream(absolute.resolve("."));
        try {
            Object key = stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
            // While it is open, no other directory can have its number.
            if (!requirement.of(absolute).equals(key)) {
                throw new IOException("exchanged while it was opened: " + absolute);
            }
            return new PosixDirectory(absolute, stream, key);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    /** Returns which directory it is. */
    @FunctionalInterface
    private interface Requirement {
        Object of(Path path) throws IOException;
    }

    private static Object requireOwnOrRoots(Path path) throws IOException {
        Map<String, Object> is = unixAttributes(path);
        boolean isRoots = Boolean.TRUE.equals(is.get("isDirectory")) && ROOT.equals(is.get("uid"))
                && is.get("permissions") instanceof Set<?> permissions
                && Collections.disjoint(permissions, WRITABLE_BY_OTHERS);
        return isRoots ? Objects.requireNonNull(is.get("fileKey")) : requireOwn(path, is);
    }

    private static Map<String, Object> unixAttributes(Path path) throws IOException {
        return Files.readAttributes(path, "unix:isDirectory,uid,permissions,fileKey", LinkOption.NOFOLLOW_LINKS);
    }

    private static Object requireOwn(Path path) throws IOException {
        return requireOwn(path, unixAttributes(path));
    }

    private static Object requireOwn(Path path, Map<String, Object> is) throws IOException {
        if (!Boolean.TRUE.equals(is.get("isDirectory"))) {
            throw new IOException("not a directory that only its owner can use (mode 0700): " + path);
        }
        if (!User.UID.equals(is.get("uid"))) {
            throw new IOException("a directory of somebody else: " + path);
        }
        if (!MODE.equals(is.get("permissions"))) {
            throw new IOException("not a directory that only its owner can use (mode 0700): " + path);
        }
        return Objects.requireNonNull(is.get("fileKey"));
    }

    private static SecureDirectoryStream<Path> openStream(Path directory) throws IOException {
        DirectoryStream<Path> opened = Files.newDirectoryStream(directory);
        if (opened instanceof SecureDirectoryStream<Path> stream) {
            return stream;
        }
        opened.close();
        throw new IOException("this system has no openat(2)");
    }

    @Override
    public boolean isInPlace() {
        try {
            return key.equals(
                    Files.readAttributes(path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<Path> names() throws IOException {
        return names(stream.newDirectoryStream(Path.of(".")));
    }

    @Override
    BasicFileAttributeView view(String name) {
        return stream.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public FileChannel openFile(String name, StandardOpenOption... options) throws IOException {
        // What it is declared to return is less than what it returns.
        return (FileChannel) stream.newByteChannel(Path.of(name), withoutLinks(options), OwnerOnly.newFile(path()));
    }

    @Override
    void rename(String from, String to) throws IOException {
        stream.move(Path.of(from), stream, Path.of(to));
    }

    @Override
    void unlink(String name) throws IOException {
        stream.deleteFile(Path.of(name));
    }

    @Override
    void removeDirectory() throws IOException {
        try (SecureDirectoryStream<Path> parent = openStream(path().resolveSibling("."))) {
            parent.deleteDirectory(path().getFileName());
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
