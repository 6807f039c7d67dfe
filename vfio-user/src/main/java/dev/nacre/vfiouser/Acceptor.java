package dev.nacre.vfiouser;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.PollSet;
import dev.nacre.linux.Signaller;
import dev.nacre.linux.UnixSocket;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets one client in at a time, each on a thread of its own, and turns away whoever comes meanwhile; but who comes when
 * the former client has gone waits until its connection is put away. {@link #run} is the life of the accepting thread,
 * which owns the sockets; {@link #stop} may come from any thread.
 */
final class Acceptor implements Runnable {
    private static final System.Logger LOG = System.getLogger(Acceptor.class.getName());

    private static final int LISTENING = 0;
    private static final int WAKE = 1;

    // TIMEOUT: longer than anything that a connection's end waits for (running copies, half a second).
    private static final Duration END_OF_CLIENT = Duration.ofSeconds(2);

    // TIMEOUT: a former client's memory and work are put away in a fraction of a second, on a busy host in some
    // seconds.
    // Clients give up by themselves before (QEMU after 5 s, unless it was told to be more patient); what takes longer
    // is
    // stuck, and whoever still comes is told.
    private static final Duration FORMER_CLIENT = Duration.ofSeconds(30);

    // TIMEOUT: the former client's thread says when it ends; this is for one that dies before it can.
    private static final int LOOK_MS = 1000;

    // TIMEOUT: when the process is out of descriptors, others must be closed first; trying faster only burns time.
    private static final int NO_DESCRIPTORS_PAUSE_MS = 1000;

    private static final int NO_PAUSE = -1;

    // One for all clients, who come one after the other: ending it takes the kernel some hundredths of a second. By
    // the time a client is served, the eventfds of the one before are unbound.
    private final Signaller signaller = new Signaller();
    private final Device device;
    private final Connection.Options options;
    private final SafeListener listener;
    private final @Nullable Fd listening;
    private final EventFd wake = EventFd.create();
    private final PollSet set = new PollSet(2);
    private volatile boolean stopping;
    private @Nullable Connection connection;
    private @Nullable Thread server;

    /** Until when clients are left waiting for the end of a connection whose client has gone, if they are. */
    private @Nullable Long waitUntilNs;

    /**
     * Makes an acceptor.
     *
     * @param listening where clients come; null if the only one is there already. Owned from now on
     * @throws NativeException if the process is short of descriptors
     */
    Acceptor(Device device, Connection.Options options, SafeListener listener, @Nullable Fd listening) {
        this.device = device;
        this.options = options;
        this.listener = listener;
        this.listening = listening;
    }

    /**
     * Serves a client that is there already; before {@link #run}. It was put there by the same party that runs this
     * server, and may introduce itself when it likes.
     */
    void begin(Fd connected) {
        begin(connected, options.withoutIntroduction());
    }

    private void begin(Fd connected, Connection.Options treatment) {
        Connection next = new Connection(connected, device, treatment, listener, signaller);
        Thread thread = Thread.ofPlatform().name("vfio-user-" + device.name()).unstarted(() -> {
            try {
                next.serve();
            } finally {
                wake.signal();
            }
        });
        connection = next;
        server = thread;
        thread.start();
    }

    /** Accepts until {@link #stop}, or, without a listening socket, until the only client has gone. */
    @Override
    public void run() {
        try {
            if (listening != null) {
                listener.listening();
            }
            int pauseMs = NO_PAUSE;
            set.set(WAKE, wake.fd());
            while (!stopping && (listening != null || connection != null)) {
                set.set(LISTENING, pauseMs == NO_PAUSE ? listening : null);
                set.await(pauseMs);
                pauseMs = NO_PAUSE;
                wake.drain();
                reap(false);
                if (!stopping && set.isReady(LISTENING)) {
                    pauseMs = accept();
                }
            }
        } finally {
            release();
        }
    }

    /** Makes {@link #run} end, and the client's connection with it. Any thread. */
    void stop() {
        stopping = true;
        wake.signal();
    }

    /** Whether the calling thread is one that {@link #stop} must not wait for. */
    boolean isOwnThread(Thread accepting) {
        return Thread.currentThread() == accepting || Thread.currentThread() == server;
    }

    /** Takes in or turns away who has come. Returns how many milliseconds to leave others waiting, or NO_PAUSE. */
    private int accept() {
        if (connection != null && connection.isPeerGone() && mayWait()) {
            return LOOK_MS;
        }
        Optional<Fd> client;
        try {
            client = listening == null ? Optional.empty() : UnixSocket.accept(listening);
        } catch (NativeException e) {
            listener.warning("No client can connect: " + e.getMessage() + ".");
            return NO_DESCRIPTORS_PAUSE_MS;
        }
        if (client.isPresent()) {
            if (connection == null) {
                return admit(client.get()) ? NO_PAUSE : NO_DESCRIPTORS_PAUSE_MS;
            }
            // Told before the client can see it: whoever waits for the one may then rely on the other.
            listener.refused();
            client.get().close();
        }
        return NO_PAUSE;
    }

    /** Whether there is still time for the former client's connection to be put away. */
    private boolean mayWait() {
        long nowNs = System.nanoTime();
        Long until = waitUntilNs;
        if (until == null) {
            waitUntilNs = nowNs + FORMER_CLIENT.toNanos();
            return true;
        }
        return until - nowNs > 0;
    }

    private boolean admit(Fd client) {
        try {
            begin(client, options);
            return true;
        } catch (NativeException e) {
            client.close();
            listener.warning("No client can be served: " + e.getMessage() + ".");
            return false;
        }
    }

    /**
     * Takes down the connection if its thread has ended.
     *
     * @param await whether to wait for that, because the client has gone or was told to
     */
    private void reap(boolean await) {
        Thread thread = server;
        if (connection == null || thread == null || !(await || connection.hasEnded())) {
            return;
        }
        try {
            if (!thread.join(END_OF_CLIENT)) {
                return;
            }
        } catch (InterruptedException e) {
            stopping = true;
            return;
        }
        connection.close();
        connection = null;
        server = null;
        waitUntilNs = null;
    }

    private void release() {
        if (connection != null) {
            connection.shutdown();
            reap(true);
        }
        Thread stuck = server;
        if (stuck != null && connection != null) {
            connection.abandon();
            LOG.log(
                    Level.ERROR,
                    () -> "device=" + device.name() + ": the connection's thread does not end, at "
                            + Arrays.toString(stuck.getStackTrace()));
        }
        if (listening != null) {
            listening.close();
        }
        set.close();
        wake.close();
        signaller.close();
    }
}
