package dev.nacre.daemon.host;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Starts the boards of a daemon side by side: none waits for another's firmware. */
public final class BoardStart {
    private BoardStart() {}

    /**
     * Starts all, and waits until each of them runs or has failed. Each has a platform thread of its own meanwhile, because a
     * core may wait in native code. An interrupt is passed on to them; it does not end the wait.
     *
     * @param plans of the boards, whose folders are there
     * @param log is told what happens, as it happens
     * @return the boards that run, in the order of their plans
     * @throws ServiceException if not all of them start, with the reason of each that does not; then none of them runs
     */
    public static List<BoardHost> all(List<BoardHost.Plan> plans, EventLog log) {
        List<Future<BoardHost>> starts = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("board-start-", 0).factory())) {
            for (BoardHost.Plan plan : plans) {
                starts.add(threads.submit(() -> start(plan, log)));
            }
        }
        List<BoardHost> running = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (Future<BoardHost> start : starts) {
            if (start.state() == Future.State.SUCCESS) {
                running.add(start.resultNow());
            } else {
                failures.add(start.exceptionNow());
            }
        }
        if (!failures.isEmpty()) {
            running.reversed().forEach(BoardHost::close);
            throw failure(failures);
        }
        return running;
    }

    private static BoardHost start(BoardHost.Plan plan, EventLog log) {
        try {
            return new BoardHost(plan, log);
        } catch (ServiceException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ServiceException(ServiceError.FAILED, "Board " + plan.name() + " cannot start: " + reason(e), e);
        }
    }

    private static String reason(RuntimeException cause) {
        @Nullable String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    /** What to throw for what the boards failed of: the first one's error, with the words of all. */
    private static ServiceException failure(List<Throwable> failures) {
        for (Throwable failure : failures) {
            if (failure instanceof Error error) {
                throw error;
            }
        }
        ServiceException first = (ServiceException) failures.getFirst();
        return failures.size() == 1
                ? first
                : new ServiceException(
                        first.error(),
                        failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")),
                        first);
    }
}
