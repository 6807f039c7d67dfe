package dev.nacre.board.gsp;

import dev.nacre.board.engine.SharingPolicy;
import dev.nacre.board.vgpu.GuestGpuSpec;
import dev.nacre.board.vgpu.GuestGpuState;
import dev.nacre.board.vgpu.GuestGpus;
import dev.nacre.board.vgpu.GuestUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/** Guests' GPUs that do nothing but be there. */
final class FakeGuests implements GuestGpus {
    static final long SEGMENT = 1 << 20;
    static final GuestGpuState FRESH = new GuestGpuState(false, "", 0, 4096, List.of(), GuestUsage.NONE);

    final Map<Integer, GuestGpuSpec> running = new ConcurrentHashMap<>();
    final Map<Integer, GuestGpuState> states = new ConcurrentHashMap<>();
    final List<String> calls = new ArrayList<>();
    volatile int count = 32;
    volatile String scheduling = "";
    volatile boolean refuses;
    volatile boolean throwsUp;
    final CountDownLatch resetBegun = new CountDownLatch(1);
    volatile CountDownLatch resetGate = new CountDownLatch(0);
    private volatile IntConsumer listener = gfid -> {};

    @Override
    public int count() {
        return count;
    }

    @Override
    public long vmmuSegmentBytes() {
        return SEGMENT;
    }

    @Override
    public void scheduling(SharingPolicy policy, int sliceMs) {
        scheduling = policy + " " + sliceMs;
    }

    @Override
    public synchronized boolean start(GuestGpuSpec spec) {
        calls.add("start " + spec.gfid());
        if (throwsUp) {
            throw new IllegalStateException("a defect");
        }
        if (refuses || running.putIfAbsent(spec.gfid(), spec) != null) {
            return false;
        }
        states.put(spec.gfid(), FRESH);
        return true;
    }

    @Override
    public void reset(int gfid) {
        resetBegun.countDown();
        try {
            resetGate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            calls.add("reset " + gfid);
        }
    }

    @Override
    public synchronized void stop(int gfid) {
        calls.add("stop " + gfid);
        running.remove(gfid);
        states.remove(gfid);
    }

    @Override
    public Optional<GuestGpuState> state(int gfid) {
        return Optional.ofNullable(states.get(gfid));
    }

    @Override
    public void onChange(IntConsumer to) {
        listener = to;
    }

    /** A guest's GPU is so from now on; null if it has ended by itself. */
    void change(int gfid, @org.jspecify.annotations.Nullable GuestGpuState state) {
        if (state == null) {
            running.remove(gfid);
            states.remove(gfid);
        } else {
            states.put(gfid, state);
        }
        listener.accept(gfid);
    }

    synchronized List<String> calls() {
        return List.copyOf(calls);
    }
}
