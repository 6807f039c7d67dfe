package dev.nacre.corejava;

import static dev.nacre.corejava.AttachTest.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.CoreError;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.GspClient;
import dev.nacre.core.MapRequest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FbMemoryTest {
    private final FakeGpu gpu = new FakeGpu();
    private final JavaCore core = new JavaCore(gpu, 128);
    private final Attachment attachment = new RecordingClient().attach(core);

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void memory_isAlignedAndRoundedUp() {
        FbMemory memory = attachment.allocFbMemory(FbRequest.aligned(4097, 32 << 20));

        assertThat(memory.bytes()).isEqualTo(8192);
        assertThat(memory.offset() % (32 << 20)).isZero();
    }

    @Test
    void memoryAtAPlace_isThereOrRefused() {
        FbRequest request = new FbRequest(4096, 4096, OptionalLong.of(8 << 20));

        assertThat(attachment.allocFbMemory(request).offset()).isEqualTo(8 << 20);
        assertError(CoreError.NO_SPACE, () -> attachment.allocFbMemory(request));
    }

    @Test
    void allMemory_canBeTakenAndTakenAgain() {
        for (int round = 0; round < 2; round++) {
            List<FbMemory> all = new ArrayList<>();
            for (long left = attachment.totalFbBytes(); left > 0; left -= Math.min(left, 1 << 20)) {
                all.add(attachment.allocFbMemory(FbRequest.of(Math.min(left, 1 << 20))));
            }
            assertError(CoreError.NO_SPACE, () -> attachment.allocFbMemory(FbRequest.of(1)));
            all.forEach(FbMemory::close);
        }
        assertThat(attachment
                        .allocFbMemory(FbRequest.of(attachment.totalFbBytes()))
                        .bytes())
                .isEqualTo(attachment.totalFbBytes());
    }

    @Test
    void bar1Mapping_reachesTheMemory() {
        FbMemory memory = attachment.allocFbMemory(FbRequest.of(3 << 20));
        Bar1Mapping mapping = memory.mapBar1(MapRequest.of(1 << 20, 1 << 20));
        MemorySegment bytes = MemorySegment.ofArray(new byte[] {1, 2, 3, 4});

        mapping.write(4094, bytes, 0, 4);

        MemorySegment back = MemorySegment.ofArray(new byte[4]);
        mapping.read(4094, back, 0, 4);
        assertThat(back.toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3, 4);
        assertThat(gpu.fb.get(ValueLayout.JAVA_BYTE, memory.offset() + (1 << 20) + 4095))
                .isEqualTo((byte) 2);
    }

    @Test
    void bar1Mapping_obeysItsRules() {
        FbMemory memory = attachment.allocFbMemory(FbRequest.of(1 << 20));
        Bar1Mapping mapping = memory.mapBar1(MapRequest.of(0, 8192));
        MemorySegment segment = MemorySegment.ofArray(new byte[16]);

        assertError(CoreError.EXISTS, () -> memory.mapBar1(MapRequest.of(0, 4096)));
        assertError(CoreError.BUSY, memory::close);
        assertError(CoreError.INVALID_ARGUMENT, () -> mapping.read(8190, segment, 0, 3));
        assertError(CoreError.INVALID_ARGUMENT, () -> mapping.write(-1, segment, 0, 3));
        mapping.close();
        mapping.close();
        assertError(CoreError.STALE, () -> mapping.read(0, segment, 0, 1));
        assertError(CoreError.INVALID_ARGUMENT, () -> memory.mapBar1(MapRequest.of(1 << 20, 4096)));
        memory.close();
        memory.close();
        assertError(CoreError.STALE, () -> memory.mapBar1(MapRequest.of(0, 4096)));
    }

    @Test
    void fullWindow_isToldAndRecovers() {
        FbMemory first = attachment.allocFbMemory(FbRequest.of(16 << 20));
        FbMemory second = attachment.allocFbMemory(FbRequest.of(1 << 20));
        Bar1Mapping all = first.mapBar1(MapRequest.of(0, 16 << 20));

        assertError(CoreError.NO_SPACE, () -> second.mapBar1(MapRequest.of(0, 4096)));
        all.close();
        second.mapBar1(MapRequest.of(0, 4096)).close();
    }

    @Test
    void channelIds_comeFromTheReservedPool() {
        ChannelIds half = attachment.allocChannelIds(64);
        ChannelIds rest = attachment.allocChannelIds(64);

        assertThat(half.first()).isGreaterThanOrEqualTo(128);
        assertThat(rest.first()).isNotEqualTo(half.first());
        assertThat(attachment.availableChannelIds()).isZero();
        assertError(CoreError.NO_SPACE, () -> attachment.allocChannelIds(1));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.allocChannelIds(0));
        half.close();
        assertThat(attachment.availableChannelIds()).isEqualTo(64);
    }

    @Test
    void gspClient_passesControlsOn() {
        GspClient client = attachment.allocGspClient();

        assertThat(client.read(0x20802a08, new byte[4])).containsExactly(0, 0x50, 0, 0);
        assertError(CoreError.INVALID_ARGUMENT, () -> client.write(1, new byte[(1 << 20) + 1]));
        client.close();
        assertError(CoreError.STALE, () -> client.read(1, new byte[4]));
        assertThat(gpu.sessions).hasValue(0);
    }

    @Test
    void logs_areTold() {
        assertThat(attachment.gspLogs()).extracting(log -> log.name()).containsExactly("init");
    }
}
