package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.CoreError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Channel ids that are kept for virtual GPUs. */
@Needs(Capability.CHID_ALLOC)
abstract class ChannelIdsTck extends TckGroup {
    @Test
    @Covers({"Attachment.allocChannelIds", "Attachment.availableChannelIds", "ChannelIds.first", "ChannelIds.count"})
    void wholePoolCanBeHadOnce() {
        try (Attachment attachment = attach()) {
            int all = attachment.availableChannelIds();
            assertThat(all).isEqualTo(core().board().vgpuChannels()).isPositive();

            ChannelIds ids = attachment.allocChannelIds(all);

            assertThat(ids.count()).isEqualTo(all);
            assertThat(ids.first()).isBetween(0, core().board().channels() - all);
            assertThat(attachment.availableChannelIds()).isZero();
            assertError(CoreError.NO_SPACE, () -> attachment.allocChannelIds(1));
            ids.close();
            assertThat(attachment.availableChannelIds()).isEqualTo(all);
        }
    }

    @Test
    @Covers({"Attachment.allocChannelIds", "Attachment.availableChannelIds", "ChannelIds.close"})
    void rangesOfAllClientsAreApart() {
        try (Attachment first = attach();
                Attachment second = attach()) {
            int all = first.availableChannelIds();
            Set<Integer> seen = new HashSet<>();
            int taken = 0;
            for (int count = 1; taken + count <= all; count++) {
                ChannelIds ids = (count % 2 == 0 ? first : second).allocChannelIds(count);
                for (int i = 0; i < count; i++) {
                    assertThat(seen.add(ids.first() + i)).isTrue();
                }
                taken += count;
            }

            assertThat(second.availableChannelIds()).isEqualTo(all - taken);
        }
    }

    @Test
    @Covers({"Attachment.allocChannelIds", "ChannelIds.close"})
    void rangesAreContiguousSoHolesThatAreTooSmallDoNotCount() {
        try (Attachment attachment = attach()) {
            int quarter = attachment.availableChannelIds() / 4;
            List<ChannelIds> quarters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                quarters.add(attachment.allocChannelIds(quarter));
            }
            quarters.get(0).close();
            quarters.get(2).close();

            assertThat(attachment.availableChannelIds()).isGreaterThanOrEqualTo(2 * quarter);
            assertError(CoreError.NO_SPACE, () -> attachment.allocChannelIds(2 * quarter));
            quarters.get(1).close();
            assertThat(attachment.allocChannelIds(2 * quarter).count()).isEqualTo(2 * quarter);
        }
    }

    @Test
    @Covers("Attachment.allocChannelIds")
    void numbersThatMakeNoSenseAreRefused() {
        try (Attachment attachment = attach()) {
            assertError(CoreError.INVALID_ARGUMENT, () -> attachment.allocChannelIds(0));
            assertError(CoreError.INVALID_ARGUMENT, () -> attachment.allocChannelIds(-1));
            assertError(CoreError.INVALID_ARGUMENT, () -> attachment.allocChannelIds(Integer.MIN_VALUE));
            assertError(CoreError.NO_SPACE, () -> attachment.allocChannelIds(Integer.MAX_VALUE));
            assertError(CoreError.NO_SPACE, () -> attachment.allocChannelIds(attachment.availableChannelIds() + 1));
        }
    }

    @Test
    @Covers("ChannelIds.close")
    void rangeIsGivenBackOnceOnly() {
        try (Attachment attachment = attach()) {
            int all = attachment.availableChannelIds();
            ChannelIds ids = attachment.allocChannelIds(3);
            ids.close();
            ChannelIds others = attachment.allocChannelIds(3);

            ids.close();

            assertThat(attachment.availableChannelIds()).isEqualTo(all - others.count());
        }
    }

    @Test
    @Covers({"Attachment.allocChannelIds", "Attachment.close"})
    void detachedClientsRangesAreFree() {
        try (Attachment stays = attach()) {
            int all = stays.availableChannelIds();
            try (Attachment leaves = attach()) {
                leaves.allocChannelIds(all);
            }

            assertThat(stays.availableChannelIds()).isEqualTo(all);
        }
    }

    @Test
    @Needs(Capability.CE_CHAN_ALLOC)
    @Covers("ChannelIds.close")
    void rangeWithAChannelIsBusy() {
        try (Attachment attachment = attach()) {
            ChannelIds ids = attachment.allocChannelIds(2);
            CeChannel channel = attachment.allocCeChannel(Optional.of(ids), 1);

            assertError(CoreError.BUSY, ids::close);
            channel.close();
            ids.close();
        }
    }
}
