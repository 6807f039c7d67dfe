package dev.nacre.board.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.host.HostFixture.Failure;
import dev.nacre.hw.host.RobustChannel;
import dev.nacre.hw.mmu.FaultType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A page fault that is made to happen. */
class InjectedPageFaultTest {
    private static final long ADDRESS = 0xdead_f000L;

    private final HostFixture fixture = new HostFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void newestChannelEndsAsByAFaultOfItsOwn() {
        fixture.channel(0, HostFixture.CE0);
        fixture.channel(1, HostFixture.CE1);

        assertThat(fixture.host.injectPageFault(ADDRESS)).isTrue();

        assertThat(fixture.failures)
                .containsExactly(
                        new Failure(HostFixture.CE1, 1, RobustChannel.FIFO_ERROR_MMU_ERR_FLT, ADDRESS, FaultType.PTE));
        assertThat(fixture.log).singleElement().asString().contains("0xdeadf000");
    }

    @Test
    void nextFaultHitsTheNextChannelThatLives() {
        fixture.channel(0, HostFixture.CE0);
        fixture.channel(1, HostFixture.CE1);
        fixture.host.injectPageFault(ADDRESS);
        fixture.host.injectPageFault(ADDRESS);

        assertThat(fixture.failures).extracting(Failure::channel).containsExactly(1, 0);
        assertThat(fixture.host.injectPageFault(ADDRESS)).isFalse();
    }

    @Test
    void withoutChannelsNothingHappens() {
        assertThat(fixture.host.injectPageFault(ADDRESS)).isFalse();
        assertThat(fixture.failures).isEmpty();
    }
}
