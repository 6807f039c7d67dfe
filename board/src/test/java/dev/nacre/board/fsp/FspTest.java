package dev.nacre.board.fsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.fsp.FmcBootParams;
import dev.nacre.hw.fsp.FspCot;
import dev.nacre.hw.fsp.FspPacket;
import dev.nacre.hw.fsp.FspResponse;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pfsp;
import dev.nacre.hw.regs.Therm;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The FSP, driven as drivers do and as they should not. */
class FspTest {
    private static final int ROUNDS = 5000;

    private final FspRig rig = new FspRig();

    @Test
    void itHasBootedFromTheBeginning() {
        assertThat(rig.fsp.bootComplete().read(Therm.I2CS_SCRATCH.offset())).isEqualTo(0xff);
        assertThat(rig.isLocked()).isTrue();
    }

    @Test
    void aChainOfTrustStartsTheFirmwareInMemoryThatItLaysOut() {
        boot();

        assertDone(rig.receive());
        // FRTS 28 MiB below the end; boot loader, image and heap below it, the unprotected heap last.
        assertThat(rig.firmwareCalls).containsExactly("boot f2300000 fe400000 700001000");
        assertThat(rig.mailbox0()).isZero();
        assertThat(rig.isLocked()).isFalse();
        assertThat(rig.gspRead(Pfalcon.RISCV_CPUCTL.offset())).isEqualTo(Pfalcon.RISCV_CPUCTL_ACTIVE_STAT.mask());
        assertThat(rig.memory.mmu().read(0x1fa824)).isEqualTo((int) (0xf260_0000L >> 12 << 4));
        assertThat(rig.memory.mmu().read(0x1fa828)).isEqualTo((int) (0xfe4e_0000L >> 12 << 4));
    }

    @Test
    void theQueueIsEmptyAfterAPacket() {
        boot();

        assertThat(rig.read(Pfsp.QUEUE_TAIL.at(0).offset()))
                .isEqualTo(rig.read(Pfsp.QUEUE_HEAD.at(0).offset()));
        assertThat(rig.receive().length()).isEqualTo(FspPacket.PAYLOAD + FspResponse.BYTES);
        assertThat(rig.receive().length()).isZero();
    }

    @Test
    void firmwareThatEndsHaltsItsCoreAndTakesTheRegionDown() {
        boot();

        assertThat(rig.gsp.ended()).isTrue();

        assertThat(rig.gspRead(Pfalcon.RISCV_CPUCTL.offset())).isEqualTo(Pfalcon.RISCV_CPUCTL_HALTED.mask());
        assertThat(rig.memory.isWpr2Up()).isFalse();
        boot();
        assertThat(rig.firmwareCalls).hasSize(2);
        assertThat(rig.mailbox0()).isZero();
    }

    @Test
    void aSuspendedFirmwareGoesOnInTheSameRegion() {
        boot();
        int region = rig.memory.mmu().read(0x1fa824);
        rig.gsp.ended();
        rig.put64(FspRig.META, BootLayout.SR_META_MAGIC);

        rig.send(FspRig.chainOfTrust(0, 0));

        assertThat(rig.firmwareCalls.getLast())
                .isEqualTo("resume " + Long.toHexString(FspRig.GUEST_BASE + FspRig.META));
        assertThat(rig.memory.mmu().read(0x1fa824)).isEqualTo(region);
        assertThat(rig.isLocked()).isFalse();
    }

    @Test
    void aResetOfTheFalconStopsTheFirmware() {
        boot();

        rig.gsp.falcon().registers().write(0x110000 + Pfalcon.FALCON_ENGINE.offset(), 1);

        assertThat(rig.firmwareCalls).hasSize(2).endsWith("halt");
        assertThat(rig.memory.isWpr2Up()).isFalse();
        assertThat(rig.isLocked()).isTrue();
    }

    @Test
    void firmwareThatRunsIsNotStartedAgain() {
        boot();
        boot();

        assertThat(rig.mailbox0()).isEqualTo(GspFmc.ERROR_STATE);
        assertThat(rig.firmwareCalls).hasSize(1);
    }

    @Test
    void nothingGoesOnThatWasNotSuspended() {
        rig.put64(FspRig.META, BootLayout.SR_META_MAGIC);

        boot();

        assertThat(rig.mailbox0()).isEqualTo(GspFmc.ERROR_STATE);
        assertThat(rig.firmwareCalls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 2", "0, 0, 2", "2, 861, 2", "2, 0, 2"})
    void aMessageOfTheWrongVersionOrSizeIsAnsweredWithAnError(int offset, int value, int error) {
        WireStruct packet = FspRig.chainOfTrust(FspRig.FRTS_FROM_END, FspRig.FRTS_BYTES);
        packet.put16(FspPacket.PAYLOAD + offset, value);

        rig.send(packet);

        assertThat(rig.receive().get32(FspPacket.PAYLOAD + FspResponse.ERROR_CODE))
                .isEqualTo(error);
        assertThat(rig.firmwareCalls).isEmpty();
        assertThat(rig.isLocked()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, FspCot.BYTES - 4})
    void aShortMessageIsAnsweredWithAnError(int payloadBytes) {
        rig.send(
                FspRig.chainOfTrust(FspRig.FRTS_FROM_END, FspRig.FRTS_BYTES).part(0, FspPacket.PAYLOAD + payloadBytes));

        assertThat(rig.receive().get32(FspPacket.PAYLOAD + FspResponse.ERROR_CODE))
                .isEqualTo(Fsp.ERROR_FORMAT);
    }

    @Test
    void aMessageOfAnotherTypeIsAnsweredWithAnError() {
        WireStruct packet = FspRig.chainOfTrust(0, 0);
        packet.put32(FspPacket.NVDM_HEADER, FspPacket.nvdmHeader(0x13));

        rig.send(packet);

        WireStruct answer = rig.receive();
        assertThat(answer.get32(FspPacket.PAYLOAD + FspResponse.COMMAND_NVDM_TYPE))
                .isEqualTo(0x13);
        assertThat(answer.get32(FspPacket.PAYLOAD + FspResponse.ERROR_CODE)).isEqualTo(Fsp.ERROR_TYPE);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 0x80000000", "4, 0", "4, 0x141af47e", "4, 0x1410de01"})
    void whatIsNoMessageIsDropped(int offset, String header) {
        WireStruct packet = FspRig.chainOfTrust(FspRig.FRTS_FROM_END, FspRig.FRTS_BYTES);
        packet.put32(offset, (int) (long) Long.decode(header));

        rig.send(packet);

        assertThat(rig.receive().length()).isZero();
        assertThat(rig.fsp.dropped()).isEqualTo(1);
        assertThat(rig.firmwareCalls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"8, 0", "2, 0", "0, 2", "0, 0x7ffffffc", "0, 0x80000000", "0x80000000, 0x7ffffffc", "0, 0x400", "4, 8"})
    void impossiblePointersAreDropped(String head, String tail) {
        rig.write(Pfsp.QUEUE_TAIL.at(0).offset(), (int) (long) Long.decode(tail));
        rig.write(Pfsp.QUEUE_HEAD.at(0).offset(), (int) (long) Long.decode(head));

        assertThat(rig.fsp.dropped()).isEqualTo(1);
        assertThat(rig.receive().length()).isZero();
    }

    @Test
    void otherQueuesAreNotServed() {
        rig.write(Pfsp.QUEUE_TAIL.at(3).offset(), 0x100);
        rig.write(Pfsp.QUEUE_HEAD.at(3).offset(), 0);

        assertThat(rig.fsp.dropped()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0x08, 0, 5", // target is video memory
        "0x28, 0, 5",
        "0x24, 0, 5", // not the GSP's firmware
        "0x10, 0, 1", // description out of memory
        "0x10, 0x100000, 2" // no description there
    })
    void impossibleParametersAreAFailureInTheMailbox(String offset, String value, int error) {
        rig.put32(FspRig.PARAMETERS + Integer.decode(offset), Integer.decode(value));

        boot();

        assertDone(rig.receive());
        assertThat(rig.mailbox0()).isEqualTo(error);
        assertThat(rig.firmwareCalls).isEmpty();
        assertThat(rig.memory.isWpr2Up()).isFalse();
    }

    @Test
    void parametersOutOfMemoryAreAFailureInTheMailbox() {
        WireStruct packet = FspRig.chainOfTrust(FspRig.FRTS_FROM_END, FspRig.FRTS_BYTES);
        packet.put64(FspPacket.PAYLOAD + FspCot.GSP_BOOT_ARGS_SYSMEM_OFFSET, -FmcBootParams.BYTES);

        rig.send(packet);

        assertThat(rig.mailbox0()).isEqualTo(GspFmc.ERROR_MEMORY);
    }

    @Test
    void anyPacketWhateverIsSurvived() {
        Random random = new Random(11);
        for (int i = 0; i < ROUNDS; i++) {
            WireStruct packet = FspRig.chainOfTrust(random.nextLong(), random.nextInt());
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                packet.put32(random.nextInt(packet.length() / 4) * 4, random.nextInt());
            }
            rig.put64(FspRig.PARAMETERS + random.nextInt(FmcBootParams.BYTES), random.nextLong());
            rig.put64(FspRig.META + random.nextInt(BootLayout.WPR_META_BYTES), random.nextLong());

            rig.send(packet.part(0, 4 * random.nextInt(packet.length() / 4 + 1)));
        }

        assertThat(rig.memory.isWpr2Up()).isEqualTo(!rig.isLocked());
    }

    @Test
    void savedStateGoesOn() {
        boot();
        StateWriter out = new StateWriter();
        rig.fsp.save(out);
        rig.fsp.reset();
        assertThat(rig.receive().length()).isZero();

        rig.fsp.restore(new StateReader(out.toByteArray()));

        assertDone(rig.receive());
        boot();
        assertThat(rig.mailbox0()).isEqualTo(GspFmc.ERROR_STATE);
    }

    private void boot() {
        rig.send(FspRig.chainOfTrust(FspRig.FRTS_FROM_END, FspRig.FRTS_BYTES));
    }

    private static void assertDone(WireStruct answer) {
        assertThat(FspPacket.isSinglePacket(answer.get32(FspPacket.MCTP_HEADER)))
                .isTrue();
        assertThat(answer.get32(FspPacket.NVDM_HEADER))
                .isEqualTo(FspPacket.nvdmHeader(FspPacket.NVDM_TYPE_FSP_RESPONSE));
        assertThat(answer.get32(FspPacket.PAYLOAD + FspResponse.COMMAND_NVDM_TYPE))
                .isEqualTo(FspPacket.NVDM_TYPE_COT);
        assertThat(answer.get32(FspPacket.PAYLOAD + FspResponse.ERROR_CODE)).isZero();
    }
}
