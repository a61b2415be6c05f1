package dev.squares.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.Stream;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One picture: the medians of one quantity, a line for each subject.
 *
 * @param name of the file, without its extension
 * @param subjects seven at most
 * @param unit what one of it is, in the quantity's own unit: 0.001 if the quantity is in seconds and the axis in milliseconds
 * @param logarithmic whether the axis of the quantity is; the other one always is
 * @param base what lies between two marks of the other axis
 */
record Plot(
    String name,
    String title,
    String axis,
    Quantity quantity,
    List<String> subjects,
    double unit,
    boolean logarithmic,
    int base
) {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 480;
    private static final int MARK_SPACING = 45;
    private static final double ROUNDING = 1e-6;
    private static final float GRID_WIDTH = 0.5f;
    private static final Color GRID = new Color(0xDD, 0xDD, 0xDD);

    /** One for each subject, told apart by those who do not see all colours: Okabe and Ito's. */
    private static final List<Color> COLORS = Stream
            .of("#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#009E73", "#CC79A7", "#000000")
            .map(Color::decode)
            .toList();

    private static final List<String> CONTENDERS = Arrays.stream(Contender.values())
            .filter(contender -> !Comparisons.BY_IPC.contains(contender))
            .map(Contender::title)
            .toList();

    private static final double MILLI = 1e-3;
    private static final double KILO = 1e3;
    private static final double MEGA = 1e6;

    static List<Plot> all() {
        return List.of(
                new Plot("latency-by-length", "Time of a request by length of its list", "milliseconds",
                        Quantity.LATENCY, CONTENDERS, MILLI, true, 10),
                new Plot("throughput-by-concurrency", "Answers by connections, n=4", "thousand requests a second",
                        Quantity.RATE, CONTENDERS, KILO, true, 2),
                new Plot("memory-by-length", "Peak resident memory of the server's process by length of the list, "
                        + MemoryTurns.HEAP, "MB", Quantity.PEAK_UNSHARED, CONTENDERS, MEGA, false, 10),
                new Plot("time-by-processes", "Time of a list by the number of processes, or threads", "milliseconds",
                        Quantity.BY_PROCESSES, CooperationTurns.LENGTHS.stream()
                                .flatMap(n -> Stream.of(CooperationTurns.pooled(n), CooperationTurns.threads(n)))
                                .toList(),
                        MILLI, true, 2));
    }

    /** Whether there is anything to draw. */
    boolean has(Samples samples) {
        return subjects.stream().anyMatch(subject -> !samples.medians(quantity, subject).isEmpty());
    }

    void draw(Samples samples, Path folder) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .theme(ChartTheme.Matlab)
                .title(title)
                .xAxisTitle(quantity.axis())
                .yAxisTitle(axis)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        // Dots would be drawn one by one.
        chart.getStyler().setPlotGridLinesStroke(new BasicStroke(GRID_WIDTH));
        chart.getStyler().setPlotGridLinesColor(GRID);
        // The library's own logarithmic axis has marks at powers of ten only.
        chart.getStyler().setXAxisTickMarkSpacingHint(MARK_SPACING);
        chart.setCustomXAxisTickLabelsFormatter(this::label);
        chart.getStyler().setYAxisLogarithmic(logarithmic);
        if (!logarithmic) {
            chart.getStyler().setYAxisMin(0.0);
        }
        for (String subject : subjects) {
            NavigableMap<Long, Double> medians = samples.medians(quantity, subject);
            if (!medians.isEmpty()) {
                List<Double> places = new ArrayList<>();
                medians.keySet().forEach(at -> places.add(Math.log(at) / Math.log(base)));
                List<Double> values = new ArrayList<>();
                medians.values().forEach(median -> values.add(median / unit));
                XYSeries series = chart.addSeries(subject, places, values);
                series.setMarker(SeriesMarkers.CIRCLE);
                series.setMarkerColor(COLORS.get(subjects.indexOf(subject)));
                series.setLineColor(COLORS.get(subjects.indexOf(subject)));
            }
        }
        ChartEncoder.saveChart(chart, folder.resolve(name + ".svg").toString(), "svg");
    }

    /** Never empty, or it cannot be drawn. The library makes marks fewer until all labels differ, the hidden ones included. */
    private String label(double place) {
        if (place < 0) {
            return Double.toString(place);
        }
        boolean whole = Math.abs(place - Math.rint(place)) < ROUNDING;
        return whole ? Shown.count(Math.round(Math.pow(base, place))) : " ";
    }
}
