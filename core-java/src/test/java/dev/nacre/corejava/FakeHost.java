package dev.nacre.corejava;

import dev.nacre.hw.host.GpEntry;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.PushHeader;
import dev.nacre.hw.host.Userd;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Fetches what channels were given, and does what the host engine does itself: semaphores and interrupts. */
final class FakeHost {
    private static final class State {
        final FakeGpu.FakeChannel channel;
        final long root;
        int get;
        long address;
        long payload;

        State(FakeGpu.FakeChannel channel, long root) {
            this.channel = channel;
            this.root = root;
        }
    }

    private final FakeGpu gpu;
    private final Map<Integer, State> channels = new ConcurrentHashMap<>();

    FakeHost(FakeGpu gpu) {
        this.gpu = gpu;
    }

    void add(FakeGpu.FakeChannel channel, long root) {
        channels.put(channel.id(), new State(channel, root));
    }

    void remove(FakeGpu.FakeChannel channel) {
        channels.remove(channel.id());
    }

    /** Runs a channel until it has nothing to do. */
    void run(int token) {
        State state = Objects.requireNonNull(channels.get(token & 0xffff));
        boolean interrupt = false;
        synchronized (state) {
            int put = gpu.host(state.channel.userd()).get(FakeGpu.INT, Userd.GP_PUT);
            while (state.get != put) {
                long entry = at(state, state.channel.ring() + 8L * state.get).get(FakeGpu.LONG, 0);
                interrupt |= segment(state, GpEntry.GET.get(entry) << 2, (int) GpEntry.LENGTH.get(entry));
                state.get = (state.get + 1) % state.channel.entries();
            }
        }
        if (interrupt) {
            gpu.listener.nonStall(state.channel.engineType());
        }
    }

    private boolean segment(State state, long address, int words) {
        boolean interrupt = false;
        for (int i = 0; i < words; ) {
            int header = at(state, address + 4L * i++).get(FakeGpu.INT, 0);
            if (PushHeader.SEC_OP.get(header) != PushHeader.SEC_OP_INC_METHOD) {
                continue;
            }
            int method = PushHeader.METHOD_ADDRESS.get(header) << 2;
            for (int left = PushHeader.METHOD_COUNT.get(header); left > 0; left--, method += 4) {
                interrupt |= method(state, method, at(state, address + 4L * i++).get(FakeGpu.INT, 0));
            }
        }
        return interrupt;
    }

    private boolean method(State state, int method, int data) {
        long low = data & 0xffff_ffffL;
        if (method == HostMethod.SEM_ADDR_LO.address()) {
            state.address = low;
        } else if (method == HostMethod.SEM_ADDR_HI.address()) {
            state.address |= low << 32;
        } else if (method == HostMethod.SEM_PAYLOAD_LO.address()) {
            state.payload = low;
        } else if (method == HostMethod.SEM_PAYLOAD_HI.address()) {
            state.payload |= low << 32;
        } else if (method == HostMethod.SEM_EXECUTE.address()) {
            at(state, state.address).set(FakeGpu.LONG, 0, state.payload);
        }
        return method == HostMethod.NON_STALL_INTERRUPT.address();
    }

    private MemorySegment at(State state, long address) {
        return gpu.memory(new Walk(gpu, state.root).translate(address));
    }
}
