package dev.nacre.coretck;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.BindRequest;
import dev.nacre.core.Channel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.Core;
import dev.nacre.core.Engine;
import dev.nacre.core.EngineType;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.core.Timeline;
import java.util.List;

/** A channel as graphics clients have it, in an address space with one object for commands and one for results. */
final class Worker {
    static final long RESULTS = 0x1_0000_0000L;

    private static final long COMMANDS = 0x2_0000_0000L;
    private static final int COMMAND_BYTES = 1 << 20;
    private static final int RESULT_BYTES = 1 << 20;

    final AddressSpace space;
    final MemoryObject results;
    final ChannelGroup group;
    final Channel channel;
    final Timeline timeline;

    private final MemoryObject commands;
    private int used;

    private Worker(Attachment attachment, Engine engine, Placement placement) {
        space = attachment.createAddressSpace();
        commands = attachment.createMemory(COMMAND_BYTES, Placement.SYSTEM);
        results = attachment.createMemory(RESULT_BYTES, placement);
        space.bind(new BindRequest(COMMANDS, commands, 0, COMMAND_BYTES, false, 0));
        space.bind(new BindRequest(RESULTS, results, 0, RESULT_BYTES, true, 0));
        group = attachment.createChannelGroup(space, engine);
        channel = group.createChannel();
        timeline = attachment.createTimeline();
    }

    /** On the first engine of a type, with results in either kind of memory. */
    static Worker of(Core core, Attachment attachment, EngineType type, Placement placement) {
        return new Worker(attachment, engine(core, type), placement);
    }

    /** On a copy engine. */
    static Worker of(Core core, Attachment attachment) {
        return of(core, attachment, EngineType.COPY, Placement.VRAM);
    }

    static Engine engine(Core core, EngineType type) {
        return core.engines().stream()
                .filter(engine -> engine.type() == type)
                .findFirst()
                .orElseThrow();
    }

    /** Puts commands where the channel finds them. */
    Channel.Push push(Commands words) {
        byte[] bytes = Bytes.ofWords(words.words());
        if (used + bytes.length > COMMAND_BYTES) {
            used = 0;
        }
        Bytes.write(commands, used, bytes);
        Channel.Push push = new Channel.Push(COMMANDS + used, bytes.length);
        used += bytes.length;
        return push;
    }

    /** Commands for the engine. */
    Commands commands() {
        return Commands.forCopies(channel.engineObject());
    }

    void submit(Commands words, long point) {
        channel.submit(List.of(push(words)), timeline, point);
    }
}
