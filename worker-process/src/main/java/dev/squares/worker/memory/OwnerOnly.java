package dev.squares.worker.memory;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * How what a file's owner alone can use is made. Where there are POSIX permissions, the mode says it. Elsewhere, as on Windows, a file
 * inherits the ACL of its directory, which is to be a private one.
 */
public final class OwnerOnly {
    private static final FileAttribute<?> FILE = mode("rw-------");
    private static final FileAttribute<?> DIRECTORY = mode("rwx------");
    private static final FileAttribute<?>[] INHERITED = {};

    private OwnerOnly() {}

    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /** What a file is made with there. */
    public static FileAttribute<?>[] newFile(Path path) {
        return hasModes(path.getFileSystem()) ? new FileAttribute<?>[]{FILE} : INHERITED;
    }

    /** What a directory is made with there. Where there are no modes, it has to be given an ACL as well. */
    public static FileAttribute<?>[] newDirectory(Path path) {
        return hasModes(path.getFileSystem()) ? new FileAttribute<?>[]{DIRECTORY} : INHERITED;
    }

    /** Whether its files have owners and modes as POSIX has it. */
    public static boolean hasModes(FileSystem system) {
        return system.supportedFileAttributeViews().contains("unix");
    }
}
