package dev.nacre.testsupport.guest.qemu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines a guest has written to its serial port. One thread reads them as they come; any thread may look at them or
 * wait for one.
 */
public final class SerialConsole {
    // GUEST: a guest that prints without end must not fill the heap; a run that works has some 5,000 lines.
    private static final int MAX_LINES = 200_000;
    private static final int MAX_LINE_LENGTH = 4096;
    private static final int SHOWN_LINES = 30;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private final Consumer<String> listener;
    private boolean ended;

    /**
     * One line.
     *
     * @param index its number on this console, from 0
     * @param text its text without the line's end
     * @param match where the awaited pattern matched
     */
    public record Line(int index, String text, Matcher match) {}

    private SerialConsole(Consumer<String> listener) {
        this.listener = listener;
    }

    /**
     * Starts reading a stream to its end.
     *
     * @param stream what the serial port writes to
     * @param log a file to copy the lines to
     * @param listener told of each line, on the reading thread
     */
    static SerialConsole reading(InputStream stream, Optional<Path> log, Consumer<String> listener) {
        SerialConsole console = new SerialConsole(listener);
        Thread.ofPlatform().daemon().name("nacre-guest-serial").start(() -> console.read(stream, log));
        return console;
    }

    private void read(InputStream stream, Optional<Path> log) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
                Writer copy = log.isPresent() ? Files.newBufferedWriter(log.get()) : Writer.nullWriter()) {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n' || line.length() == MAX_LINE_LENGTH) {
                    String text = line.toString();
                    line.setLength(0);
                    add(text);
                    copy.append(text).append('\n').flush();
                } else if (c != '\r') {
                    line.append((char) c);
                }
            }
            if (!line.isEmpty()) {
                add(line.toString());
            }
        } catch (IOException e) {
            add("(serial line lost: " + e.getMessage() + ")");
        } finally {
            end();
        }
    }

    private void add(String text) {
        lock.lock();
        try {
            if (lines.size() < MAX_LINES) {
                lines.add(text);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listener.accept(text);
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All lines so far. */
    public List<String> lines() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    /** The first line so far in which the pattern is found. */
    public Optional<Line> find(Pattern pattern) {
        lock.lock();
        try {
            return search(pattern, 0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a line, among those that have come already and those to come.
     *
     * @param regex found anywhere in the line
     * @param bound how long to wait
     * @throws GuestException if the time is over or the guest ends without it
     */
    public Line awaitLine(String regex, Duration bound) {
        return awaitLine(regex, 0, bound);
    }

    /**
     * Waits for a line from a certain one on.
     *
     * @param regex found anywhere in the line
     * @param from the index of the first line that counts
     * @param bound how long to wait
     * @throws GuestException if the time is over or the guest ends without it
     */
    public Line awaitLine(String regex, int from, Duration bound) {
        Pattern pattern = Pattern.compile(regex);
        long remainingNs = bound.toNanos();
        int next = from;
        lock.lock();
        try {
            while (true) {
                Optional<Line> found = search(pattern, next);
                if (found.isPresent()) {
                    return found.get();
                }
                next = Math.max(next, lines.size());
                if (ended || remainingNs <= 0) {
                    String why = ended ? "the guest ended" : "%d s were over".formatted(bound.toSeconds());
                    throw new GuestException(
                            "No line with \"%s\" when %s; its last lines:%n%s".formatted(regex, why, lastLines()));
                }
                remainingNs = changed.awaitNanos(remainingNs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("Interrupted while waiting for \"" + regex + "\"", e);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Line> search(Pattern pattern, int from) {
        for (int i = from; i < lines.size(); i++) {
            Matcher match = pattern.matcher(lines.get(i));
            if (match.find()) {
                return Optional.of(new Line(i, lines.get(i), match));
            }
        }
        return Optional.empty();
    }

    private String lastLines() {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }
}
