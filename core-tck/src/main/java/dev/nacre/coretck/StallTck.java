package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.CoreError;
import org.junit.jupiter.api.Test;

/** A GPU that does not go on: takes as long as a core waits for it. */
@Needs({Capability.CE_CHAN_ALLOC, Capability.PUSHBUF_SUBMIT, Capability.CHAN_MEM_MAP, Capability.FB_MEM_BAR1_MAP})
abstract class StallTck extends TckGroup {
    private static final int MOST_DWORDS = 1024;

    @Test
    @Covers({"CeChannel.begin", "CeChannel.close"})
    void gpuThatTakesNothingIsWaitedForWithABoundAndTheChannelStillEnds() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Copier stuck = Copier.of(attachment, log);
            stuck.commands().acquire(stuck.semaphore(), 0x5eed).submitTo(stuck.channel());

            assertError(CoreError.TIMED_OUT, () -> fillUp(stuck.channel()));
            stuck.channel().close();

            Copier works = Copier.of(attachment, log);
            works.run(works.commands());
            assertThat(works.word()).isEqualTo(1);
        }
    }

    private static void fillUp(CeChannel channel) {
        for (int i = 0; i < 1 << 16; i++) {
            Commands.none().nothing(MOST_DWORDS).submitTo(channel);
        }
    }
}
