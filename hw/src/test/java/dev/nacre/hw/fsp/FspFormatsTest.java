package dev.nacre.hw.fsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.chip.BootPath;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.regs.Pfsp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FspFormatsTest {
    @Test
    void headersAreThoseOfADriver() {
        // HW: nouveau nvkm/subdev/fsp/gh100.c: SOM, EOM; type 0x7e, vendor 0x10de, NVDM type 0x14
        assertThat(FspPacket.MCTP_SINGLE_PACKET).isEqualTo(0xc0000000);
        assertThat(FspPacket.nvdmHeader(FspPacket.NVDM_TYPE_COT)).isEqualTo(0x1410de7e);
        assertThat(FspPacket.nvdmHeader(FspPacket.NVDM_TYPE_FSP_RESPONSE)).isEqualTo(0x1510de7e);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x80000000, 0x40000000})
    void packetOfALongerMessageIsNotASingleOne(int mctpHeader) {
        assertThat(FspPacket.isSinglePacket(mctpHeader)).isFalse();
        assertThat(FspPacket.isSinglePacket(mctpHeader | 0xc1ab_0000)).isTrue();
    }

    @Test
    void messageOfAnotherVendorOrKindIsNotNvidias() {
        assertThat(FspPacket.isNvdm(0xff10de7e)).isTrue();
        assertThat(FspPacket.isNvdm(0x141af47e)).isFalse();
        assertThat(FspPacket.isNvdm(0x1410de01)).isFalse();
        assertThat(FspPacket.nvdmType(0xff10de7e)).isEqualTo(0xff);
    }

    @Test
    void fieldsOfTheChainOfTrustFollowEachOther() {
        assertThat(FspCot.FRTS_VIDMEM_SIZE + 4).isEqualTo(FspCot.HASH384);
        assertThat(FspCot.HASH384 + 48).isEqualTo(FspCot.PUBLIC_KEY);
        assertThat(FspCot.PUBLIC_KEY + 384).isEqualTo(FspCot.SIGNATURE);
        assertThat(FspCot.SIGNATURE + 384).isEqualTo(FspCot.GSP_BOOT_ARGS_SYSMEM_OFFSET);
        assertThat(FspCot.GSP_BOOT_ARGS_SYSMEM_OFFSET + 8).isEqualTo(FspCot.BYTES);
        assertThat(FspPacket.PAYLOAD + FspCot.BYTES).isLessThanOrEqualTo(Pfsp.CHANNEL_BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void chipsThatBootByTheFspHaveItsMessage(Chip chip) {
        assertThat(FspCot.of(chip).isPresent()).isEqualTo(chip.bootPath() == BootPath.FSP);
    }

    @Test
    void keysAndSignaturesFitTheirFields() {
        for (FspCot cot : new FspCot[] {FspCot.HOPPER, FspCot.BLACKWELL}) {
            assertThat(cot.hashBytes()).isLessThanOrEqualTo(FspCot.PUBLIC_KEY - FspCot.HASH384);
            assertThat(cot.publicKeyBytes()).isLessThanOrEqualTo(FspCot.SIGNATURE - FspCot.PUBLIC_KEY);
            assertThat(cot.signatureBytes()).isLessThanOrEqualTo(FspCot.GSP_BOOT_ARGS_SYSMEM_OFFSET - FspCot.SIGNATURE);
        }
    }
}
