package dev.squares.worker.parent;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** This module's jar, which is a child's class path. The parent has its own classes from there too. */
final class WorkerJar {
    private WorkerJar() {}

    /** Its bytes, also where it is inside an executable jar; none where this process runs from a folder of classes. */
    static byte[] bytes() throws IOException {
        if (folder() != null) {
            return new byte[0];
        }
        URL location = location();
        URL jar = location.openConnection() instanceof JarURLConnection inside ? inside.getJarFileURL() : location;
        try (InputStream in = jar.openStream()) {
            return in.readAllBytes();
        }
    }

    /** The folder of classes that this process runs from, as it does in an IDE; null where it runs from a jar. */
    static @Nullable Path folder() throws IOException {
        URL location = location();
        if (!location.getProtocol().equals("file")) {
            return null;
        }
        try {
            Path path = Path.of(location.toURI());
            return Files.isDirectory(path) ? path : null;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static URL location() {
        return WorkerJar.class.getProtectionDomain().getCodeSource().getLocation();
    }
}
