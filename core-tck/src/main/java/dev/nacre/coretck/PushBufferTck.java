package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Commands for a copy engine, and what they do. */
@Needs({
    Capability.CE_CHAN_ALLOC,
    Capability.PUSHBUF_SUBMIT,
    Capability.CHAN_MEM_MAP,
    Capability.FB_MEM_ALLOC,
    Capability.FB_MEM_BAR1_MAP
})
abstract class PushBufferTck extends TckGroup {
    private static final int PAGE = 4096;
    private static final int MIB = 1 << 20;
    private static final int MOST_DWORDS = 1024;

    @Test
    @Covers({"CeChannel.begin", "CeChannel.emit", "CeChannel.submit", "CeChannel.map", "event FIFO_NONSTALL"})
    void copyMovesEveryByteAndItsEndIsAnEvent() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Copier copier = Copier.of(attachment, log);
            Copier.Buffer from = copier.buffer(3 * MIB);
            Copier.Buffer to = copier.buffer(3 * MIB);
            byte[] data = Bytes.random(11, 3 * MIB - 7);
            Bytes.write(from.host(), 0, data);
            Bytes.write(to.host(), 0, new byte[3 * MIB]);

            copier.run(copier.commands().copy(from.address(), to.address() + 3, data.length));

            assertThat(Bytes.read(to.host(), 3, data.length)).isEqualTo(data);
            assertThat(Bytes.read(to.host(), 0, 3)).containsOnly(0);
            assertThat(Bytes.read(to.host(), 3L + data.length, 4)).containsOnly(0);
        }
    }

    @Test
    @Covers({"CeChannel.begin", "CeChannel.submit"})
    void commandsRunInOrderThroughManyRoundsOfTheRing() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Copier copier = Copier.of(attachment, log);
            for (int i = 1; i <= 600; i++) {
                copier.commands()
                        .nothing(MOST_DWORDS - 12)
                        .release(copier.semaphore(), i)
                        .submitTo(copier.channel());
            }
            for (int i = 1; i <= 3000; i++) {
                copier.commands().release(copier.semaphore(), i).submitTo(copier.channel());
            }

            copier.run(copier.commands());

            assertThat(copier.word()).isEqualTo(1);
        }
    }

    @Test
    @Covers({"CeChannel.emit", "CeChannel.submit", "CeChannel.begin"})
    void roomIsMadeOnceAndNotExceeded() {
        try (Attachment attachment = attach()) {
            CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);
            for (int dwords : new int[] {0, -1, MOST_DWORDS + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertError(CoreError.INVALID_ARGUMENT, () -> channel.begin(dwords));
            }
            assertError(CoreError.INVALID_ARGUMENT, () -> channel.emit(0));
            assertError(CoreError.INVALID_ARGUMENT, channel::submit);
            channel.begin(2);
            assertError(CoreError.EXISTS, () -> channel.begin(1));
            channel.emit(0);
            channel.emit(0);
            assertError(CoreError.NO_SPACE, () -> channel.emit(0));
            channel.submit();
            assertError(CoreError.INVALID_ARGUMENT, channel::submit);
            channel.begin(MOST_DWORDS);
            channel.emit(0);
            channel.submit();
        }
    }

    @Test
    @Covers("CeChannel.submit")
    void nothingAtAllCanBeSubmitted() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Copier copier = Copier.of(attachment, log);
            copier.channel().begin(5);
            copier.channel().submit();

            copier.run(copier.commands());

            assertThat(copier.word()).isEqualTo(1);
        }
    }

    @Test
    @Covers({"ChannelMapping.close", "event FAULT"})
    @Needs(Capability.FAULT_REPORTS)
    void memoryThatWasTakenOutIsNotReachedAnyMore() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Copier copier = Copier.of(attachment, log);
            Copier.Buffer from = copier.buffer(PAGE);
            FbMemory memory = attachment.allocFbMemory(FbRequest.of(PAGE));
            ChannelMapping mapping = copier.channel().map(memory, MapRequest.of(0, PAGE));
            copier.run(copier.commands().copy(from.address(), mapping.address(), PAGE));

            mapping.close();
            copier.commands().copy(from.address(), mapping.address(), PAGE).submitTo(copier.channel());

            assertThat(log.await(CoreEvent.Fault.class).channelId())
                    .isEqualTo(copier.channel().id());
        }
    }

    @Test
    @Covers({"CeChannel.begin", "CeChannel.submit", "event FIFO_NONSTALL"})
    void channelsDoNotDisturbEachOther() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Copier one = Copier.of(attachment, log);
            Copier other = Copier.of(attachment, log);
            Copier.Buffer here = one.buffer(PAGE);
            Copier.Buffer there = other.buffer(PAGE);
            for (int i = 0; i < 20; i++) {
                one.run(one.commands().fill(here.address(), PAGE, 1, i));
                other.run(other.commands().fill(there.address(), PAGE, 1, ~i));

                assertThat(Bytes.readInt(here.host(), PAGE - 4)).isEqualTo(i);
                assertThat(Bytes.readInt(there.host(), PAGE - 4)).isEqualTo(~i);
            }
        }
    }
}
