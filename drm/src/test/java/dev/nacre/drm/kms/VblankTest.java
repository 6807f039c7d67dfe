package dev.nacre.drm.kms;

import static dev.nacre.drm.kms.KmsClient.RED;
import static dev.nacre.drm.kms.KmsClient.arg;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.kms.KmsClient.Words;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Counts of frames, waits and events on a board. */
class VblankTest {
    private static final int RELATIVE = 1;
    private static final int EVENT = 0x0400_0000;
    private static final int NEXT_ON_MISS = 0x1000_0000;

    private final KmsRig rig = new KmsRig();
    private final KmsClient client = rig.client();
    private final int crtc = client.crtcs().getFirst();

    @AfterEach
    void close() {
        rig.close();
    }

    private void show() {
        client.show(client.connectors().getFirst(), crtc, client.picture(1024, 768, RED));
    }

    @Test
    void headThatIsOff_hasNoFrames() {
        client.refused(Errno.EINVAL, 0x3a, arg(24).put(0, RELATIVE));
        client.refused(Errno.EINVAL, 0x3b, arg(24).put(0, crtc));
        client.refused(Errno.ENOENT, 0x3b, arg(24).put(0, 0x7777));
    }

    @Test
    void waits_endAtTheirFrame() {
        show();
        Words now = client.ok(0x3a, arg(24).put(0, RELATIVE));

        Words later = client.ok(0x3a, arg(24).put(0, RELATIVE).put(4, 2));

        assertThat(later.get(4) - now.get(4)).isGreaterThanOrEqualTo(2);
        assertThat(later.getLong(8) * 1_000_000 + later.getLong(16))
                .isGreaterThan(now.getLong(8) * 1_000_000 + now.getLong(16));
        Words absolute = client.ok(0x3a, arg(24).put(4, later.get(4) + 1));
        assertThat(absolute.get(4)).isGreaterThan(later.get(4));
        Words passed = client.ok(0x3a, arg(24).put(4, now.get(4)));
        assertThat(passed.get(4)).isGreaterThanOrEqualTo(absolute.get(4));
        Words next = client.ok(0x3a, arg(24).put(0, NEXT_ON_MISS).put(4, now.get(4)));
        assertThat(next.get(4)).isGreaterThan(passed.get(4));
    }

    @Test
    void event_comesAtItsFrame() throws InterruptedException {
        show();

        Words queued =
                client.ok(0x3a, arg(24).put(0, RELATIVE | EVENT).put(4, 1).putLong(8, 0xabcd_0000_1234L));

        MemorySegment event = MemorySegment.ofArray(client.event());
        assertThat(event.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(1);
        assertThat(event.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(0xabcd_0000_1234L);
        assertThat(event.get(ValueLayout.JAVA_INT_UNALIGNED, 24)).isGreaterThanOrEqualTo(queued.get(4));
        assertThat(event.get(ValueLayout.JAVA_INT_UNALIGNED, 28)).isEqualTo(crtc);
    }

    @Test
    void sequences_areOf64Bits() throws InterruptedException {
        show();
        Words now = client.ok(0x3b, arg(24).put(0, crtc));
        assertThat(now.get(4)).isEqualTo(1);
        assertThat(now.getLong(16)).isPositive();

        Words queued =
                client.ok(0x3c, arg(24).put(0, crtc).put(4, 1).putLong(8, 2).putLong(16, 7));

        assertThat(queued.getLong(8)).isGreaterThanOrEqualTo(now.getLong(8) + 2);
        MemorySegment event = MemorySegment.ofArray(client.event());
        assertThat(event.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(3);
        assertThat(event.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(7);
        assertThat(event.get(ValueLayout.JAVA_LONG_UNALIGNED, 24)).isGreaterThanOrEqualTo(queued.getLong(8));
        client.refused(Errno.EINVAL, 0x3c, arg(24).put(0, crtc).put(4, 8));
    }

    @Test
    void impossibleWaits_areRefused() {
        show();

        client.refused(Errno.EINVAL, 0x3a, arg(24).put(0, 0x4000_0000));
        client.refused(Errno.EINVAL, 0x3a, arg(24).put(0, 0x80));
        client.refused(Errno.EINVAL, 0x3a, arg(24).put(0, RELATIVE | 1 << 1));
        client.refused(Errno.EINVAL, 0x3a, arg(24).put(0, RELATIVE | 0x2000_0000));
    }

    @Test
    void closedFile_endsItsWaits() throws Exception {
        show();
        KmsClient other = rig.client();
        CompletableFuture<Integer> errno = new CompletableFuture<>();
        Thread waiter = Thread.ofPlatform()
                .start(() ->
                        errno.complete(other.call(0x3a, arg(24).put(0, RELATIVE).put(4, 1_000_000))));
        while (waiter.getState() != Thread.State.TIMED_WAITING && waiter.isAlive()) {
            Thread.onSpinWait();
        }

        other.close();

        assertThat(errno.get(30, TimeUnit.SECONDS)).isEqualTo(Errno.EINTR.number());
    }
}
