package dev.nacre.drm.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.Quota;
import dev.nacre.linux.Errno;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FenceGroupTest {
    private final Quota quota = new Quota(10_000, Errno.ENOMEM, null);

    @Test
    void group_countsToItsPayerUntilAllHaveEnded() {
        Fence one = new Fence();
        Fence two = new Fence();
        Fence group = FenceGroup.of(List.of(one, two), quota);
        assertThat(quota.used()).isEqualTo(2);

        one.signal();
        assertThat(group.isSignalled()).isFalse();
        two.signal();

        assertThat(group.isSignalled()).isTrue();
        assertThat(group.error()).isEmpty();
        assertThat(quota.used()).isZero();
    }

    @Test
    void timeline_isThePointsThatHaveNotBeenReached() {
        Syncobj timeline = new Syncobj();
        Fence one = new Fence();
        Fence two = new Fence();
        Fence three = new Fence();
        timeline.addPoint(one, 1, quota);
        timeline.addPoint(two, 2, quota);
        timeline.addPoint(three, 3, quota);

        assertThat(FenceGroup.partsOf(timeline.require(2))).containsExactly(two, one);
        one.signal();

        assertThat(FenceGroup.partsOf(timeline.require(3))).containsExactly(three, two);
        two.signal();
        three.signal();
    }

    @Test
    void groupOfWhatHasEnded_hasEnded() {
        assertThat(FenceGroup.of(List.of(), quota).isSignalled()).isTrue();
        assertThat(FenceGroup.of(List.of(Fence.signalled(), Fence.signalled()), quota)
                        .isSignalled())
                .isTrue();
    }

    @Test
    void groupOfVeryMany_isRefused() {
        List<Fence> many = Stream.generate(Fence::new).limit(1025).toList();

        assertThatThrownBy(() -> FenceGroup.of(many, quota))
                .isInstanceOfSatisfying(
                        DrmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM));

        assertThat(quota.used()).isZero();
    }
}
