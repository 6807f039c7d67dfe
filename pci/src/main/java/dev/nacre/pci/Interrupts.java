package dev.nacre.pci;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The interrupts of a function: INTx, MSI and MSI-X (and VFIO's ERR and REQ), each with its vectors, their bindings and
 * masks. The model raises; the transport binds. Every method may be called from any thread.
 *
 * <p>A vector delivers when a sink is bound to it and nobody masks it: neither the host ({@link #mask}) nor the function's
 * own registers (MSI mask bits, MSI-X table and function mask, the command register's Interrupt Disable). A kind counts
 * as enabled when its enable bit is set in config space, or, for hosts that only bind, when any vector is bound: VMMs
 * such as QEMU do both and keep the MSI-X table to themselves. While MSI or MSI-X is enabled the line is silent.
 *
 * <p>One lock guards all state. It is a leaf: nothing is called while it is held, above all no sink, so that raising
 * never waits for another thread's system call, and a slow sink delays only the thread that signals it. A message may
 * therefore still arrive just after its vector was masked or unbound, as one in flight on a bus does. A sink that is
 * unbound while it is being signalled is closed by the thread that signals it, when done.
 */
public final class Interrupts {
    static final int EVENTFD = 1;
    static final int MASKABLE = 2;
    static final int AUTOMASKED = 4;
    static final int NORESIZE = 8;

    // HW: PCI Local Bus Specification 3.0, 6.8.1.3 (Multiple Message Capable) and 6.8.2.3 (MSI-X Table Size).
    private static final int MAX_MSI = 32;
    private static final int MAX_MSIX = 2048;

    private static final int LINE = 0;

    /** A sink and how many threads are signalling it. Fields are guarded by the lock. */
    private static final class Binding {
        private final InterruptSink sink;
        private int users;
        private boolean unbound;

        private Binding(InterruptSink sink) {
            this.sink = sink;
        }
    }

    /** The vectors of one kind. Guarded by the lock. */
    private static final class Vectors {
        private static final byte BY_HOST = 1;
        private static final byte BY_REGISTERS = 2;

        private final @Nullable Binding[] bindings;
        private final byte[] masks;
        private final boolean[] pending;
        private int boundCount;

        /** Vectors that config space has enabled; 0 if its enable bit is clear. */
        private int enabledCount;

        private boolean allMasked;

        private Vectors(int count) {
            bindings = new Binding[count];
            masks = new byte[count];
            pending = new boolean[count];
        }

        private boolean isEnabled() {
            return enabledCount > 0 || boundCount > 0;
        }

        private boolean isMasked(int vector) {
            return allMasked || masks[vector] != 0;
        }

        private void mask(int vector, byte who, boolean masked) {
            masks[vector] = (byte) (masked ? masks[vector] | who : masks[vector] & ~who);
        }
    }

    private final Object lock = new Object();
    private final Vectors[] kinds;
    private boolean lineAsserted;
    private boolean lineDisabled;
    private long messageCount;

    /** Makes the interrupts of a function that has none. */
    public Interrupts() {
        this(0, 0, 0, 0, 0);
    }

    /**
     * Makes the interrupts of one function, all unbound and unmasked.
     *
     * @param intx 1 if there is an interrupt pin, else 0
     * @param msi MSI vectors: 0 or a power of two up to 32
     * @param msix MSI-X vectors, 0 to 2048
     * @param err 1 if the function can report a fatal error, else 0
     * @param req 1 if the function can ask to be given back, else 0
     * @throws IllegalArgumentException if a count is out of range
     */
    public Interrupts(int intx, int msi, int msix, int err, int req) {
        checkCount("INTx", intx, 1);
        checkCount("MSI", msi, MAX_MSI);
        if (Integer.bitCount(msi) > 1) {
            throw new IllegalArgumentException("MSI vector count is not a power of two: " + msi);
        }
        checkCount("MSI-X", msix, MAX_MSIX);
        checkCount("ERR", err, 1);
        checkCount("REQ", req, 1);
        kinds = new Vectors[] {
            new Vectors(intx), new Vectors(msi), new Vectors(msix), new Vectors(err), new Vectors(req)
        };
    }

    /** How many vectors a kind has. */
    public int count(InterruptKind kind) {
        return vectors(kind).bindings.length;
    }

    /** VFIO_IRQ_INFO flags of a kind: 1 eventfd, 2 maskable, 4 automasked, 8 no resize; 0 if it has no vectors. */
    public int flags(InterruptKind kind) {
        return count(kind) == 0 ? 0 : kind.flags();
    }

    /**
     * Binds a vector to a sink, which is owned from now on, or unbinds it. The previous sink is closed. What waited for
     * the vector is delivered: a pending message, an asserted line.
     *
     * @param vector 0 to {@link #count} - 1
     * @param sink null to unbind
     * @throws IndexOutOfBoundsException if there is no such vector; the sink is not owned then
     */
    public void bind(InterruptKind kind, int vector, @Nullable InterruptSink sink) {
        Vectors vectors = vectors(kind);
        Objects.checkIndex(vector, vectors.bindings.length);
        Binding old;
        synchronized (lock) {
            boolean replaces = sink != null && vectors.bindings[vector] != null;
            old = detach(vectors, vector);
            if (sink != null) {
                vectors.bindings[vector] = new Binding(sink);
                vectors.boundCount++;
            }
            // The line's mask belongs to its user: it outlives the exchange of a sink, not the end of use.
            if (kind == InterruptKind.INTX && !replaces) {
                vectors.mask(LINE, Vectors.BY_HOST, false);
            }
        }
        close(old);
        settle(kind, vector);
    }

    /** Unbinds all vectors of a kind, closing their sinks, and forgets what is pending for them. */
    public void disable(InterruptKind kind) {
        Vectors vectors = vectors(kind);
        for (int vector = 0; vector < vectors.bindings.length; vector++) {
            Binding old;
            synchronized (lock) {
                old = detach(vectors, vector);
                vectors.mask(vector, Vectors.BY_HOST, false);
                vectors.pending[vector] = false;
            }
            close(old);
        }
        settleLine();
    }

    /**
     * Masks or unmasks a vector on the host's behalf. Unmasking delivers a pending message, or the line if it is still
     * asserted.
     *
     * @param vector 0 to {@link #count} - 1
     * @throws IndexOutOfBoundsException if there is no such vector
     */
    public void mask(InterruptKind kind, int vector, boolean masked) {
        mask(kind, vector, Vectors.BY_HOST, masked);
    }

    /**
     * Signals a vector's sink whatever its masks: the host's loop-back test, and the model's way to raise ERR and REQ.
     *
     * @return false if there is no such vector or no sink is bound to it
     */
    public boolean trigger(InterruptKind kind, int vector) {
        Vectors vectors = vectors(kind);
        if (vector < 0 || vector >= vectors.bindings.length) {
            return false;
        }
        Binding binding;
        synchronized (lock) {
            binding = use(vectors, vector);
        }
        signal(binding);
        return binding != null;
    }

    /** Unbinds everything, closing the sinks, and lifts the host's masks: the host has gone. */
    public void clear() {
        for (InterruptKind kind : InterruptKind.values()) {
            disable(kind);
        }
    }

    /**
     * Raises a message interrupt through whichever of MSI-X and MSI the host has enabled; dropped if neither is. While
     * its vector is masked the message is kept as pending; MSI-X also keeps it until the vector is bound. If the host
     * enabled fewer MSI vectors than there are, the higher ones share them.
     *
     * @param vector message number, from 0; dropped if there is no such vector
     */
    public void message(int vector) {
        Binding binding;
        synchronized (lock) {
            Vectors msi = vectors(InterruptKind.MSI);
            Vectors msix = vectors(InterruptKind.MSIX);
            boolean useMsix = msix.isEnabled();
            Vectors vectors = useMsix ? msix : msi;
            int target = !useMsix && msi.enabledCount > 0 ? vector & (msi.enabledCount - 1) : vector;
            if (!vectors.isEnabled() || vector < 0 || target >= vectors.bindings.length) {
                return;
            }
            boolean waits = vectors.isMasked(target) || (useMsix && vectors.bindings[target] == null);
            messageCount++;
            vectors.pending[target] = waits;
            binding = waits ? null : use(vectors, target);
        }
        signal(binding);
    }

    /** Messages raised so far that the host had enabled, delivered or kept as pending. */
    public long messageCount() {
        synchronized (lock) {
            return messageCount;
        }
    }

    /** Whether the host has enabled MSI or MSI-X, so that {@link #message} is heard and {@link #line} is not. */
    public boolean messagesEnabled() {
        synchronized (lock) {
            return messagesEnabledLocked();
        }
    }

    /**
     * Asserts or deasserts the interrupt line. The host hears once of an asserted line, then it is masked until the host
     * unmasks it; if it is still asserted then, the host hears again.
     */
    public void line(boolean asserted) {
        synchronized (lock) {
            lineAsserted = asserted;
        }
        if (asserted) {
            settleLine();
        }
    }

    /** Whether the line is asserted, heard or not: the status register's Interrupt Status. */
    public boolean lineAsserted() {
        synchronized (lock) {
            return lineAsserted;
        }
    }

    /** Whether a message waits for its vector, as the pending bit array shows; false where there is no such vector. */
    public boolean pending(InterruptKind kind, int vector) {
        Vectors vectors = vectors(kind);
        synchronized (lock) {
            return vector >= 0 && vector < vectors.pending.length && vectors.pending[vector];
        }
    }

    /** What a message capability's control register says: how many vectors it enables (0: none), and the function mask. */
    void enable(InterruptKind kind, int vectorCount, boolean allMasked) {
        Vectors vectors = vectors(kind);
        synchronized (lock) {
            vectors.enabledCount = vectorCount;
            vectors.allMasked = allMasked;
            if (vectorCount == 0) {
                Arrays.fill(vectors.pending, false);
            }
        }
        for (int vector = 0; vector < vectors.bindings.length; vector++) {
            settle(kind, vector);
        }
        settleLine();
    }

    /** What the function's own mask register of a vector says. */
    void maskByRegisters(InterruptKind kind, int vector, boolean masked) {
        mask(kind, vector, Vectors.BY_REGISTERS, masked);
    }

    /** Restores a saved pending bit; delivers nothing. */
    void restorePending(InterruptKind kind, int vector, boolean pending) {
        synchronized (lock) {
            vectors(kind).pending[vector] = pending;
        }
    }

    /** What the command register's Interrupt Disable says. */
    void disableLine(boolean disabled) {
        synchronized (lock) {
            lineDisabled = disabled;
        }
        settleLine();
    }

    private void mask(InterruptKind kind, int vector, byte who, boolean masked) {
        Vectors vectors = vectors(kind);
        Objects.checkIndex(vector, vectors.bindings.length);
        synchronized (lock) {
            vectors.mask(vector, who, masked);
        }
        settle(kind, vector);
    }

    /** Delivers what a vector has been waiting for, if it may now. */
    private void settle(InterruptKind kind, int vector) {
        if (kind == InterruptKind.INTX) {
            settleLine();
            return;
        }
        Vectors vectors = vectors(kind);
        Binding binding = null;
        synchronized (lock) {
            if (vectors.pending[vector] && !vectors.isMasked(vector) && vectors.bindings[vector] != null) {
                vectors.pending[vector] = false;
                binding = use(vectors, vector);
            }
        }
        signal(binding);
    }

    /** Signals the line if it is asserted and may be heard, and masks it until the host has dealt with it. */
    private void settleLine() {
        Vectors line = vectors(InterruptKind.INTX);
        if (line.bindings.length == 0) {
            return;
        }
        Binding binding = null;
        synchronized (lock) {
            if (lineAsserted && !lineDisabled && !line.isMasked(LINE) && !messagesEnabledLocked()) {
                binding = use(line, LINE);
                line.mask(LINE, Vectors.BY_HOST, binding != null);
            }
        }
        signal(binding);
    }

    private boolean messagesEnabledLocked() {
        return vectors(InterruptKind.MSI).isEnabled()
                || vectors(InterruptKind.MSIX).isEnabled();
    }

    private Vectors vectors(InterruptKind kind) {
        return kinds[kind.index()];
    }

    /** The vector's binding, kept from being closed until {@link #signal}; null if none. Under the lock. */
    private static @Nullable Binding use(Vectors vectors, int vector) {
        Binding binding = vectors.bindings[vector];
        if (binding != null) {
            binding.users++;
        }
        return binding;
    }

    /** Unbinds the vector; returns the binding if nobody signals it, so that the caller closes it. Under the lock. */
    private static @Nullable Binding detach(Vectors vectors, int vector) {
        Binding binding = vectors.bindings[vector];
        if (binding == null) {
            return null;
        }
        vectors.bindings[vector] = null;
        vectors.boundCount--;
        binding.unbound = true;
        return binding.users == 0 ? binding : null;
    }

    /** Signals a binding that {@link #use} gave, without the lock. */
    private void signal(@Nullable Binding binding) {
        if (binding == null) {
            return;
        }
        try {
            binding.sink.signal();
        } finally {
            boolean last;
            synchronized (lock) {
                binding.users--;
                last = binding.unbound && binding.users == 0;
            }
            if (last) {
                binding.sink.close();
            }
        }
    }

    /** Closes a binding that {@link #detach} gave, without the lock. */
    private static void close(@Nullable Binding binding) {
        if (binding != null) {
            binding.sink.close();
        }
    }

    private static void checkCount(String kind, int count, int most) {
        if (count < 0 || count > most) {
            throw new IllegalArgumentException(kind + " vector count is not 0 to " + most + ": " + count);
        }
    }
}
