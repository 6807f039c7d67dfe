package dev.nacre.vfio.testing;

import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.FaultCause;
import dev.nacre.core.FbMemory;
import dev.nacre.core.MapRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A channel that understands fills of whole pages with zeros, and semaphores. */
// HW: methods of open-gpu-doc classes/dma-copy/clc7b5.h
final class FakeCopyChannel implements CeChannel {
    private static final int FILL = 0x785;
    private static final int SEMAPHORE = 0x5cc;

    private final FakeAttachment attachment;
    private final int id;
    private final TreeMap<Long, FbMemory> mapped = new TreeMap<>();
    private final List<Integer> words = new ArrayList<>();
    private final Map<Integer, Integer> methods = new HashMap<>();
    private long nextAddress = 1L << 32;
    private boolean closed;

    FakeCopyChannel(FakeAttachment attachment, int id) {
        this.attachment = attachment;
        this.id = id;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public int engineObject() {
        return 0xc7b5;
    }

    @Override
    public ChannelMapping map(FbMemory memory, MapRequest request) {
        long address = nextAddress;
        nextAddress += request.bytes();
        mapped.put(address, memory);
        return new ChannelMapping() {
            @Override
            public long address() {
                return address;
            }

            @Override
            public long bytes() {
                return request.bytes();
            }

            @Override
            public void close() {
                mapped.remove(address);
            }
        };
    }

    @Override
    public void begin(int dwords) {
        words.clear();
    }

    @Override
    public void emit(int dword) {
        words.add(dword);
    }

    @Override
    public void submit() {
        switch (attachment.core.copyEngine) {
            case WORKS -> run();
            case SILENT -> {}
            case FAULTS -> attachment.core.tell(new CoreEvent.Fault(id, FaultCause.ENGINE, OptionalLong.empty()));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            attachment.release("channel");
        }
    }

    private void run() {
        int at = 0;
        while (at < words.size()) {
            int header = words.get(at);
            at++;
            int count = header >>> 16 & 0x1fff;
            int method = (header & 0xfff) << 2;
            for (int i = 0; i < count; i++) {
                method(method + 4 * i, words.get(at));
                at++;
            }
        }
    }

    private void method(int method, int value) {
        methods.put(method, value);
        if (method != 0x300) {
            return;
        }
        if (value == FILL) {
            long lineBytes = 4L * of(0x418);
            long total = lineBytes * of(0x41c);
            attachment.core.memory.clear(physical((of(0x408) << 32) | of(0x40c)), total);
        } else if (value == SEMAPHORE) {
            long word = physical((of(0x240) << 32) | of(0x244));
            int payload = (int) of(0x248);
            for (int i = 0; i < 4; i++) {
                attachment.core.memory.write(word + i, (byte) (payload >>> (8 * i)));
            }
            attachment.core.tell(new CoreEvent.FifoNonstall(id));
        }
    }

    private long of(int method) {
        return Integer.toUnsignedLong(methods.getOrDefault(method, 0));
    }

    private long physical(long address) {
        Map.Entry<Long, FbMemory> entry = mapped.floorEntry(address);
        return entry.getValue().offset() + address - entry.getKey();
    }
}
