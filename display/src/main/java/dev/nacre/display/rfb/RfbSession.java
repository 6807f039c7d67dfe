package dev.nacre.display.rfb;

import dev.nacre.display.rfb.ClientMessage.Input;
import dev.nacre.display.rfb.RfbScreen.Admission;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One viewer of a screen. The thread that runs it reads what the viewer says; another writes updates, so that reading
 * goes on while the viewer takes nothing; a third wakes now and then to end a viewer that takes too long.
 */
final class RfbSession {
    private static final System.Logger LOG = System.getLogger(RfbSession.class.getName());
    private static final int OUT_BYTES = 1 << 15;
    private static final int CHECKS_PER_BOUND = 4;

    private final RfbScreen screen;
    private final String name;
    private final RfbLimits limits;
    private final RfbTransport transport;
    private final Viewer viewer = new Viewer();
    private final GuardedOutput guarded;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean greeted;
    private volatile boolean failed;

    RfbSession(RfbScreen screen, String name, RfbLimits limits, RfbTransport transport) {
        this.screen = screen;
        this.name = name;
        this.limits = limits;
        this.transport = transport;
        this.guarded = new GuardedOutput(transport.out());
        this.in = new DataInputStream(new BufferedInputStream(transport.in()));
        this.out = new DataOutputStream(new BufferedOutputStream(guarded, OUT_BYTES));
    }

    /** Serves the viewer to its end. */
    void run() {
        Admission admission = screen.admit(this);
        Thread watch = Thread.ofVirtual().name("rfb-watch-" + name).start(this::watch);
        try {
            switch (admission) {
                case IN -> serve();
                case REFUSED -> new Handshake(in, out).refuse("There are too many viewers already");
                case DROPPED -> fail("there are too many");
            }
        } catch (RfbProtocolException e) {
            fail(e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "A viewer of " + name + " has gone: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A viewer of " + name + " was lost by our own fault", e);
        } finally {
            end();
            ended.countDown();
            watch.interrupt();
            screen.leave(this, failed);
        }
    }

    /** Ends it from outside. Any thread. */
    void end() {
        viewer.end();
        screen.wake();
        RfbScreen.close(transport);
    }

    private void fail(@Nullable String why) {
        failed = true;
        LOG.log(Level.DEBUG, () -> "A viewer of " + name + " was turned out: " + why);
    }

    private void serve() throws IOException, InterruptedException {
        new Handshake(in, out).agree();
        try (UpdateWriter updates = new UpdateWriter(out)) {
            Picture first = screen.now();
            viewer.told(first);
            updates.init(first.frame(), name);
            greeted = true;
            Thread writing = Thread.ofVirtual().name("rfb-write-" + name).start(() -> write(updates));
            try {
                listen();
            } finally {
                end();
                writing.interrupt();
                writing.join();
            }
        }
    }

    private void listen() throws IOException {
        ClientMessages messages = new ClientMessages(in);
        ClientMessage message = messages.next();
        while (message != null) {
            if (message instanceof Input) {
                screen.ignoredInput();
            } else {
                viewer.hear(message);
                screen.wake();
            }
            message = messages.next();
        }
    }

    private void write(UpdateWriter updates) {
        try {
            long notBeforeNs = System.nanoTime();
            Optional<Update> update = screen.await(viewer, notBeforeNs);
            while (update.isPresent()) {
                notBeforeNs = System.nanoTime() + limits.frameNs();
                long before = guarded.bytes();
                int rectangles = updates.write(update.get());
                screen.wrote(rectangles, guarded.bytes() - before);
                // ORDERING: the picture must not be held while the next one is waited for.
                update = Optional.empty();
                update = screen.await(viewer, notBeforeNs);
            }
            if (viewer.isLost()) {
                fail("it cannot follow a new size");
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "A viewer of " + name + " takes no more: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A viewer of " + name + " was lost by our own fault", e);
        } finally {
            end();
        }
    }

    private void watch() {
        long sinceNs = System.nanoTime();
        long stallNs = limits.stall().toNanos();
        try {
            boolean done = false;
            while (!done) {
                long boundNs = greeted ? stallNs : limits.handshake().toNanos();
                done = ended.await(Math.max(1, boundNs / CHECKS_PER_BOUND), TimeUnit.NANOSECONDS);
                boolean late = !greeted
                        && System.nanoTime() - sinceNs > limits.handshake().toNanos();
                if (!done && (late || guarded.stalledNs() > stallNs)) {
                    fail(late ? "its handshake takes too long" : "it takes nothing");
                    end();
                    done = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
