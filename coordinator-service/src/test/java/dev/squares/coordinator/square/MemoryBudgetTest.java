package dev.squares.coordinator.square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.squares.coordinator.square.MemoryBudget.Share;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class MemoryBudgetTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE);
    private final MemoryBudget budget = new MemoryBudget(100, LONG, clock::get);

    @AfterEach
    void endsItsThreads() {
        threads.close();
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void theOldestThatGrowsWaitsForTheYoungerOnes() throws IOException {
        Share oldest = growing(50);
        Share younger = growing(40);
        CompletableFuture<Boolean> served = take(oldest, 20, true, 1);

        younger.giveBack(40);

        assertThat(served.join()).isTrue();
        assertThat(oldest.own()).isEqualTo(70);
    }

    @Test
    void aYoungerOneThatGrowsIsRefusedAtOnce() throws IOException {
        growing(50);
        Share younger = growing(40);

        assertRefused(younger, 11);
        assertThat(younger.own()).isEqualTo(40);
        assertThat(younger.available()).isEqualTo(50);
        younger.take(10, true);
    }

    @Test
    void whatTheOldestWaitsForIsNobodyElses() throws IOException {
        Share oldest = growing(50);
        Share younger = growing(40);
        CompletableFuture<Boolean> served = take(oldest, 20, false, 1);
        Share newcomer = budget.new Share();

        // There are 10.
        assertRefused(younger, 5);
        assertThat(younger.available()).isEqualTo(30);
        CompletableFuture<Boolean> servedNewcomer = take(newcomer, 5, true, 2);

        younger.giveBack(40);
        assertThat(served.join()).isTrue();
        assertThat(servedNewcomer.join()).isTrue();
        assertThat(budget.taken()).isEqualTo(75);
    }

    @Test
    void theNextOldestMayWaitWhenTheOldestHasItsLast() throws IOException {
        Share oldest = growing(50);
        Share next = growing(40);
        Share third = growing(5);
        oldest.take(5, true);

        CompletableFuture<Boolean> served = take(next, 20, false, 1);
        assertRefused(third, 1);
        oldest.giveBack(55);

        assertThat(served.join()).isTrue();
    }

    @Test
    void thoseThatHoldNothingWaitInTheOrderOfArrival() throws IOException {
        Share first = growing(100);
        List<Share> shares = List.of(budget.new Share(), budget.new Share(), budget.new Share());
        List<CompletableFuture<Boolean>> served = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            // The last would fit before the others.
            served.add(take(shares.get(i), i == 2 ? 1 : 60, true, i + 1));
        }
        first.giveBack(50);
        assertThat(budget.waiting()).isEqualTo(3);
        first.giveBack(10);
        assertThat(served.get(0).join()).isTrue();
        first.giveBack(40);
        // There are 40, and 60 are wanted.
        assertThat(budget.waiting()).isEqualTo(2);
        shares.get(0).giveBack(60);
        assertThat(served.get(1).join()).isTrue();
        assertThat(served.get(2).join()).isTrue();
        assertThat(budget.taken()).isEqualTo(61);
    }

    @Test
    void oneThatHasTakenItsLastNeverWaits() throws IOException {
        Share share = budget.new Share();
        share.take(50, true);
        growing(45);

        share.take(5, false);
        assertRefused(share, 1);
    }

    @Test
    void whatNeverFitsIsRefusedAtOnce() throws IOException {
        Share share = growing(60);
        assertRefused(share, 41);
        assertRefused(budget.new Share(), 101);
    }

    @Test
    void allTheWaitsOfAShareEndAtOneDeadline() throws IOException {
        Share oldest = growing(50);
        Share other = budget.new Share();
        other.take(50, true);
        CompletableFuture<Boolean> first = take(oldest, 10, false, 1);
        other.giveBack(10);
        assertThat(first.join()).isTrue();

        clock.addAndGet(LONG.toNanos());
        CompletableFuture<Boolean> giver = CompletableFuture.supplyAsync(() -> {
            await().until(() -> budget.waiting() == 1 || oldest.own() == 0);
            other.giveBack(40);
            return true;
        }, threads);
        assertRefused(oldest, 10);
        oldest.giveBack(60);
        giver.join();
    }

    @Test
    void oneWhoseTimeIsUpIsNoLongerInTheWay() throws IOException {
        MemoryBudget hasty = new MemoryBudget(100, Duration.ofMillis(100), System::nanoTime);
        hasty.new Share().take(90, true);
        CompletableFuture<Void> large = CompletableFuture.runAsync(
                () -> assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> hasty.new Share().take(50, true)),
                threads);
        large.join();
        assertThat(hasty.waiting()).isZero();
        hasty.new Share().take(10, true);
    }

    @Test
    void noTimeAtAllRefusesAtOnce() throws IOException {
        MemoryBudget hasty = new MemoryBudget(100, Duration.ZERO, System::nanoTime);
        hasty.new Share().take(100, true);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> hasty.new Share().take(1, true));
    }

    @Test
    void manyThatGrowAtOnceAllEndAndTakeNoMoreThanThereIs() {
        MemoryBudget real = new MemoryBudget(1000, LONG, System::nanoTime);
        AtomicLong most = new AtomicLong();
        AtomicInteger complete = new AtomicInteger();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Random random = new Random(i);
            all.add(CompletableFuture.runAsync(() -> {
                for (int round = 0; round < 20; round++) {
                    Share share = real.new Share();
                    try {
                        for (int step = random.nextInt(10); step > 0; step--) {
                            share.take(1 + random.nextInt(20), false);
                            most.accumulateAndGet(real.taken(), Math::max);
                            Thread.yield();
                        }
                        share.take(1 + random.nextInt(600), true);
                        complete.incrementAndGet();
                    } catch (IOException e) {
                        // Gives all of it back.
                    }
                    share.giveBack(share.own());
                }
            }, threads));
        }
        all.forEach(CompletableFuture::join);
        assertThat(real.taken()).isZero();
        assertThat(real.waiting()).isZero();
        assertThat(most.get()).isLessThanOrEqualTo(1000);
        assertThat(complete.get()).isPositive();
    }

    private Share growing(long bytes) throws IOException {
        Share share = budget.new Share();
        share.take(bytes, false);
        return share;
    }

    /** Whether it is served; comes back when so many wait. */
    private CompletableFuture<Boolean> take(Share share, long bytes, boolean last, int waiting) {
        CompletableFuture<Boolean> served = CompletableFuture.supplyAsync(() -> {
            try {
                share.take(bytes, last);
                return true;
            } catch (IOException e) {
                return false;
            }
        }, threads);
        await().until(() -> budget.waiting() == waiting);
        return served;
    }

    private static void assertRefused(Share share, long bytes) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> share.take(bytes, false));
    }
}
