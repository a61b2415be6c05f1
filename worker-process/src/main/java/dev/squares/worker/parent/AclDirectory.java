package dev.squares.worker.parent;

import dev.squares.worker.memory.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Of a file system without modes, as on Windows: with an ACL that allows its owner alone, which all that is made in it inherits. Such a
 * system has no openat(2), so everything is done by name. Who may not delete it, nor what is in the directory above it, cannot exchange
 * that name.
 */
final class AclDirectory extends PrivateDirectory {
    private static final Map<FileSystem, UserPrincipal> USERS = new ConcurrentHashMap<>();

    private AclDirectory(Path path) {
        super(path);
    }

    static PrivateDirectory openOwn(Path absolute) throws IOException {
        requireOwn(absolute);
        return new AclDirectory(absolute);
    }

    /**
     * Closes a directory to others that has just been made.
     *
     * @throws IOException if somebody has put something into it by then
     */
    static void makePrivate(Path made) throws IOException {
        acl(made).setAcl(List.of(AclEntry.newBuilder()
                .setType(AclEntryType.ALLOW)
                .setPrincipal(user(made))
                .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                .setFlags(AclEntryFlag.FILE_INHERIT, AclEntryFlag.DIRECTORY_INHERIT)
                .build()));
        if (!names(Files.newDirectoryStream(made)).isEmpty()) {
            throw new IOException("somebody has put something into a directory that has just been made: " + made);
        }
    }

    private static void requireOwn(Path path) throws IOException {
        BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!is.isDirectory()) {
            throw new IOException("not a directory that only its owner can use (by its ACL): " + path);
        }
        AclFileAttributeView acl = acl(path);
        UserPrincipal user = user(path);
        if (!user.equals(acl.getOwner())) {
            throw new IOException("a directory of somebody else: " + path);
        }
        List<AclEntry> allowed = acl.getAcl().stream().filter(entry -> entry.type() == AclEntryType.ALLOW).toList();
        // None at all: Java has an empty list, too, where there is no ACL and everybody is allowed everything.
        if (allowed.isEmpty() || !allowed.stream().allMatch(entry -> entry.principal().equals(user))) {
            throw new IOException("not a directory that only its owner can use (by its ACL): " + path);
        }
    }

    private static AclFileAttributeView acl(Path path) throws IOException {
        AclFileAttributeView view = Files.getFileAttributeView(path, AclFileAttributeView.class,
                LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            throw new IOException("a file system with neither modes nor ACLs: " + path);
        }
        return view;
    }

    /**
     * Who owns what this process makes. On Windows it need not be the user: what an administrator makes may be the administrators'.
     */
    private static UserPrincipal user(Path directory) throws IOException {
        UserPrincipal known = USERS.get(directory.getFileSystem());
        if (known != null) {
            return known;
        }
        Path file = Files.createTempFile(directory.resolveSibling("."), "squares-", null);
        try {
            UserPrincipal user = Files.getOwner(file);
            USERS.put(directory.getFileSystem(), user);
            return user;
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public boolean isInPlace() {
        try {
            requireOwn(path());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<Path> names() throws IOException {
        return names(Files.newDirectoryStream(path()));
    }

    @Override
    BasicFileAttributeView view(String name) {
        return Files.getFileAttributeView(path().resolve(name), BasicFileAttributeView.class,
                LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public FileChannel openFile(String name, StandardOpenOption... options) throws IOException {
        return FileChannel.open(path().resolve(name), withoutLinks(options), OwnerOnly.newFile(path()));
    }

    @Override
    void rename(String from, String to) throws IOException {
        Files.move(path().resolve(from), path().resolve(to), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    void unlink(String name) throws IOException {
        Path file = path().resolve(name);
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("a directory: " + file);
        }
        Files.delete(file);
    }

    @Override
    void removeDirectory() throws IOException {
        Files.delete(path());
    }

    /** Nothing of it is kept open, for what is open cannot be deleted there. */
    @Override
    public void close() {}
}
