package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CHANNEL_ALLOC, CHANNEL_FREE, GROBJ_ALLOC, NOTIFIEROBJ_ALLOC, GPUOBJ_FREE. */
class ChannelTest {
    @ParameterizedTest
    @ValueSource(ints = {TestClient.ENGINE_GR, TestClient.ENGINE_CE})
    void alloc_givesIdDomainsAndNotifier(int engine) {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            MemorySegment arg = TestClient.channelRequest(engine);

            assertThat(client.channelAlloc(arg)).isEmpty();

            assertThat(TestClient.word(arg, 0)).isZero();
            assertThat(TestClient.word(arg, 4)).isZero();
            assertThat(TestClient.word(arg, 8)).isNotNegative();
            assertThat(TestClient.word(arg, 12)).isEqualTo(TestClient.VRAM | TestClient.GART);
            MemorySegment notifier = client.info(TestClient.word(arg, 16));
            assertThat(TestClient.longAt(notifier, 8)).isEqualTo(TestClient.PAGE);
            assertThat(TestClient.longAt(notifier, 16)).as("its address").isPositive();
        }
    }

    @Test
    void allocWithoutAnEngine_isGraphics() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            MemorySegment arg = TestClient.bytes(88);

            assertThat(client.channelAlloc(arg)).isEmpty();
        }
    }

    @Test
    void enginesThatAreNotThere_areRefusedAsTheKernelDoes() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            for (int video : new int[] {2, 4, 8}) {
                assertThat(client.channelAlloc(TestClient.channelRequest(video)))
                        .contains(Errno.EINVAL);
            }
            assertThat(client.channelAlloc(TestClient.channelRequest(3))).contains(Errno.ENOSYS);
            MemorySegment noHandle = TestClient.bytes(88);
            noHandle.asSlice(4, 4).fill((byte) 0xff);
            assertThat(client.channelAlloc(noHandle)).contains(Errno.EINVAL);
        }
    }

    @Test
    void free_endsItOnce() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int channel = client.channel(TestClient.ENGINE_CE);

            assertThat(client.channelFree(channel)).isEmpty();

            assertThat(client.channelFree(channel)).contains(Errno.ENOENT);
            assertThat(client.channelFree(-1)).contains(Errno.ENOENT);
        }
    }

    @Test
    void channelsOfOthers_areNotThere() {
        try (Rig rig = new Rig();
                TestClient client = rig.client();
                TestClient other = rig.client()) {
            int channel = client.channel(TestClient.ENGINE_CE);

            assertThat(other.channelFree(channel)).contains(Errno.ENOENT);
            assertThat(client.channelFree(channel)).isEmpty();
        }
    }

    @Test
    void channelsWithoutEnd_areRefusedAndComeBack() {
        try (Rig rig = new Rig();
                TestClient greedy = rig.client()) {
            int first = greedy.channel(TestClient.ENGINE_CE);
            Optional<Errno> last = Optional.empty();
            for (int i = 0; i < 3000 && last.isEmpty(); i++) {
                last = greedy.channelAlloc(TestClient.channelRequest(TestClient.ENGINE_CE));
            }
            assertThat(last).contains(Errno.ENOSPC);
            assertThat(greedy.channelFree(first)).isEmpty();
            assertThat(greedy.channelAlloc(TestClient.channelRequest(TestClient.ENGINE_CE)))
                    .isEmpty();

            greedy.close();

            try (TestClient next = rig.client()) {
                next.channel(TestClient.ENGINE_CE);
            }
        }
    }

    @Test
    void objectsOfTheOldInterface_areBounded() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int channel = client.channel(TestClient.ENGINE_GR);
            Optional<Errno> last = Optional.empty();
            for (int handle = 0; handle < 10_000 && last.isEmpty(); handle++) {
                last = client.ioctl(0x04, TestClient.words(channel, handle, 0xc997));
            }
            assertThat(last).contains(Errno.ENOMEM);
        }
    }

    @Test
    void objectsOfTheOldInterface_haveTheirHandles() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int channel = client.channel(TestClient.ENGINE_GR);

            assertThat(client.ioctl(0x04, TestClient.words(channel, 1, 0xc997))).isEmpty();
            assertThat(client.ioctl(0x04, TestClient.words(channel, 1, 0xc997))).contains(Errno.EEXIST);
            assertThat(client.ioctl(0x04, TestClient.words(channel, -1, 0xc997)))
                    .contains(Errno.EINVAL);
            assertThat(client.ioctl(0x04, TestClient.words(channel, 2, 0x006e))).contains(Errno.EINVAL);
            assertThat(client.ioctl(0x04, TestClient.words(channel + 1, 2, 0xc997)))
                    .contains(Errno.ENOENT);
            assertThat(client.ioctl(0x06, TestClient.words(channel, 1))).isEmpty();
            assertThat(client.ioctl(0x06, TestClient.words(channel, 1))).contains(Errno.ENOENT);
            assertThat(client.ioctl(0x06, TestClient.words(channel + 1, 1))).contains(Errno.EINVAL);
        }
    }

    @Test
    void notifierObjects_areForOlderChips() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int channel = client.channel(TestClient.ENGINE_GR);

            assertThat(client.ioctl(0x05, TestClient.words(channel, 1, 32, 0))).contains(Errno.EINVAL);
        }
    }
}
