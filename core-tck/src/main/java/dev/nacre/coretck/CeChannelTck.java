package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Channels of a copy engine, and their address spaces. */
@Needs({Capability.CE_CHAN_ALLOC, Capability.CHID_ALLOC, Capability.FB_MEM_ALLOC})
abstract class CeChannelTck extends TckGroup {
    private static final int PAGE = 4096;
    private static final long MIB = 1 << 20;

    @Test
    @Covers({"Attachment.allocCeChannel", "CeChannel.id", "CeChannel.engineObject", "CeChannel.close"})
    void channelOfTheCoresChoiceIsNoneOfThePool() {
        try (Attachment attachment = attach()) {
            ChannelIds pool = attachment.allocChannelIds(attachment.availableChannelIds());

            CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);

            assertThat(channel.id()).isBetween(0, core().board().channels() - 1);
            assertThat(channel.id() < pool.first() || channel.id() >= pool.first() + pool.count())
                    .isTrue();
            assertThat(channel.engineObject()).isNotZero();
            channel.close();
            channel.close();
        }
    }

    @Test
    @Covers({"Attachment.allocCeChannel", "CeChannel.id"})
    void channelHasTheIdThatItWasGiven() {
        try (Attachment attachment = attach()) {
            ChannelIds ids = attachment.allocChannelIds(8);

            try (CeChannel last = attachment.allocCeChannel(Optional.of(ids), 7);
                    CeChannel first = attachment.allocCeChannel(Optional.of(ids), 0)) {
                assertThat(last.id()).isEqualTo(ids.first() + 7);
                assertThat(first.id()).isEqualTo(ids.first());
            }
        }
    }

    @Test
    @Covers("Attachment.allocCeChannel")
    void idThatHasAChannelIsBusyUntilItEnds() {
        try (Attachment attachment = attach()) {
            ChannelIds ids = attachment.allocChannelIds(2);
            CeChannel channel = attachment.allocCeChannel(Optional.of(ids), 1);

            assertError(CoreError.BUSY, () -> attachment.allocCeChannel(Optional.of(ids), 1));
            channel.close();
            attachment.allocCeChannel(Optional.of(ids), 1).close();
        }
    }

    @Test
    @Covers("Attachment.allocCeChannel")
    void idsThatMakeNoSenseAreRefused() {
        try (Attachment attachment = attach()) {
            ChannelIds ids = attachment.allocChannelIds(2);
            for (int index : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertError(CoreError.INVALID_ARGUMENT, () -> attachment.allocCeChannel(Optional.of(ids), index));
            }
            assertError(CoreError.INVALID_ARGUMENT, () -> attachment.allocCeChannel(Optional.empty(), 1));
            ids.close();
            assertError(CoreError.STALE, () -> attachment.allocCeChannel(Optional.of(ids), 0));
        }
    }

    @Test
    @Covers({"Attachment.allocCeChannel", "CeChannel.close", "Attachment.close"})
    void channelsRunOutAndComeBack() {
        try (Rig rig = bench().fresh(false, 1 << 20)) {
            int count;
            try (Attachment attachment = attach(rig.core(), event -> {})) {
                List<CeChannel> channels = all(attachment);
                count = channels.size();
                assertThat(channels).hasSizeGreaterThan(1);
                Set<Integer> ids = new HashSet<>();
                assertThat(channels).allMatch(channel -> ids.add(channel.id()), "another id each");
                channels.getFirst().close();
                attachment.allocCeChannel(Optional.empty(), 0);
                assertError(CoreError.NO_SPACE, () -> attachment.allocCeChannel(Optional.empty(), 0));
            }
            try (Attachment attachment = attach(rig.core(), event -> {})) {
                assertThat(all(attachment)).hasSize(count);
            }
        }
    }

    private static List<CeChannel> all(Attachment attachment) {
        List<CeChannel> channels = new ArrayList<>();
        try {
            while (channels.size() < 5000) {
                channels.add(attachment.allocCeChannel(Optional.empty(), 0));
            }
        } catch (CoreException e) {
            assertThat(e.error()).isEqualTo(CoreError.NO_SPACE);
        }
        return channels;
    }

    @Test
    @Needs(Capability.CHAN_MEM_MAP)
    @Covers({"CeChannel.map", "ChannelMapping.address", "ChannelMapping.bytes", "ChannelMapping.close"})
    void mappingsLieApartInTheAddressSpace() {
        try (Attachment attachment = attach()) {
            CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);
            FbMemory memory = attachment.allocFbMemory(FbRequest.aligned(8 * MIB, 2 * MIB));
            ChannelMapping whole = channel.map(memory, new MapRequest(0, 8 * MIB, true, true));
            ChannelMapping part = channel.map(memory, new MapRequest(PAGE, 2L * PAGE, false, false));

            assertThat(whole.bytes()).isEqualTo(8 * MIB);
            assertThat(part.bytes()).isEqualTo(2L * PAGE);
            assertThat(whole.address()).isPositive();
            assertThat(part.address() % PAGE).isZero();
            assertThat(part.address() + part.bytes() <= whole.address()
                            || part.address() >= whole.address() + whole.bytes())
                    .isTrue();
            part.close();
            part.close();
        }
    }

    @Test
    @Needs(Capability.CHAN_MEM_MAP)
    @Covers("CeChannel.map")
    void partsThatAreNotInTheMemoryAreRefused() {
        try (Attachment attachment = attach()) {
            CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);
            FbMemory memory = attachment.allocFbMemory(FbRequest.of(2L * PAGE));

            assertError(CoreError.INVALID_ARGUMENT, () -> channel.map(memory, MapRequest.of(0, 3L * PAGE)));
            assertError(CoreError.INVALID_ARGUMENT, () -> channel.map(memory, MapRequest.of(1L << 50, PAGE)));
            memory.close();
            assertError(CoreError.STALE, () -> channel.map(memory, MapRequest.of(0, PAGE)));
        }
    }

    @Test
    @Needs(Capability.CHAN_MEM_MAP)
    @Covers({"CeChannel.map", "ChannelMapping.close", "FbMemory.close", "CeChannel.close"})
    void memoryOfAChannelIsBusyUntilItIsTakenOutOrTheChannelEnds() {
        try (Attachment attachment = attach()) {
            CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);
            FbMemory one = attachment.allocFbMemory(FbRequest.of(PAGE));
            FbMemory other = attachment.allocFbMemory(FbRequest.of(PAGE));
            ChannelMapping mapping = channel.map(one, MapRequest.of(0, PAGE));
            channel.map(other, MapRequest.of(0, PAGE));

            assertError(CoreError.BUSY, one::close);
            mapping.close();
            one.close();
            assertError(CoreError.BUSY, other::close);
            channel.close();
            other.close();
        }
    }

    @Test
    @Needs(Capability.CHAN_MEM_MAP)
    @Covers({"CeChannel.map", "CeChannel.close", "CeChannel.begin", "CeChannel.emit", "CeChannel.submit"})
    void channelThatEndedIsStale() {
        try (Attachment attachment = attach()) {
            CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);
            FbMemory memory = attachment.allocFbMemory(FbRequest.of(PAGE));
            channel.close();

            assertError(CoreError.STALE, () -> channel.map(memory, MapRequest.of(0, PAGE)));
            assertError(CoreError.STALE, () -> channel.begin(1));
            assertError(CoreError.STALE, () -> channel.emit(0));
            assertError(CoreError.STALE, channel::submit);
        }
    }

    @Test
    @Needs(Capability.CHAN_MEM_MAP)
    @Covers({"CeChannel.map", "ChannelMapping.close"})
    void thousandMappingsLeaveNothingBehind() {
        try (Attachment attachment = attach()) {
            CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);
            FbMemory memory = attachment.allocFbMemory(FbRequest.aligned(2 * MIB, 2 * MIB));
            channel.map(memory, MapRequest.of(0, 2 * MIB)).close();
            long before = Inventory.largestFb(attachment);

            for (int i = 0; i < 1000; i++) {
                channel.map(memory, MapRequest.of(0, 16L * PAGE)).close();
            }

            assertThat(Inventory.largestFb(attachment)).isEqualTo(before);
        }
    }
}
