package dev.nacre.coretck;

import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.EventKind;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import java.util.Optional;

/** A copy channel with a word that it reports to and the host sees. Its attachment frees it. */
final class Copier {
    private static final int PAGE_BYTES = 4096;

    private final Attachment attachment;
    private final EventLog log;
    private final CeChannel channel;
    private final Bar1Mapping word;
    private final long semaphore;
    private int value;

    private Copier(Attachment attachment, EventLog log, CeChannel channel) {
        this.attachment = attachment;
        this.log = log;
        this.channel = channel;
        FbMemory page = attachment.allocFbMemory(FbRequest.of(PAGE_BYTES));
        word = page.mapBar1(MapRequest.of(0, PAGE_BYTES));
        Bytes.write(word, 0, new byte[PAGE_BYTES]);
        semaphore = channel.map(page, MapRequest.of(0, PAGE_BYTES)).address();
    }

    /** On a channel of the core's choice. */
    static Copier of(Attachment attachment, EventLog log) {
        return new Copier(attachment, log, attachment.allocCeChannel(Optional.empty(), 0));
    }

    /** On a channel with an id of a range. */
    static Copier of(Attachment attachment, EventLog log, ChannelIds ids, int index) {
        return new Copier(attachment, log, attachment.allocCeChannel(Optional.of(ids), index));
    }

    CeChannel channel() {
        return channel;
    }

    /** Where the channel finds the word. */
    long semaphore() {
        return semaphore;
    }

    /** What the word holds. */
    int word() {
        return Bytes.readInt(word, 0);
    }

    /** Commands for the channel's copy engine. */
    Commands commands() {
        return Commands.forCopies(channel.engineObject());
    }

    /** Some of the GPU's memory, in the channel's address space and the host's. */
    Buffer buffer(long bytes) {
        FbMemory memory = attachment.allocFbMemory(FbRequest.of(bytes));
        MapRequest whole = MapRequest.of(0, memory.bytes());
        return new Buffer(memory, channel.map(memory, whole), memory.mapBar1(whole));
    }

    /** Has the channel run commands, and waits for its interrupt and the word. */
    void run(Commands commands) {
        value++;
        long before = log.count(EventKind.FIFO_NONSTALL, channel.id());
        commands.copyDone(semaphore, value).submitTo(channel);
        log.awaitUntil(
                "told that channel " + channel.id() + " has reached " + value,
                () -> log.count(EventKind.FIFO_NONSTALL, channel.id()) > before && word() == value);
    }

    /**
     * Memory that a copier and the host reach.
     *
     * @param memory the memory
     * @param gpu where the channel finds it
     * @param host where the host finds it
     */
    record Buffer(FbMemory memory, ChannelMapping gpu, Bar1Mapping host) {
        long address() {
            return gpu.address();
        }
    }
}
