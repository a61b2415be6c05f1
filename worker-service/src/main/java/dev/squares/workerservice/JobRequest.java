package dev.squares.workerservice;

import dev.squares.service.problem.OptionNames;
import dev.squares.service.problem.ProblemException;
import dev.squares.worker.memory.BadMappedFileException;
import dev.squares.worker.memory.Job;
import dev.squares.worker.memory.Job.Mapping;
import dev.squares.worker.memory.Job.Slice;
import dev.squares.worker.memory.Job.View;
import dev.squares.worker.memory.ParentMapping;
import dev.squares.worker.memory.SumMode;
import dev.squares.worker.parent.PrivateDirectory;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * A job, as a coordinator sends it to worker-service: it names its mapped file, and says nothing of where that is.
 *
 * @param directory the coordinator's own directory in the shared one
 * @param file the mapped file in it
 * @param mapping how the child maps it, as {@link OptionNames} has it
 * @param view how much of the result the child reports, as {@link OptionNames} has it
 * @param maxReportBytes the longest report that the job can have
 * @param explained whether the child says every step before its report; no if left out
 * @param paceMillis how long the child of an explained job rests behind each page of squares; not at all if left out
 * @param stopsHalfway whether the child of an explained job stops when half of the squares are there; no if left out
 * @param slice the number of the slice that it is for, from 0; all of a list in one piece if left out
 * @param sum how the children of all slices add to the sum that they have in common, as {@link OptionNames} has it; "own" if left out
 */
record JobRequest(
    @Schema(pattern = JobRequest.DIRECTORY_NAME) @Nullable String directory,
    @Schema(pattern = JobRequest.FILE_NAME) @Nullable String file,
    @Schema(allowableValues = {
            "shared", "private"}) @Nullable String mapping,
    @Schema(allowableValues = {"full", "summary"}) @Nullable String view,
    @Schema(minimum = "1", maximum = "" + Long.MAX_VALUE) long maxReportBytes,
    @Schema(defaultValue = "false") @Nullable Boolean explained,
    @Schema(minimum = "0", maximum = "" + Job.MAX_PACE_MILLIS, defaultValue = "0") @Nullable Integer paceMillis,
    @Schema(defaultValue = "false") @Nullable Boolean stopsHalfway,
    @Schema(minimum = "0", maximum = "" + Slice.MAX_NUMBER) @Nullable Integer slice,
    @Schema(allowableValues = {"own", "unsynchronized", "atomic", "locked"}, defaultValue = "own") @Nullable String sum
){
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    static final String FILE_NAME = "^" + UUID + "$";
    static final String DIRECTORY_NAME = "^squares-" + UUID + "$";
    private static final Pattern DIRECTORY = Pattern.compile(DIRECTORY_NAME);
    private static final Pattern FILE = Pattern.compile(FILE_NAME);

    private static final String NO_SUCH_FILE = "There is no such file in a directory of this user's own in the shared directory. "
            + "Both services must have the same one, and run as the same user.";

    /**
     * The job that is meant.
     *
     * <p>Who can replace the file between this look at it and the child's can do so only because it runs as this user: the
     * directory is this user's, and lets nobody else in.
     *
     * @throws ProblemException if a name is not one that a coordinator gives
     * @throws ResponseStatusException if there is no mapped file under these names
     */
    Job in(Path sharedDirectory) throws IOException {
        Path coordinators = sharedDirectory.resolve(name("directory", directory, DIRECTORY));
        String fileName = name("file", file, FILE);
        Job job = new Job(
                coordinators.resolve(fileName),
                OptionNames.parse("mapping", String.valueOf(mapping), Mapping.class),
                OptionNames.parse("view", String.valueOf(view), View.class),
                Boolean.TRUE.equals(explained),
                pace(),
                halfway(),
                part());
        requireMappedFile(coordinators, fileName, job.slice());
        return job;
    }

    private @Nullable Slice part() {
        if (slice == null) {
            return null;
        }
        if (slice < 0 || slice > Slice.MAX_NUMBER || Boolean.TRUE.equals(explained)) {
            throw OptionNames.invalid("slice", "This is no slice of a job that is not explained.",
                    List.of("0 to " + Slice.MAX_NUMBER));
        }
        return new Slice(slice, sum == null ? SumMode.OWN : OptionNames.parse("sum", sum, SumMode.class));
    }

    private int pace() {
        int pace = paceMillis == null ? 0 : paceMillis;
        if (pace < 0 || pace > Job.MAX_PACE_MILLIS || pace > 0 && !Boolean.TRUE.equals(explained)) {
            throw OptionNames.invalid("paceMillis", "This is no pace of an explained job.",
                    List.of("0 to " + Job.MAX_PACE_MILLIS));
        }
        return pace;
    }

    private boolean halfway() {
        boolean stops = Boolean.TRUE.equals(stopsHalfway);
        if (stops && !Boolean.TRUE.equals(explained)) {
            throw OptionNames.invalid("stopsHalfway", "Only an explained job stops halfway.", List.of("false"));
        }
        return stops;
    }

    private static String name(String member, @Nullable String name, Pattern pattern) {
        if (name == null || !pattern.matcher(name).matches()) {
            throw OptionNames.invalid(
                    member, "This is not what the " + member + " of a coordinator is called.",
                    List.of(pattern.pattern()));
        }
        return name;
    }

    private static void requireMappedFile(Path directory, String name, @Nullable Slice slice) throws IOException {
        // In this order: to open a pipe or a device could already block, or do something.
        try (PrivateDirectory own = PrivateDirectory.open(directory)) {
            if (!own.attributes(name).isRegularFile()) {
                throw refused(NO_SUCH_FILE);
            }
        } catch (IOException e) {
            throw refused(NO_SUCH_FILE);
        }
        try (ParentMapping file = ParentMapping.open(directory.resolve(name))) {
            if (file.slices() > 0 ? slice == null || slice.number() >= file.slices() : slice != null) {
                throw refused("The file has " + file.slices() + " slices, and not the one of the job.");
            }
        } catch (BadMappedFileException e) {
            throw refused("The file is not a mapped file of this version.");
        }
    }

    private static ResponseStatusException refused(String why) {
        return new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT, why);
    }
}
