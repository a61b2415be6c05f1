package dev.squares.worker.parent;

import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.MappedFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.LongStream;

/** Shows that a worker has mapped its mailbox, and has both sides touch what the next job needs. Nobody wants its result. */
record WarmUpShortJob(int count) implements ShortJob {
    @Override
    public long[] list() {
        return LongStream.rangeClosed(1, count).toArray();
    }

    @Override
    public Mapping mapping() {
        return Mapping.SHARED;
    }

    @Override
    public View view() {
        return View.FULL;
    }

    @Override
    public void reported(MappedFile memory, InputStream report) throws IOException, InvalidReportException {
        if (!memory.isDone()) {
            throw new InvalidReportException("nothing was published in the mailbox");
        }
    }

    @Override
    public void ended(long written) {
        // The outcome says why.
    }
}
