package dev.squares.benchmarks;

import dev.squares.benchmarks.Samples.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The page: what people wrote, and between two markers what a run found. */
final class Page {
    private static final String NAME = "PERFORMANCE.md";
    private static final String BEGIN = "<!-- benchmarks/run writes from here -->";
    private static final String END = "<!-- to here -->";
    private static final double PERCENT = 100;

    private final Options options;
    private final Machine machine;
    private final Samples samples;
    private final double minutes;
    private final StringBuilder text = new StringBuilder();

    Page(Options options, Machine machine, Samples samples, double minutes) {
        this.options = options;
        this.machine = machine;
        this.samples = samples;
        this.minutes = minutes;
    }

    /** Writes the page and its plots into the output folder, and the tables to standard output. */
    void write() throws IOException {
        origin();
        targets();
        System.out.print(text);
        List<Plot> plots = Plot.all().stream().filter(plot -> plot.has(samples)).toList();
        for (Plot plot : plots) {
            line("![" + plot.title() + "](" + plot.name() + ".svg)");
            line("");
        }
        int details = text.length();
        details();
        System.out.print(text.substring(details));

        Path frame = options.place().root().resolve("docs").resolve(NAME);
        String page = Files.readString(frame);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException("docs/" + NAME + " has lost its markers: " + BEGIN + " " + END);
        }
        Files.writeString(
                options.output().resolve(NAME),
                page.substring(0, begin) + BEGIN + "\n" + text.toString().stripTrailing() + "\n" + page.substring(end));
        // Last, for they need most of a machine: a font, for one.
        for (Plot plot : plots) {
            plot.draw(samples, options.output());
        }
    }

    private void origin() {
        if (options.quick()) {
            line("**A smoke run: it shows that everything works. None of its numbers is to be believed.**");
            line("");
        }
        if (machine.isBusy()) {
            line("**The machine was busy with something else before the run: %.0f %% of its cores. Ratios are rough.**"
                    .formatted(machine.busy() * PERCENT));
            line("");
        }
        line("Measured on %s, commit `%s`: %d rounds of %d s a turn, after %d s of load for each server, %.0f minutes."
                .formatted(machine.date(), machine.commit(), options.rounds(), options.seconds(),
                        options.warmUpSeconds(), minutes));
        line("");
        line("| machine | |");
        line("|---|---|");
        line("| processor | %s, %d cores |".formatted(machine.processor(), machine.cores()));
        line("| memory | " + Shown.value(Quantity.PEAK_RESIDENT, machine.memory()) + " |");
        line("| system | " + machine.system() + " |");
        line("| Java | " + machine.java() + " |");
        line("| Spring Boot | " + machine.springBoot() + " |");
        line("| Python | " + machine.python() + " |");
        line("| wrk | " + machine.wrk() + " |");
        line("");
    }

    private void targets() {
        line("| what | target | moonshot | measured | over the rounds | medians | |");
        line("|---|---|---|---|---|---|---|");
        Target.all().forEach(target -> line(target.row(samples)));
        line("");
    }

    private void details() {
        List<String> contenders = Arrays.stream(Contender.values()).map(Contender::title).toList();
        List<String> loaded = Comparisons.underLoad();
        matrix("Answers a second", Quantity.RATE, concat(loaded, StartTurns.CORES_ALLOW));
        matrix("Median latency under the same load", Quantity.LOADED_LATENCY, loaded);
        matrix("Median latency, one request each 150 ms", Quantity.PACED_LATENCY, contenders);
        matrix("Time of one request by the length of its list, one after the other", Quantity.LATENCY, contenders);
        matrix("Peak resident memory without shared pages, " + MemoryTurns.HEAP, Quantity.PEAK_UNSHARED, contenders);
        matrix("Peak resident memory with shared pages, " + MemoryTurns.HEAP, Quantity.PEAK_RESIDENT, contenders);
        List<String> processes = List.of(StartTurns.EMPTY, StartTurns.WORKER);
        matrix("Start to exit", Quantity.START_TO_EXIT, processes);
        matrix("Start to exit, processor time", Quantity.START_TO_EXIT_CPU, processes);
        matrix("From the start of a coordinator to its first answer", Quantity.FIRST_ANSWER,
                List.of(FirstStartTurns.JAR, FirstStartTurns.IMAGE));
        matrix("The squaring loop over a mapped file, for one element", Quantity.KERNEL,
                List.of(KernelTurns.SQUARING, KernelTurns.COPYING));
        matrix("Time of one list by the number of processes, or threads", Quantity.BY_PROCESSES,
                CooperationTurns.LENGTHS.stream()
                        .flatMap(n -> Stream.of(CooperationTurns.pooled(n), CooperationTurns.threads(n),
                                CooperationTurns.alone(n), CooperationTurns.kernel(n)))
                        .toList());
        matrix("One sum that all processes add to, for one element, n=10^6", Quantity.UPDATE,
                CooperationTurns.sums().toList());
        matrix("False sharing: to add one to a word, while another core does so beside it", Quantity.WRITE,
                List.of(FalseSharingTurns.SUBJECT));
    }

    private static List<String> concat(List<String> some, String another) {
        return Stream.concat(some.stream(), Stream.of(another)).toList();
    }

    /** A table with a row for each subject, and a column for each of what it was measured at. */
    private void matrix(String title, Quantity quantity, List<String> subjects) {
        List<String> measured = subjects.stream()
                .filter(subject -> !samples.medians(quantity, subject).isEmpty())
                .toList();
        if (measured.isEmpty()) {
            return;
        }
        TreeSet<Long> columns = new TreeSet<>();
        measured.forEach(subject -> columns.addAll(samples.medians(quantity, subject).keySet()));
        line("### " + title);
        line("");
        StringBuilder head = new StringBuilder("| " + quantity.axis() + " |");
        columns.forEach(at -> head.append(' ').append(Shown.count(at)).append(" |"));
        line(head.toString());
        line("|---|" + "---:|".repeat(columns.size()));
        for (String subject : measured) {
            NavigableMap<Long, Double> medians = samples.medians(quantity, subject);
            StringBuilder row = new StringBuilder("| " + subject + " |");
            for (long at : columns) {
                row.append(' ')
                        .append(medians.containsKey(at)
                                ? Shown.value(quantity, samples.summary(new Key(quantity, subject, at)).median())
                                : "")
                        .append(" |");
            }
            line(row.toString());
        }
        line("");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
