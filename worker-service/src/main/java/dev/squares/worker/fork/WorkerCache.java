package dev.squares.worker.fork;

import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.Room;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

/**
 * A directory with what every worker needs to start, kept from one start of a service to the next and shared by all that run
 * on this version: a jar with the worker's classes, the list for the warm-up job, and an AOT cache once there is one.
 *
 * <p>Files appear here whole or not at all: they are written under another name and renamed.
 */
public final class WorkerCache {
    /** How often the warm-up job is to be done until its code is compiled for long lists too. */
    public static final int WARM_UPS = 800;

    private static final int WARM_UP_COUNT = 100;

    private static final String UNFINISHED = ".unfinished";
    private static final Duration LONG_AGO = Duration.ofHours(1);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final Path listDirectory;

    /**
     * @param directory made where it is missing
     * @throws IOException if it cannot be made, or somebody else could put files into it
     */
    public WorkerCache(Path directory) throws IOException {
        this.directory = directory.toAbsolutePath();
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        Files.createDirectories(this.directory.getParent());
        try {
            Files.createDirectory(this.directory, ownerOnly);
        } catch (FileAlreadyExistsException e) {
            requireOwn();
            sweep();
        }
        listDirectory = Files.isWritable(this.directory) ? this.directory : temporaryDirectory();
    }

    /** A child has to open its list to write, even where it maps it privately, and cannot do that in a read-only image. */
    private static Path temporaryDirectory() throws IOException {
        Path temporary = Files.createTempDirectory("squares-warm-up");
        temporary.toFile().deleteOnExit();
        return temporary;
    }

    /** In a directory that others may write to, such as /tmp, somebody else may have been first. */
    private void requireOwn() throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || !Files.getPosixFilePermissions(directory).equals(OWNER_ONLY)) {
            throw new IOException("not a directory that only its owner can use (mode 0700): " + directory);
        }
        if (!Files.isWritable(directory)) {
            // Part of a read-only image: it has what it needs, and nobody can put anything else there.
            return;
        }
        Path probe = Files.createTempFile(directory, "probe", null);
        try {
            if (!Files.getOwner(probe).equals(Files.getOwner(directory))) {
                throw new IOException("a directory of somebody else: " + directory);
            }
        } finally {
            Files.delete(probe);
        }
    }

    /** A job that has the worker load, run and report what it will load, run and report for its clients. */
    public Job warmUp() throws IOException {
        Path file = listDirectory.resolve("warm-up-" + WARM_UP_COUNT + ".squares");
        if (!Files.exists(file)) {
            Path unfinished = unfinished(listDirectory);
            try (MappedFileWriter writer = new MappedFileWriter(unfinished, Room.of(listDirectory))) {
                for (long input = 0; input < WARM_UP_COUNT; input++) {
                    writer.add(input * input);
                }
                writer.complete();
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            if (!listDirectory.equals(directory)) {
                file.toFile().deleteOnExit();
            }
        }
        // Privately: the list is everybody's.
        return new Job(file, Job.Mapping.PRIVATE, Job.View.FULL);
    }

    /** A class path with the worker's classes and no others: a jar of them, kept under a name that says its content. */
    public Path classPath() throws IOException {
        byte[] jar = WorkerJar.bytes();
        Path file = directory.resolve("worker-" + digest(jar) + ".jar");
        if (!Files.exists(file)) {
            Path unfinished = unfinished(directory);
            Files.write(unfinished, jar);
            // An AOT cache is for a jar of one time only.
            Files.setLastModifiedTime(unfinished, FileTime.from(Instant.EPOCH));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return file;
    }

    /** The AOT cache of workers with that class path, whether there is one or not. Its name says all that it depends on. */
    Path aotCache(Path classPath) {
        String key = WorkerCommand.java(classPath.getFileName(), 0).arguments() + " on " + Runtime.version();
        return directory.resolve("worker-" + digest(key.getBytes(StandardCharsets.UTF_8)) + ".aot");
    }

    /**
     * How a worker is started from here.
     *
     * @param heapBytes the most that the child's heap may take
     */
    public WorkerCommand command(long heapBytes) throws IOException {
        Path classPath = classPath();
        return WorkerCommand.java(classPath, heapBytes, WorkerCommand.MAIN, "-XX:AOTCache=" + aotCache(classPath));
    }

    /** A name to write a file under until it is whole. */
    Path unfinished() {
        return unfinished(directory);
    }

    private static Path unfinished(Path directory) {
        return directory.resolve(UUID.randomUUID() + UNFINISHED);
    }

    /** What was being written when a service was killed. */
    private void sweep() throws IOException {
        Instant longAgo = Instant.now().minus(LONG_AGO);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + UNFINISHED + "*")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(longAgo)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
