package dev.squares.worker.fork;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A jar with the classes that a child runs and no others. This process may have them from anywhere: a folder of classes, a plain
 * jar, a jar inside an executable jar, that jar's own classes, or a jar whose manifest would put all of this service's libraries
 * on the child's class path.
 *
 * <p>The same classes make the same bytes.
 */
final class WorkerJar {
    /** The packages that a child loads from. By name: this package does not depend on what runs in the child. */
    private static final List<String> PACKAGES = List.of("dev/squares/worker/memory/", "dev/squares/worker/process/");

    /** The first moment that a jar can express. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private WorkerJar() {}

    /** Its bytes. */
    static byte[] bytes() throws IOException {
        URL location = WorkerJar.class.getProtectionDomain().getCodeSource().getLocation();
        if (!location.getProtocol().equals("file")) {
            try (JarFile jar = ((JarURLConnection) location.openConnection()).getJarFile()) {
                return jar(classes(jar));
            }
        }
        Path path = path(location);
        if (Files.isDirectory(path)) {
            return jar(classes(path));
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            return jar(classes(jar));
        }
    }

    private static Path path(URL location) throws IOException {
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static Map<String, byte[]> classes(JarFile jar) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        for (JarEntry entry : jar.stream().toList()) {
            if (isWanted(entry.getName())) {
                try (InputStream in = jar.getInputStream(entry)) {
                    classes.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return classes;
    }

    private static Map<String, byte[]> classes(Path folder) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                String name = folder.relativize(file).toString();
                if (isWanted(name)) {
                    classes.put(name, Files.readAllBytes(file));
                }
            }
        }
        return classes;
    }

    private static boolean isWanted(String name) {
        return name.endsWith(".class") && PACKAGES.stream().anyMatch(name::startsWith);
    }

    private static byte[] jar(Map<String, byte[]> classes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream jar = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> named : classes.entrySet()) {
                ZipEntry entry = new ZipEntry(named.getKey());
                entry.setTimeLocal(NO_TIME);
                jar.putNextEntry(entry);
                jar.write(named.getValue());
            }
        }
        return bytes.toByteArray();
    }
}
