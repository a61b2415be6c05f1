package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.stereotype.Component;

/**
 * This coordinator's own directory in the shared one, for its mapped files.
 *
 * <p>It holds a lock in it for as long as it lives, and the kernel lets go of the lock however it ends. So a directory whose
 * lock can be taken is one of a coordinator that was killed: it is swept at the next start of any other. Locks tell the truth
 * across containers on one volume; process ids do not.
 */
@Component
final class SharedDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(SharedDirectory.class);
    private static final String PREFIX = "squares-";
    private static final String LOCK = "lock";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path own;
    private final FileChannel lock;

    SharedDirectory(SquaresProperties properties) {
        Path shared = properties.sharedDirectory().toAbsolutePath();
        try {
            sweep(shared);
            Owned owned = null;
            while (owned == null) {
                owned = tryOwn(shared);
            }
            own = owned.directory;
            lock = owned.lock;
        } catch (IOException e) {
            throw new InvalidConfigurationPropertyValueException("squares.shared-directory", shared,
                    "It must be a directory in which directories can be made: " + e);
        }
    }

    private record Owned(Path directory, FileChannel lock) {}

    /** A name for a mapped file that nobody can guess. The one who creates the file deletes it. */
    Path newFile() {
        return own.resolve(UUID.randomUUID().toString());
    }

    /**
     * Opens a file without a name, which is gone when it is closed or this process ends, however it ends.
     *
     * @return a channel to read and write
     */
    FileChannel openNamelessFile() throws IOException {
        return FileChannel.open(
                newFile(),
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        // On Unix the JDK unlinks it as soon as it is open.
                        StandardOpenOption.DELETE_ON_CLOSE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Bytes that the file system still has room for. */
    long usableBytes() throws IOException {
        return fileStore().getUsableSpace();
    }

    /** The file system. */
    FileStore fileStore() throws IOException {
        return Files.getFileStore(own);
    }

    @PreDestroy
    void delete() throws IOException {
        deleteContents(own);
        lock.close();
    }

    /** Makes a directory and takes its lock; null if a sweeping coordinator was faster. */
    private static @Nullable Owned tryOwn(Path shared) throws IOException {
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        Path directory = Files.createDirectory(shared.resolve(PREFIX + UUID.randomUUID()), ownerOnly);
        FileChannel lock;
        try {
            lock = FileChannel.open(
                    directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (lock.tryLock() == null || !Files.exists(directory.resolve(LOCK))) {
            lock.close();
            return null;
        }
        return new Owned(directory, lock);
    }

    private static void sweep(Path shared) throws IOException {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(shared, PREFIX + "*")) {
            for (Path directory : directories) {
                if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                    sweepIfAbandoned(directory);
                }
            }
        }
    }

    private static void sweepIfAbandoned(Path directory) {
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                deleteContents(directory);
                LOG.info("Swept what a coordinator that was killed had left: {}", directory);
            }
        } catch (OverlappingFileLockException e) {
            // Another coordinator in this very process.
        } catch (NoSuchFileException e) {
            // Killed between making the directory and its lock, or about to make it: then it will try again elsewhere.
            directory.toFile().delete();
        } catch (IOException e) {
            LOG.debug("Left alone, as it is somebody else's: {}", directory, e);
        }
    }

    private static void deleteContents(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(directory);
    }
}
