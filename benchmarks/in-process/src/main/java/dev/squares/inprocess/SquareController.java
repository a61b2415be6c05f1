package dev.squares.inprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.LongStream;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The work, twice. Like the service beside which it is measured, neither lets a square or a sum wrap silently. */
@RestController
final class SquareController {
    private final Map<Integer, ForkJoinPool> pools = new ConcurrentHashMap<>();

    /** What {@code /array} answers. */
    record ArrayAnswer(long count, long sum, long[] squares) {}

    /** What {@code /list} answers. */
    record ListAnswer(long count, long sum, List<Long> squares) {}

    /** As lean as it gets: no element is an object. */
    @PostMapping("/array")
    ArrayAnswer array(@RequestBody long[] inputs) {
        long[] squares = new long[inputs.length];
        long sum = 0;
        for (int i = 0; i < inputs.length; i++) {
            squares[i] = Math.multiplyExact(inputs[i], inputs[i]);
            sum = Math.addExact(sum, squares[i]);
        }
        return new ArrayAnswer(squares.length, sum, squares);
    }

    /** As lean, by so many threads. */
    @PostMapping("/parallel")
    ArrayAnswer parallel(@RequestBody long[] inputs, @RequestParam int threads) {
        return pools.computeIfAbsent(threads, ForkJoinPool::new).submit(() -> {
            long[] squares = LongStream.of(inputs).parallel().map(input -> Math.multiplyExact(input, input)).toArray();
            return new ArrayAnswer(squares.length, LongStream.of(squares).parallel().reduce(0, Math::addExact),
                    squares);
        }).join();
    }

    /** As most would write it. */
    @PostMapping("/list")
    ListAnswer list(@RequestBody List<Long> inputs) {
        List<Long> squares = new ArrayList<>();
        long sum = 0;
        for (Long input : inputs) {
            long square = Math.multiplyExact(input, input);
            squares.add(square);
            sum = Math.addExact(sum, square);
        }
        return new ListAnswer(squares.size(), sum, squares);
    }
}
