package dev.nacre.board.gsp;

import dev.nacre.board.Telemetry;
import dev.nacre.board.telemetry.Sensors;
import java.util.concurrent.atomic.AtomicInteger;

/** Sensors that say what a test has set, and count how often they are asked. */
final class FakeSensors implements Sensors {
    volatile Telemetry now = of(0);
    final AtomicInteger reads = new AtomicInteger();

    /** Figures that all follow from one number, 0 to 100. */
    static Telemetry of(int n) {
        return new Telemetry(
                100 * n, 100 * n, 1000 + n, 2000 + n, 300_000, 30 + n / 4.0, 200 + n, 400 + n, 500 + n, n == 0 ? 8 : 0);
    }

    @Override
    public Telemetry read() {
        reads.incrementAndGet();
        return now;
    }
}
