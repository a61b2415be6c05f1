package dev.squares.worker.parent;

import dev.squares.worker.memory.BadMappedFileException;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.MappedFile;
import dev.squares.worker.memory.MappedFileWriter;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.Quota;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directory with what every worker needs to start, kept from one start of a service to the next and shared by all that run
 * on this version: a jar with the worker's classes, the list for the warm-up job, and an AOT cache once there is one.
 *
 * <p>Files appear here whole or not at all: they are written under another name and renamed. What is missing or broken when it
 * is asked for is made anew.
 */
public final class WorkerCache implements AutoCloseable {
    private static final Logger LOG = System.getLogger(WorkerCache.class.getName());

    private static final int WARM_UP_COUNT = 100;
    private static final String WARM_UP_LIST = "warm-up-" + WARM_UP_COUNT + "-v" + MappedFile.VERSION + ".squares";

    private static final String UNFINISHED = ".unfinished";
    private static final Duration LONG_AGO = Duration.ofHours(1);

    /** An AOT cache is for a jar of one time only. */
    private static final FileTime JAR_TIME = FileTime.from(Instant.EPOCH);

    private final @Nullable Path directory;
    private final RunDirectory runDirectory = new RunDirectory(Path.of(System.getProperty("java.io.tmpdir")));
    /** Kept, for the file that this process has its classes from may have been replaced when the jar has to be made anew. */
    private final byte[] jar = WorkerJar.bytes();
    private final String jarName = "worker-" + digest(jar) + ".jar";
    private final @Nullable Path folder = WorkerJar.folder();

    private volatile @Nullable Path warmUpList;
    private volatile Runnable aotCacheIsMissing = () -> {};

    /**
     * @param directory made where it is missing; null for a private one that is gone after {@link #close()}
     * @throws IOException if it cannot be made, or is not this user's alone
     */
    public WorkerCache(@Nullable Path directory) throws IOException {
        this.directory = directory == null ? null : directory.toAbsolutePath();
        try (PrivateDirectory own = open()) {
            if (Files.isWritable(own.path())) {
                sweep(own);
            }
        }
    }

    /**
     * The one in this user's cache directory, see {@link CacheHome}; where that cannot be used, a private one for this run.
     */
    public static WorkerCache ofThisUser() throws IOException {
        return ofUser(System.getenv());
    }

    private static WorkerCache ofUser(Map<String, String> environment) throws IOException {
        Path home = CacheHome.directory(environment, FileSystems.getDefault());
        if (home != null) {
            try {
                WorkerCache cache = new WorkerCache(home);
                if (Files.isWritable(home)) {
                    return cache;
                }
                throw new IOException("not writable: " + home);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "what workers start from is kept for this run alone: " + e);
                return new WorkerCache(null);
            }
        }
        LOG.log(Level.INFO, "what workers start from is kept for this run alone: there is no home directory");
        return new WorkerCache(null);
    }

    private PrivateDirectory open() throws IOException {
        return directory == null ? runDirectory.open() : PrivateDirectory.createOrOpenToRead(directory);
    }

    /** A child has to open its list to write, even where it maps it privately, and cannot do that in a read-only image. */
    private PrivateDirectory openForList() throws IOException {
        PrivateDirectory own = open();
        if (Files.isWritable(own.path())) {
            return own;
        }
        own.close();
        return runDirectory.open();
    }

    /** A job that has the worker load, run and report what it will load, run and report for its clients. */
    public Job warmUp() throws IOException {
        Path list = warmUpList;
        if (list == null || !isList(list)) {
            list = makeList();
            warmUpList = list;
        }
        // Privately: the list is everybody's.
        return new Job(list, Job.Mapping.PRIVATE, Job.View.FULL);
    }

    private Path makeList() throws IOException {
        try (PrivateDirectory own = openForList()) {
            Path list = own.path().resolve(WARM_UP_LIST);
            if (!isList(list)) {
                String unfinished = unfinished();
                try {
                    writeList(own.path().resolve(unfinished), 0);
                    own.rename(unfinished, WARM_UP_LIST);
                } finally {
                    own.deleteFile(unfinished);
                }
            }
            return list;
        }
    }

    /**
     * A list as that of {@link #warmUp}.
     *
     * @param slices as a {@link MappedFileWriter} has them
     */
    static void writeList(Path file, int slices) throws IOException {
        Quota quota = Quota.of(Objects.requireNonNull(file.getParent()));
        try (MappedFileWriter writer = new MappedFileWriter(file, quota, slices)) {
            for (long input = 0; input < WARM_UP_COUNT; input++) {
                writer.add(input * input);
            }
            writer.complete();
        }
    }

    private static boolean isList(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (ParentMapping list = ParentMapping.open(file)) {
            return list.count() == WARM_UP_COUNT;
        } catch (BadMappedFileException | NoSuchFileException e) {
            return false;
        }
    }

    /**
     * A class path with the worker's classes and no others: their jar, kept under a name that says its content. Where this
     * process runs from a folder of classes, that folder.
     */
    public Path classPath() throws IOException {
        if (folder != null) {
            return folder;
        }
        try (PrivateDirectory own = open()) {
            if (!hasJar(own)) {
                String unfinished = unfinished();
                try {
                    writeJar(own, unfinished);
                    own.rename(unfinished, jarName);
                } finally {
                    own.deleteFile(unfinished);
                }
            }
            // Of the file that is there, and not before it is moved there: then it holds whatever moving does.
            if (!own.attributes(jarName).lastModifiedTime().equals(JAR_TIME)) {
                own.setLastModifiedTime(jarName, JAR_TIME);
            }
            return own.path().resolve(jarName);
        }
    }

    private boolean hasJar(PrivateDirectory own) throws IOException {
        try {
            BasicFileAttributes is = own.attributes(jarName);
            if (!is.isRegularFile() || is.size() != jar.length) {
                return false;
            }
            try (FileChannel file = own.openFile(jarName, StandardOpenOption.READ)) {
                return Arrays.equals(Channels.newInputStream(file).readAllBytes(), jar);
            }
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void writeJar(PrivateDirectory own, String name) throws IOException {
        try (FileChannel file = own.openFile(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(jar);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }
    }

    /** The AOT cache of workers with that class path, whether there is one or not. Its name says all that it depends on. */
    Path aotCache(Path classPath) {
        String key = WorkerCommand.java(classPath.getFileName(), 0).arguments() + " on " + Runtime.version()
                + " by " + System.getProperty("java.vm.vendor") + ", " + System.getProperty("java.vm.version");
        return classPath.resolveSibling("worker-" + digest(key.getBytes(StandardCharsets.UTF_8)) + ".aot");
    }

    /** @param action what to do, at once, whenever a worker is about to start without an AOT cache */
    void whenAotCacheIsMissing(Runnable action) {
        aotCacheIsMissing = action;
    }

    /**
     * How a worker is started from here. To be asked before every start: it makes sure of what the worker needs.
     *
     * @param startedFor what the worker will probably be leased as
     * @param heapBytes the most that the child's heap may take
     */
    public WorkerCommand command(ProcessKind startedFor, long heapBytes) throws IOException {
        WorkerCommand command = commandWithAnyCache(heapBytes);
        return startedFor == ProcessKind.FRESH ? command.withFirstCompilerAlone() : command;
    }

    private WorkerCommand commandWithAnyCache(long heapBytes) throws IOException {
        Path classPath = classPath();
        if (Files.isDirectory(classPath)) {
            return WorkerCommand.java(classPath, heapBytes);
        }
        Path aotCache = aotCache(classPath);
        if (!Files.exists(aotCache)) {
            aotCacheIsMissing.run();
        }
        return WorkerCommand.java(classPath, heapBytes, WorkerCommand.MAIN, "-XX:AOTCache=" + aotCache);
    }

    /** A name to write a file under until it is whole. */
    static String unfinished() {
        return UUID.randomUUID() + UNFINISHED;
    }

    /** What was being written when a service was killed. */
    private static void sweep(PrivateDirectory own) throws IOException {
        Instant longAgo = Instant.now().minus(LONG_AGO);
        for (Path entry : own.names()) {
            String name = entry.toString();
            try {
                if (name.contains(UNFINISHED)
                        && own.attributes(name).lastModifiedTime().toInstant().isBefore(longAgo)) {
                    own.deleteFile(name);
                }
            } catch (NoSuchFileException e) {
                // Whoever was writing it has finished.
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

    /** Deletes what was for this run alone. Workers must have ended. */
    @Override
    public void close() throws IOException {
        runDirectory.close();
    }
}
