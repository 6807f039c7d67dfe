package dev.nacre.testsupport.driver;

import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Compares what the board does with what a strict driver needs, on behalf of the step that runs. One thread. */
final class Check {
    // TIMEOUT: drivers give up after 2 to 5 s; a test machine may be many times slower than theirs.
    private static final long PATIENCE_NS = 20_000_000_000L;

    private static final long POLL_NS = 20_000;

    private Step step = Step.CONFIG_SPACE;

    /** The step on whose behalf is compared from now on. */
    void begin(Step next) {
        step = next;
    }

    Step step() {
        return step;
    }

    /** Numbers that must be equal. */
    void equal(String what, long expected, long got) {
        if (expected != got) {
            throw failure(what, hex(expected), hex(got));
        }
    }

    /** Numbers that must differ. */
    void differ(String what, long unwanted, long got) {
        if (unwanted == got) {
            throw failure(what, "anything but " + hex(unwanted), hex(got));
        }
    }

    /** Texts that must be equal. */
    void equal(String what, String expected, String got) {
        if (!expected.equals(got)) {
            throw failure(what, expected, got);
        }
    }

    /** Bytes that must be equal. */
    void equal(String what, byte[] expected, byte[] got) {
        int at = java.util.Arrays.mismatch(expected, got);
        if (at >= 0) {
            throw failure(
                    what,
                    expected.length + " bytes, " + byteAt(expected, at),
                    got.length + " bytes, " + byteAt(got, at));
        }
    }

    /** Something that must hold. */
    void that(String what, boolean holds, String expected, String got) {
        if (!holds) {
            throw failure(what, expected, got);
        }
    }

    /** Waits until a condition holds. {@code state} tells what there is if it never does. */
    void await(String what, BooleanSupplier condition, Supplier<String> state) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NS) {
                throw failure(what, "within " + PATIENCE_NS / 1_000_000_000 + " s", state.get());
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    DriverException failure(String what, String expected, String got) {
        return new DriverException(step, what, expected, got);
    }

    static String hex(long value) {
        return String.format(Locale.ROOT, value >>> 32 == 0 ? "0x%08x" : "0x%016x", value);
    }

    private static String byteAt(byte[] bytes, int at) {
        return "[" + at + "]=" + (at < bytes.length ? String.format(Locale.ROOT, "%02x", bytes[at]) : "none");
    }
}
