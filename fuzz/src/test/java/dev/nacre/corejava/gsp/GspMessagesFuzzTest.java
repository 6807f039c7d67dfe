package dev.nacre.corejava.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FaultCause;
import dev.nacre.corejava.falcon.Falcon;
import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.GpuListener;
import dev.nacre.corejava.gpu.VgpuShares;
import dev.nacre.corejava.intr.GpuInterrupts;
import dev.nacre.corejava.intr.InterruptTree;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.rm.BoardControls;
import dev.nacre.corejava.rm.InterruptVectors;
import dev.nacre.corejava.rm.Rm;
import dev.nacre.corejava.rm.Sessions;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.regs.Psec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A GSP that answers anything at all to what the core asks in its boot, and sends any events: the core gets an answer, or
 * the error of a GPU that lies or is silent, and never more than it can hold.
 */
final class GspMessagesFuzzTest {
    private static final long FB_BYTES = 1L << 30;

    // TIMEOUT: the GSP acts while its doorbell rings, so what is not there at once never comes.
    private static final long PATIENCE_NS = 1_000_000;

    private static final int QUESTIONS = 6;
    private static final int LONG_CONTROL_BYTES = 100_000;

    private static final MemorySegment SHARED = Arena.global().allocate(MessageQueues.BYTES, 4096);

    @FuzzTest
    void anyGsp(byte[] input) {
        SHARED.fill((byte) 0);
        HostileGsp gsp = new HostileGsp(SHARED, input);
        Registers registers = new Registers(gsp);
        Rpc rpc = new Rpc(new MessageQueues(SHARED, 0x1_0000_0000L), registers, () -> {}, PATIENCE_NS);
        GpuInterrupts interrupts = interrupts(registers, rpc);

        int question = gsp.next() % QUESTIONS;
        try {
            ask(question, rpc);
        } catch (CoreException e) {
            assertThat(e.error()).isIn(CoreError.IO, CoreError.TIMED_OUT);
        }
        rpc.receive();
        // Delivers what has come.
        interrupts.enable();
        interrupts.interrupt();
        assertThat(rpc.takeEvent()).isEmpty();
    }

    private static void ask(int question, Rpc rpc) {
        GspAbi abi = GspAbi.of(question % 2 == 0 ? GspVersion.R570_144 : GspVersion.R535_113_01);
        Rm rm = new Rm(rpc);
        BoardControls controls = new BoardControls(rm, abi, info());
        switch (question) {
            case 0, 1 ->
                assertThat(StaticInfo.read(rpc, abi, FB_BYTES).fbRegions()).isNotEmpty();
            case 2 -> {
                InterruptVectors vectors = InterruptVectors.read(controls, InterruptTree.END);
                ChannelModel model = new ChannelModel(1, 2, 3, 4, 5, 6, 7);
                assertThat(controls.engines(vectors, model)).hasSizeLessThan(128);
            }
            case 3 -> {
                assertThat(controls.channels(List.of())).isPositive();
                assertThat(controls.vmmuSegmentBytes()).isNotNegative();
                controls.isEccEnabled();
                assertThat(controls.silicon(0).gpcs()).isBetween(0, Integer.SIZE);
            }
            case 4 -> new Sessions(rm, abi).create().close();
            default -> rm.control(1, 2, 3, new byte[LONG_CONTROL_BYTES]);
        }
    }

    private static StaticInfo info() {
        return new StaticInfo("", "", List.of(), 0, 0, 0, new BitSet(), 1, 2, 3, -1, -1, Optional.empty());
    }

    private static GpuInterrupts interrupts(Registers registers, Rpc rpc) {
        Falcon falcon = new Falcon("GSP", Pgsp.BASE, registers);
        Sequencer sequencer =
                new Sequencer(registers, falcon, new Falcon("SEC2", Psec.BASE, registers), 0, 0x1_0000_0000L);
        GspAbi abi = GspAbi.of(GspVersion.R570_144);
        GpuInterrupts interrupts = new GpuInterrupts(
                new GpuInterrupts.Parts(registers, new InterruptTree(registers, true), falcon, rpc, abi, sequencer),
                155,
                Optional.empty(),
                List.of());
        interrupts.listen(new GpuListener() {
            @Override
            public void nonStall(int engineBit) {}

            @Override
            public void channelFault(int channelId, FaultCause cause, OptionalLong address) {}

            @Override
            public void vgpuNotice(int gfid, int index) {}

            @Override
            public void vgpuShares(Map<Integer, VgpuShares> shares) {}

            @Override
            public void vblank(int heads) {}

            @Override
            public void hotplug() {}

            @Override
            public void gone() {}
        });
        return interrupts;
    }
}
