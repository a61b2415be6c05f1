package dev.squares.worker.testing;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;

/** A file system in memory with the paths and attributes of Windows: no modes, no openat(2), but ACLs. It maps nothing. */
public final class WindowsFiles {
    private WindowsFiles() {}

    /** An empty one, to be closed. */
    public static FileSystem create() {
        return Jimfs.newFileSystem(Configuration.windows()
                .toBuilder()
                .setAttributeViews("basic", "owner", "acl", "dos")
                .build());
    }
}
