package dev.nacre.board.falcon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.regs.Pfalcon;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FalconTest {
    private final FalconRig rig = new FalconRig();
    private final Falcon sec2 = rig.sec2.falcon();
    private final Falcon gsp = rig.gsp.falcon();

    @Test
    void identityIsWhatDriversExpect() {
        assertThat(FalconRig.read(gsp, 0x0f4)).isEqualTo(0x8000_0400);
        assertThat(FalconRig.read(gsp, 0x100)).isEqualTo(0x10);
        assertThat(FalconRig.read(gsp, 0x108)).isEqualTo(0x0002_0080);
        assertThat(FalconRig.read(gsp, 0x118)).isEqualTo(2);
        assertThat(FalconRig.read(gsp, 0x12c)).isEqualTo(0x36);
        assertThat(FalconRig.read(gsp, 0x1388)).isEqualTo(0x10);
        assertThat(FalconRig.read(gsp, 0x1528)).isEqualTo(0x40);
        assertThat(FalconRig.read(gsp, 0x1668)).isEqualTo(1);
    }

    @Test
    void transfersCopyFromTheGuestInPieces() {
        byte[] image = random(0x400);
        MemorySegment.copy(image, 0, rig.guestBytes, ValueLayout.JAVA_BYTE, 0x300, image.length);

        FalconRig.load(sec2, FalconRig.GUEST_BASE + 0x300, 0x200, 0x200);

        assertThat(dataBytes(sec2, 0, 0x200)).isEqualTo(Arrays.copyOfRange(image, 0x200, 0x400));
        assertThat(sec2.faults()).isZero();
    }

    @Test
    void transfersCopyFromTheBoardsMemoryIfTheTargetSaysSo() {
        rig.vram.writeInt(0x5000, 0x1234_5678);
        FalconRig.write(sec2, Pfalcon.FBIF_TRANSCFG.first().offset() + 4, 4);
        FalconRig.write(sec2, Pfalcon.FALCON_DMATRFBASE.offset(), 0x50);

        FalconRig.transfer(sec2, 0x100, 0, 0x600 | 1 << 12);

        assertThat(sec2.dataMemory().readInt(0x100)).isEqualTo(0x1234_5678);
    }

    @Test
    void theHighHalfOfAnAddressCounts() {
        FalconRig.write(sec2, Pfalcon.FBIF_TRANSCFG.first().offset(), 5);
        FalconRig.write(sec2, Pfalcon.FALCON_DMATRFBASE.offset(), (int) (FalconRig.GUEST_BASE >> 8));
        FalconRig.write(sec2, Pfalcon.FALCON_DMATRFBASE1.offset(), 1);

        FalconRig.transfer(sec2, 0, 0, 0x600);

        assertThat(sec2.faults()).isOne();
    }

    @Test
    void aTransferThatMeetsNoMemoryEndsInAnErrorAndNothingRuns() {
        FalconRig.load(sec2, 0xdead_0000L, 0x100, 0x100);
        FalconRig.mailboxes(sec2, BooterProgram.UNLOAD);

        FalconRig.start(sec2);

        assertThat(sec2.faults()).isEqualTo(2);
        assertThat(FalconRig.mailbox0(sec2)).isEqualTo(Falcon.LOAD_FAULT);
        assertThat(FalconRig.read(sec2, 0x100)).isEqualTo(0x10);
    }

    @Test
    void aTransferBeyondTheMemoryIsAFault() {
        FalconRig.write(sec2, Pfalcon.FBIF_TRANSCFG.first().offset(), 5);
        FalconRig.write(sec2, Pfalcon.FALCON_DMATRFBASE.offset(), (int) (FalconRig.GUEST_BASE >> 8));

        FalconRig.transfer(sec2, 0x7fff, 0, 0x614);
        FalconRig.transfer(sec2, 0xffffff, 0, 0x600);

        assertThat(sec2.faults()).isEqualTo(2);
    }

    @Test
    void aFreshResetMakesUpForAFault() {
        FalconRig.load(sec2, 0xdead_0000L, 0x100, 0x100);
        FalconRig.reset(sec2);
        FalconRig.load(sec2, FalconRig.GUEST_BASE, 0x100, 0x100);
        FalconRig.mailboxes(sec2, BooterProgram.UNLOAD);

        FalconRig.start(sec2);

        assertThat(FalconRig.mailbox0(sec2)).isZero();
    }

    @Test
    void aStartWithNothingLoadedLeavesTheMailboxes() {
        FalconRig.mailboxes(gsp, 0x1_2345_6789L);

        FalconRig.start(gsp);

        assertThat(gsp.mailboxes()).isEqualTo(0x1_2345_6789L);
        assertThat(FalconRig.read(gsp, 0x100)).isEqualTo(0x10);
        assertThat(rig.pbus.registers().read(0x1438)).isZero();
    }

    @Test
    void aStartWithTheRiscvCoreSelectedDoesNothing() {
        FalconRig.load(sec2, FalconRig.GUEST_BASE, 0x100, 0x100);
        FalconRig.write(sec2, 0x1668, 0x111);
        FalconRig.mailboxes(sec2, BooterProgram.UNLOAD);

        FalconRig.start(sec2);

        assertThat(sec2.mailboxes()).isEqualTo(BooterProgram.UNLOAD);
    }

    @Test
    void mailboxesSurviveAResetAndNothingElseDoes() {
        FalconRig.load(sec2, FalconRig.GUEST_BASE, 0x100, 0x100);
        sec2.dataMemory().writeInt(0x40, 7);
        FalconRig.write(sec2, 0x1668, 0x111);
        FalconRig.mailboxes(sec2, 0x12_0000_0034L);

        FalconRig.reset(sec2);

        assertThat(sec2.mailboxes()).isEqualTo(0x12_0000_0034L);
        assertThat(FalconRig.read(sec2, 0x1668)).isEqualTo(1);
        assertThat(FalconRig.read(sec2, Pfalcon.FBIF_TRANSCFG.first().offset())).isZero();
        assertThat(sec2.dataMemory().readInt(0x40)).isZero();
        FalconRig.start(sec2);
        assertThat(sec2.mailboxes()).isEqualTo(0x12_0000_0034L);
    }

    @Test
    void coreSelectKeepsOnlyItsBitsAndIsAlwaysValid() {
        FalconRig.write(gsp, 0x1668, -1);

        assertThat(FalconRig.read(gsp, 0x1668)).isEqualTo(0x111);
    }

    @Test
    void portsWriteAndReadMemoryAndAdvance() {
        FalconRig.write(sec2, 0x1c0 + 8, 0x0100_0210);
        FalconRig.write(sec2, 0x1c4 + 8, 0xaaaa);
        FalconRig.write(sec2, 0x1c4 + 8, 0xbbbb);
        FalconRig.write(sec2, 0x1c0 + 8, 0x0200_0210);

        assertThat(FalconRig.read(sec2, 0x1c4 + 8)).isEqualTo(0xaaaa);
        assertThat(FalconRig.read(sec2, 0x1c4 + 8)).isEqualTo(0xbbbb);
        assertThat(FalconRig.read(sec2, 0x1c0 + 8)).isEqualTo(0x0200_0218);
        assertThat(sec2.dataMemory().readInt(0x214)).isEqualTo(0xbbbb);
    }

    @Test
    void aPortBeyondTheMemoryReadsZeroAndSwallowsWrites() {
        FalconRig.write(sec2, 0x180, 0x00ff_fffc);
        FalconRig.write(sec2, 0x184, 1);

        assertThat(FalconRig.read(sec2, 0x184)).isZero();
    }

    @Test
    void interruptStatusIsClearedByOnesAndMasksAreSetAndCleared() {
        gsp.interrupt(0x50);

        FalconRig.write(gsp, 0x004, 0x40);
        FalconRig.write(gsp, 0x010, 0xff);
        FalconRig.write(gsp, 0x014, 0x0f);

        assertThat(FalconRig.read(gsp, 0x008)).isEqualTo(0x10);
        assertThat(FalconRig.read(gsp, 0x018)).isEqualTo(0xf0);
    }

    @Test
    void theMessageInterruptIsRaisedAgainWhileItsStatusIsSet() {
        rig.gsp.messageInterrupt();
        FalconRig.write(gsp, 0x3e8, 1);
        FalconRig.write(gsp, 0x004, 0x40);
        FalconRig.write(gsp, 0x3e8, 1);

        assertThat(rig.raised).containsExactly(FalconRig.VECTOR, FalconRig.VECTOR);
    }

    @Test
    void savedStateGoesOnWhereItWas() {
        byte[] image = random(0x300);
        MemorySegment.copy(image, 0, rig.guestBytes, ValueLayout.JAVA_BYTE, 0, image.length);
        FalconRig.load(sec2, FalconRig.GUEST_BASE, 0x100, 0x200);
        FalconRig.mailboxes(sec2, BooterProgram.UNLOAD);
        StateWriter saved = new StateWriter();
        sec2.save(saved);
        FalconRig other = new FalconRig();

        other.sec2.falcon().restore(new StateReader(saved.toByteArray()));

        assertThat(dataBytes(other.sec2.falcon(), 0, 0x200)).isEqualTo(dataBytes(sec2, 0, 0x200));
        FalconRig.start(other.sec2.falcon());
        assertThat(FalconRig.mailbox0(other.sec2.falcon())).isZero();
    }

    private static byte[] dataBytes(Falcon falcon, int from, int count) {
        return falcon.dataMemory().segment().asSlice(from, count).toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
