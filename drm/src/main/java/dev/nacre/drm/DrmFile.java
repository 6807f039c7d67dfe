package dev.nacre.drm;

import dev.nacre.drm.gem.GemHandles;
import dev.nacre.drm.sync.SyncobjTable;
import dev.nacre.linux.Errno;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An open device node, and all that its client has by it. Any thread may call. */
public final class DrmFile implements AutoCloseable {
    // HW: drm_file.c, drm_file_alloc(): event_space
    private static final int MOST_EVENT_BYTES = 4096;

    private final DrmDevice device;
    private final DrmNode node;
    private final Credentials opener;
    private final EventSink events;
    private final GemHandles gems;
    private final SyncobjTable syncobjs;
    private final Quotas quotas;

    // Guarded by this.
    private final Map<ClientCap, Long> caps = new EnumMap<>(ClientCap.class);
    private final Deque<Thread> callers = new ArrayDeque<>();
    private String clientName = "";
    private int reservedEventBytes;
    private boolean closing;

    private boolean freed;

    private volatile DriverFile driverFile = DriverFile.none();

    DrmFile(DrmDevice device, DrmNode node, Credentials opener, EventSink events) {
        this.device = device;
        this.node = node;
        this.opener = opener;
        this.events = events;
        this.gems = new GemHandles(object -> driverFile.lastHandleClosed(object));
        this.syncobjs = new SyncobjTable();
        this.quotas = device.newQuotas();
    }

    /** What it is a file of. */
    public DrmDevice device() {
        return device;
    }

    /** Which node was opened. */
    public DrmNode node() {
        return node;
    }

    /** Who opened it. */
    public Credentials opener() {
        return opener;
    }

    /** Its handles of graphics memory. */
    public GemHandles gems() {
        return gems;
    }

    /** Its syncobjs. */
    public SyncobjTable syncobjs() {
        return syncobjs;
    }

    /** How much may wait in its name, as {@link Quotas#backlog}. */
    public Quota backlog() {
        return quotas.backlog();
    }

    /** How many descriptors may be made by it, as {@link Quotas#descriptors}. */
    public Quota descriptors() {
        return quotas.descriptors();
    }

    /** What the driver keeps of it. */
    public DriverFile driverFile() {
        return driverFile;
    }

    /** Whether it is the device's current master. */
    public boolean isMaster() {
        return device.masters().isCurrent(this);
    }

    /** Whether it may do what needs authentication. */
    public boolean isAuthenticated() {
        return device.masters().isAuthenticated(this);
    }

    /** What the client said of a capability; 0 if nothing. */
    public synchronized long cap(ClientCap cap) {
        return caps.getOrDefault(cap, 0L);
    }

    /** Whether the client said that it understands something. */
    public boolean has(ClientCap cap) {
        return cap(cap) != 0;
    }

    /** What the client calls itself; empty if it does not. */
    public synchronized String clientName() {
        return clientName;
    }

    /** The client calls itself something. */
    public synchronized void setClientName(String name) {
        clientName = name;
    }

    /** Whether {@link #close} has not begun. */
    public synchronized boolean isOpen() {
        return !closing;
    }

    /**
     * Promises the client an event.
     *
     * @param bytes of the whole event
     * @throws DrmException with ENOMEM if too many are promised already
     */
    public EventReservation reserveEvent(int bytes) {
        EventReservation reservation = new EventReservation(this, bytes);
        synchronized (this) {
            if (bytes > MOST_EVENT_BYTES - reservedEventBytes) {
                throw new DrmException(Errno.ENOMEM, "Too many events are pending: bytes=" + reservedEventBytes);
            }
            reservedEventBytes += bytes;
        }
        return reservation;
    }

    /**
     * Closes it: calls on it are interrupted, and when this returns, none runs any more and all is freed. Idempotent.
     */
    @Override
    public void close() {
        device.close(this);
    }

    /** The client said something of a capability. */
    public void setCap(ClientCap cap, long value) {
        synchronized (this) {
            caps.put(cap, value);
        }
    }

    void setDriverFile(DriverFile made) {
        driverFile = made;
    }

    void deliver(byte[] event) {
        unreserve(event.length);
        if (isOpen()) {
            boolean _ = events.send(event);
        }
    }

    synchronized void unreserve(int bytes) {
        reservedEventBytes -= bytes;
    }

    /**
     * A call begins on this thread.
     *
     * @throws DrmException with ENODEV if the file closes
     */
    synchronized void enter() {
        if (closing) {
            throw new DrmException(Errno.ENODEV, "The file is closed");
        }
        callers.add(Thread.currentThread());
    }

    /** The call ends. */
    synchronized void leave() {
        callers.remove(Thread.currentThread());
        if (closing) {
            // It was meant for the call.
            boolean _ = Thread.interrupted();
            notifyAll();
        }
    }

    /** Ends all calls, and lets none begin; false, after all is freed, if another thread has done that. */
    boolean endCalls() {
        synchronized (this) {
            boolean first = !closing;
            closing = true;
            if (first) {
                callers.forEach(Thread::interrupt);
            }
            boolean interrupted = false;
            while (first ? !callers.isEmpty() : !freed) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return first;
        }
    }

    void free(@Nullable Kms kms) {
        if (kms != null) {
            kms.close(this);
        }
        driverFile.close();
        syncobjs.close();
        gems.close();
    }

    /** All is freed. */
    synchronized void setFreed() {
        freed = true;
        notifyAll();
    }
}
