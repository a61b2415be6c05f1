package dev.squares.worker.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Makes and shows mapped files at a terminal, for those who talk to a worker process by hand: {@code create <file>
 * <integer>...}, {@code slice <number> <file> <integer>...} for so many workers on one list, and {@code show <file>}. What {@code
 * show} prints is what a parent observes.
 */
final class MappedFileTool {
    private MappedFileTool() {}

    public static void main(String[] args) {
        try {
            if (args.length >= 2 && args[0].equals("create")) {
                create(Path.of(args[1]), 0, integers(args, 2));
            } else if (args.length >= 3 && args[0].equals("slice")) {
                create(Path.of(args[2]), Integer.parseInt(args[1]), integers(args, 3));
            } else if (args.length == 2 && args[0].equals("show")) {
                show(Path.of(args[1]));
            } else {
                throw new IllegalArgumentException(
                        "usage: create <file> <integer>... | slice <number> <file> <integer>... | show <file>");
            }
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(e);
            System.exit(1);
        }
    }

    private static LongStream integers(String[] args, int from) {
        return Arrays.stream(args).skip(from).mapToLong(Long::parseLong);
    }

    private static void create(Path file, int slices, LongStream inputs) throws IOException {
        Path whole = file.toAbsolutePath();
        Path directory = Objects.requireNonNullElse(whole.getParent(), whole);
        try (MappedFileWriter writer = new MappedFileWriter(file, Quota.of(directory), slices)) {
            inputs.forEach(writer::add);
            writer.complete();
        }
    }

    private static void show(Path file) throws IOException {
        try (ParentMapping memory = ParentMapping.open(file)) {
            boolean done = memory.isDone();
            System.out.println("inputs  " + list(memory.count(), memory::input));
            System.out.println("squares " + list(done ? memory.count() : 0, memory::square));
            System.out.println("sum     " + (done ? memory.sum() : 0));
            if (memory.slices() > 0) {
                System.out.println("shared  " + memory.sharedSum());
            }
        }
    }

    private static String list(long count, LongUnaryOperator element) {
        return LongStream.range(0, count)
                .map(element)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
