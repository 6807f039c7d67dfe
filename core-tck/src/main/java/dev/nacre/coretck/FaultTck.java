package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.FaultCause;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Channels that fail, alone. */
@Needs({
    Capability.FAULT_REPORTS,
    Capability.CE_CHAN_ALLOC,
    Capability.PUSHBUF_SUBMIT,
    Capability.CHAN_MEM_MAP,
    Capability.FB_MEM_BAR1_MAP
})
abstract class FaultTck extends TckGroup {
    private static final int PAGE = 4096;

    /** Where nothing is: the core puts nothing in the middle of the address space by itself. */
    private static final long NOWHERE = 0x40_1234_5000L;

    /** An opcode that no push buffer has. */
    private static final int MALFORMED = 0xc000_0000;

    @Test
    @Covers("event FAULT")
    void addressWithoutAPageIsReported() {
        EventLog own = new EventLog();
        EventLog others = new EventLog();
        try (Attachment attachment = attach(core(), own);
                Attachment ignored = attach(core(), others)) {
            Copier copier = Copier.of(attachment, own);
            Copier.Buffer from = copier.buffer(PAGE);

            copier.commands().copy(from.address(), NOWHERE, PAGE).submitTo(copier.channel());

            CoreEvent.Fault fault = own.await(CoreEvent.Fault.class);
            assertThat(fault.channelId()).isEqualTo(copier.channel().id());
            assertThat(fault.cause()).isEqualTo(FaultCause.MMU);
            assertThat(fault.address()).isEqualTo(OptionalLong.of(NOWHERE));
            assertThat(others.await(CoreEvent.Fault.class)).isEqualTo(fault);
        }
    }

    @Test
    @Covers({"event FAULT", "CeChannel.begin", "CeChannel.close"})
    void channelThatFailedTakesNothingMoreAndCanBeEnded() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Copier copier = Copier.of(attachment, log);
            copier.commands()
                    .copy(NOWHERE, NOWHERE, PAGE)
                    .copyDone(copier.semaphore(), 1)
                    .submitTo(copier.channel());
            log.await(CoreEvent.Fault.class);

            assertError(CoreError.IO, () -> copier.channel().begin(1));
            assertThat(copier.word()).as("what is behind the fault").isZero();
            copier.channel().close();
            assertThat(log.await(CoreEvent.ChannelEnd.class).channelId())
                    .isEqualTo(copier.channel().id());
        }
    }

    @Test
    @Covers("event FAULT")
    void malformedCommandsAreReported() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Copier copier = Copier.of(attachment, log);

            copier.commands().word(MALFORMED).submitTo(copier.channel());

            CoreEvent.Fault fault = log.await(CoreEvent.Fault.class);
            assertThat(fault.channelId()).isEqualTo(copier.channel().id());
            assertThat(fault.cause()).isEqualTo(FaultCause.PUSHBUFFER);
        }
    }

    @Test
    @Covers({"event FAULT", "CeChannel.submit"})
    void otherChannelsGoOn() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Copier works = Copier.of(attachment, log);
            Copier.Buffer to = works.buffer(PAGE);
            for (int i = 1; i <= 5; i++) {
                Copier fails = Copier.of(attachment, log);
                fails.commands().copy(NOWHERE, NOWHERE, PAGE).submitTo(fails.channel());
                log.await(
                        CoreEvent.Fault.class,
                        fault -> fault.channelId() == fails.channel().id());
                fails.channel().close();

                works.run(works.commands().fill(to.address(), PAGE, 1, i));

                assertThat(Bytes.readInt(to.host(), PAGE - 4)).isEqualTo(i);
            }
        }
    }

    @Test
    @Covers({"event FAULT", "Attachment.close"})
    void clientWithAFailedChannelDetaches() {
        EventLog log = new EventLog();
        Attachment attachment = attach(core(), log);
        Copier copier = Copier.of(attachment, log);
        copier.commands().copy(NOWHERE, NOWHERE, PAGE).submitTo(copier.channel());
        log.await(CoreEvent.Fault.class);

        attachment.close();

        assertThat(log.all().getLast()).isEqualTo(new CoreEvent.DriverEnd());
        assertThat(core().owner()).isEmpty();
    }
}
