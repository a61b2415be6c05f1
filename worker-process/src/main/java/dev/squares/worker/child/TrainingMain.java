package dev.squares.worker.child;

import java.io.IOException;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * The worker process while an AOT cache is made of its run: does what {@link Main} does, and puts into the cache what a run
 * of it does not.
 */
final class TrainingMain {
    private TrainingMain() {}

    public static void main(String[] args) throws IOException {
        // Nobody calls them: what counts is that they have been linked.
        ToLongFunction<Object> toLong = TrainingMain::toLong;
        LongFunction<Object> ofLong = TrainingMain::ofLong;
        OfLongAndObject ofLongAndObject = TrainingMain::ofLongAndObject;
        Main.main(args);
    }

    // The first buffer over a memory segment initializes the JDK's own class for such things, which looks up three static methods
    // of these types. The code behind a looked-up method of each type is generated at run time, a seventh of a worker's start
    // altogether, unless the cache has it. That takes it in only as a part of a method reference.

    private static long toLong(Object from) {
        return 0;
    }

    private static Object ofLong(long from) {
        return from;
    }

    private static Object ofLongAndObject(long from, Object and) {
        return and;
    }

    private interface OfLongAndObject {
        Object apply(long number, Object object);
    }
}
