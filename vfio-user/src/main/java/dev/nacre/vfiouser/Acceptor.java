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
 * Lets one client in at a time, each on a thread of its own, and turns away whoever comes meanwhile. {@link #run} is the
 * life of the accepting thread, which owns the sockets; {@link #stop} may come from any thread.
 */
final class Acceptor implements Runnable {
    private static final System.Logger LOG = System.getLogger(Acceptor.class.getName());

    private static final int LISTENING = 0;
    private static final int WAKE = 1;

    // TIMEOUT: longer than anything that a connection's end waits for (running copies, half a second), shorter than
    // the 5 s after which a new QEMU gives up on its first message.
    private static final Duration END_OF_CLIENT = Duration.ofSeconds(2);

    // TIMEOUT: when the process is out of descriptors, others must be closed first; trying faster only burns time.
    private static final int NO_DESCRIPTORS_PAUSE_MS = 1000;

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
            int timeoutMs = -1;
            set.set(WAKE, wake.fd());
            while (!stopping && (listening != null || connection != null)) {
                set.set(LISTENING, timeoutMs < 0 ? listening : null);
                set.await(timeoutMs);
                timeoutMs = -1;
                wake.drain();
                reap(false);
                if (!stopping && set.isReady(LISTENING)) {
                    timeoutMs = accept() ? -1 : NO_DESCRIPTORS_PAUSE_MS;
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

    private boolean accept() {
        Optional<Fd> client;
        try {
            client = listening == null ? Optional.empty() : UnixSocket.accept(listening);
        } catch (NativeException e) {
            listener.warning("No client can connect: " + e.getMessage() + ".");
            return false;
        }
        if (client.isPresent()) {
            if (connection != null && connection.isPeerGone()) {
                reap(true);
            }
            if (connection == null) {
                return admit(client.get());
            } else {
                // Told before the client can see it: whoever waits for the one may then rely on the other.
                listener.refused();
                client.get().close();
            }
        }
        return true;
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
