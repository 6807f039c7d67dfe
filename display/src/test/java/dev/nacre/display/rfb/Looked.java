package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import dev.nacre.testsupport.rfb.RfbViewer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A source that tests paint, its screen, and a server of it; and its viewers' ends. */
final class Looked implements RfbSource, AutoCloseable {
    // TIMEOUT: what is waited for takes milliseconds; a busy machine many times that.
    static final int PATIENCE_MS = 20_000;

    static final RfbLimits QUICK = new RfbLimits(4, 1000, Duration.ofSeconds(20), Duration.ofSeconds(20));

    final RfbScreen screen;
    final RfbServer server;
    final AtomicInteger looks = new AtomicInteger();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private volatile Optional<Frame> frame = Optional.empty();

    Looked() {
        this(QUICK);
    }

    Looked(RfbLimits limits) {
        screen = new RfbScreen(this, limits);
        server = RfbServer.onLoopback(screen, 0);
    }

    @Override
    public String name() {
        return "a test's head";
    }

    @Override
    public Optional<Frame> frame() {
        looks.incrementAndGet();
        return frame;
    }

    void show(Frame next) {
        frame = Optional.of(next);
    }

    void off() {
        frame = Optional.empty();
    }

    Socket socket() throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.address();
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MS);
        open.push(socket);
        return socket;
    }

    /** A viewer that has said nothing yet. */
    RfbViewer viewer() throws IOException {
        Socket socket = socket();
        RfbViewer viewer = new RfbViewer(socket.getInputStream(), socket.getOutputStream());
        open.push(viewer);
        return viewer;
    }

    /** A viewer that has agreed on the newest version. */
    RfbViewer connected() throws IOException {
        return viewer().connect(8);
    }

    static Frame noise(int width, int height, long seed, int colours) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] palette = random.ints(colours).map(c -> c | 0xff000000).toArray();
        int[] pixels = new int[width * height];
        Arrays.setAll(pixels, i -> palette[random.nextInt(colours)]);
        return new Frame(width, height, pixels);
    }

    static int[] rgb(Frame frame) {
        return Arrays.stream(frame.pixels()).map(p -> p & 0xffffff).toArray();
    }

    /** Waits until something holds. */
    static void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Never: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        server.close();
        screen.close();
    }
}
