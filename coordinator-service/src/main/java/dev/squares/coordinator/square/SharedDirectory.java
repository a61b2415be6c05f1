package dev.squares.coordinator.square;

import dev.squares.coordinator.SquaresProperties;
import dev.squares.service.problem.ProblemException;
import dev.squares.service.problem.ProblemType;
import dev.squares.worker.parent.MailboxFiles;
import dev.squares.worker.parent.PrivateDirectory;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.stereotype.Component;

/**
 * This coordinator's own directory in the shared one, for its mapped files. Where something has removed it, as systemd's
 * RemoveIPC does when a user logs out, the next who needs it makes another.
 *
 * <p>It holds a lock in it for as long as it lives, and the kernel lets go of the lock however it ends. So a directory whose
 * lock can be taken is one of a coordinator that was killed: it is swept at the next start of any other of the same user. Locks
 * tell the truth across containers on one volume; process ids do not.
 */
@Component
final class SharedDirectory implements MailboxFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SharedDirectory.class);
    private static final String PREFIX = "squares-";
    private static final String LOCK = "lock";

    private static final int MOST_TRIES = 100;

    private final Path shared;
    private volatile Owned own;

    SharedDirectory(SquaresProperties properties) {
        shared = properties.sharedDirectory().toAbsolutePath();
        try {
            sweep(shared);
            own = Owned.in(shared);
        } catch (IOException e) {
            throw new InvalidConfigurationPropertyValueException("squares.shared-directory", shared,
                    "It must be a directory in which directories can be made: " + e);
        }
        if (!isInMemory()) {
            LOG.info("Mapped files are not in memory, but on a disk: in {}", shared);
        }
    }

    /** Whether its pages are memory and nothing else. */
    boolean isInMemory() {
        try {
            return DefaultMemoryLimit.isInMemory(fileStore());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A name for a mapped file that nobody can guess. The one who creates the file deletes it.
     *
     * @throws ProblemException if the directory has gone, and cannot be made anew
     */
    @Override
    public Path newFile() {
        return ownInPlace().directory.path().resolve(UUID.randomUUID().toString());
    }

    /**
     * Opens a file without a name, which is gone when it is closed or this process ends, however it ends.
     *
     * @return a channel to read and write
     * @throws ProblemException if the directory has gone, and cannot be made anew
     */
    FileChannel openNamelessFile() throws IOException {
        try {
            return ownInPlace().directory.openFile(
                    UUID.randomUUID().toString(),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    // On Unix the JDK unlinks it as soon as it is open.
                    StandardOpenOption.DELETE_ON_CLOSE);
        } catch (ClosedDirectoryStreamException e) {
            // It went in between, and there is another by now.
            return openNamelessFile();
        }
    }

    /**
     * Bytes that the file system still has room for.
     *
     * @throws IOException if there is none that could be written to
     */
    long usableBytes() throws IOException {
        return fileStore().getUsableSpace();
    }

    /** The file system. */
    FileStore fileStore() throws IOException {
        return Files.getFileStore(require().directory.path());
    }

    private Owned ownInPlace() {
        try {
            return require();
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /** What a client is told if the directory has gone, or went while its request was served. */
    static ProblemException gone(IOException e) {
        LOG.warn("The shared directory cannot be used: {}", e.toString());
        return new ProblemException(
                ProblemType.SHARED_DIRECTORY_UNAVAILABLE,
                "The coordinator's directory for mapped files has been removed.",
                e);
    }

    /** The directory; one that is made anew, if it has gone. */
    private Owned require() throws IOException {
        Owned owned = own;
        return owned.directory.isInPlace() ? owned : makeAnew();
    }

    private synchronized Owned makeAnew() throws IOException {
        Owned gone = own;
        if (gone.directory.isInPlace()) {
            // Another request was faster.
            return gone;
        }
        own = Owned.in(shared);
        LOG.warn("Something has removed {}; files are made in {} from now on",
                gone.directory.path(), own.directory.path());
        gone.close();
        return own;
    }

    @PreDestroy
    synchronized void delete() throws IOException {
        try (Owned owned = own) {
            delete(owned.directory, owned.lock);
        }
    }

    /**
     * Deletes a directory whose lock is held, with its lock: so a coordinator that has opened the lock in between finds that it has gone. A
     * file that is open may keep its name until it is closed, as on Windows, and the directory with it.
     */
    private static void delete(PrivateDirectory directory, FileChannel lock) throws IOException {
        directory.deleteFiles(LOCK);
        directory.deleteFile(LOCK);
        lock.close();
        directory.deleteIfEmpty();
    }

    private record Owned(PrivateDirectory directory, FileChannel lock) implements AutoCloseable {
        static Owned in(Path shared) throws IOException {
            for (int tries = 1;; tries++) {
                try {
                    return tryIn(shared);
                } catch (NoSuchFileException e) {
                    // A coordinator that sweeps was faster, unless it is always so.
                    if (tries == MOST_TRIES) {
                        throw e;
                    }
                }
            }
        }

        /** @throws NoSuchFileException if it went before its lock was taken */
        private static Owned tryIn(Path shared) throws IOException {
            PrivateDirectory directory = PrivateDirectory.create(shared.resolve(PREFIX + UUID.randomUUID()));
            try {
                return new Owned(directory, lock(directory));
            } catch (IOException e) {
                directory.close();
                throw e;
            }
        }

        private static FileChannel lock(PrivateDirectory directory) throws IOException {
            FileChannel lock = directory.openFile(LOCK, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try {
                if (tryLock(lock) == null || !exists(directory, LOCK)) {
                    throw new NoSuchFileException(directory.path().resolve(LOCK).toString());
                }
                return lock;
            } catch (IOException e) {
                lock.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            lock.close();
            directory.close();
        }
    }

    /** Null where another coordinator has it, be it in this very process. */
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static boolean exists(PrivateDirectory directory, String name) throws IOException {
        try {
            directory.attributes(name);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void sweep(Path shared) throws IOException {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(shared, SharedDirectory::isCoordinators)) {
            for (Path path : directories) {
                try (PrivateDirectory directory = PrivateDirectory.open(path)) {
                    sweepIfAbandoned(directory);
                } catch (IOException e) {
                    LOG.debug("Left alone, as it is somebody else's: {}", path, e);
                }
            }
        }
    }

    /** Whether a coordinator gives such names. A directory of another name may be somebody's who is about to make files in it. */
    private static boolean isCoordinators(Path path) {
        String name = path.getFileName().toString();
        if (!name.startsWith(PREFIX)) {
            return false;
        }
        String id = name.substring(PREFIX.length());
        try {
            return UUID.fromString(id).toString().equals(id);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void sweepIfAbandoned(PrivateDirectory directory) throws IOException {
        if (!exists(directory, LOCK)) {
            // Killed between making the directory and its lock, or about to make it: then it will try again elsewhere.
            directory.deleteIfEmpty();
            return;
        }
        if (!directory.attributes(LOCK).isRegularFile()) {
            throw new IOException("its lock is not a file");
        }
        // To write, a pipe would have to be read by somebody; to do both, nothing blocks.
        try (FileChannel lock = directory.openFile(LOCK, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (tryLock(lock) != null) {
                delete(directory, lock);
                LOG.info("Swept what a coordinator that was killed had left: {}", directory.path());
            }
        }
    }
}
