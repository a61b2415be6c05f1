package dev.squares.worker.parent;

import dev.squares.worker.memory.OwnerOnly;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An open directory that is this user's own: no link, owned by the user that this process runs as, and closed to all others. What is in
 * it gets trusted, run or deleted, and it is often in a directory that everybody can write to, such as {@code /tmp} or {@code /dev/shm}.
 */
public abstract sealed class PrivateDirectory implements Closeable permits PosixDirectory, AclDirectory {
    private final Path path;

    PrivateDirectory(Path path) {
        this.path = path;
    }

    /**
     * Opens a directory.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it is not one's own, or cannot be opened
     */
    public static PrivateDirectory open(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        return OwnerOnly.hasModes(path.getFileSystem())
                ? PosixDirectory.openOwn(absolute)
                : AclDirectory.openOwn(absolute);
    }

    /**
     * Opens a directory that is one's own, or that root has made for all to read and none but root to change, as a part of an image.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it is neither, or cannot be opened
     */
    static PrivateDirectory openToRead(Path path) throws IOException {
        return OwnerOnly.hasModes(path.getFileSystem())
                ? PosixDirectory.openOwnOrRoots(path.toAbsolutePath())
                : open(path);
    }

    /**
     * Makes a directory, and opens it.
     *
     * @throws FileAlreadyExistsException if there is something of that name
     */
    public static PrivateDirectory create(Path path) throws IOException {
        make(path.toAbsolutePath());
        return open(path);
    }

    /** Opens a directory to read; makes it, and those above it, where it is missing. Those that it makes are private. */
    static PrivateDirectory createOrOpenToRead(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        try {
            return openToRead(absolute);
        } catch (NoSuchFileException e) {
            makeThoseAbove(absolute);
            try {
                return create(absolute);
            } catch (FileAlreadyExistsException another) {
                return open(absolute);
            }
        }
    }

    private static void makeThoseAbove(Path path) throws IOException {
        Path above = path.getParent();
        if (above == null || Files.isDirectory(above)) {
            return;
        }
        makeThoseAbove(above);
        try {
            make(above);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster.
        }
    }

    private static void make(Path path) throws IOException {
        Files.createDirectory(path, OwnerOnly.newDirectory(path));
        if (!OwnerOnly.hasModes(path.getFileSystem())) {
            AclDirectory.makePrivate(path);
        }
    }

    /** Its name when it was opened. */
    public final Path path() {
        return path;
    }

    /** Whether the directory of its name still is this one. */
    public abstract boolean isInPlace();

    /** The names of what is in it. */
    public abstract List<Path> names() throws IOException;

    /** @param entries closed with it */
    static List<Path> names(DirectoryStream<Path> entries) throws IOException {
        try (entries) {
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
    public final BasicFileAttributes attributes(String name) throws IOException {
        return view(name).readAttributes();
    }

    final void setLastModifiedTime(String name, FileTime time) throws IOException {
        view(name).setTimes(time, null, null);
    }

    abstract BasicFileAttributeView view(String name);

    /**
     * Opens a file. One that is made is readable and writable by its owner alone.
     *
     * @throws IOException if it is a link
     */
    public abstract FileChannel openFile(String name, StandardOpenOption... options) throws IOException;

    static Set<OpenOption> withoutLinks(StandardOpenOption... options) {
        Set<OpenOption> all = new HashSet<>(Set.of(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        return all;
    }

    /** Renames a file in it, in place of another. */
    abstract void rename(String from, String to) throws IOException;

    /** Deletes a file, if there is one. */
    public final void deleteFile(String name) throws IOException {
        try {
            unlink(name);
        } catch (NoSuchFileException e) {
            // Gone already.
        }
    }

    abstract void unlink(String name) throws IOException;

    /**
     * Deletes the directory with all files in it.
     *
     * @throws IOException if there are directories in it
     */
    public final void delete() throws IOException {
        deleteFiles();
        deleteIfEmpty();
    }

    /**
     * Deletes all files in it.
     *
     * @param but which not to
     * @throws IOException if there are directories in it
     */
    public final void deleteFiles(String... but) throws IOException {
        List<String> kept = List.of(but);
        for (Path entry : names()) {
            String name = entry.toString();
            if (!kept.contains(name)) {
                deleteFile(name);
            }
        }
    }

    /** Deletes the directory, which must be empty. */
    public final void deleteIfEmpty() throws IOException {
        try {
            removeDirectory();
        } catch (NoSuchFileException e) {
            // Gone already.
        }
    }

    abstract void removeDirectory() throws IOException;
}
