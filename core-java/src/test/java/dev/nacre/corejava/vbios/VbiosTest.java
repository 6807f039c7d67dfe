package dev.nacre.corejava.vbios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.boot.BoardUnderTest;
import dev.nacre.corejava.boot.BoardUnderTest.Transport;
import dev.nacre.corejava.falcon.FalconUcode;
import dev.nacre.corejava.io.ConfigSpace;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Hostility;
import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.chip.Chip;
import org.junit.jupiter.api.Test;

class VbiosTest {
    private static final HostileBytes ROM = rom();
    private static final int SIGNATURE_BYTES = 384;

    private static HostileBytes rom() {
        try (BoardUnderTest under = new BoardUnderTest(Chip.AD102, Transport.LOCAL)) {
            new ConfigSpace(under.function()).enable();
            return new Prom(new Registers(under.function())).read();
        }
    }

    @Test
    void romOfBoardHasVersionAndFwsec() {
        Vbios vbios = Vbios.parse(ROM);

        assertThat(vbios.version()).matches("[0-9a-f]{2}(\\.[0-9a-f]{2}){4}");
        assertThat(vbios.fwsec().engineIdMask()).isEqualTo(0x400);
        assertThat(vbios.fwsec().ucodeId()).isEqualTo(9);
        assertThat(vbios.fwsec().signatures()).hasSizeGreaterThan(0);
    }

    @Test
    void ucodeCarriesSignatureAndCommand() {
        Fwsec fwsec = Vbios.parse(ROM).fwsec();

        FalconUcode frts = fwsec.ucode(Fwsec.Command.FRTS, 0, 0x3fe0_0000L, 1 << 20);
        FalconUcode sb = fwsec.ucode(Fwsec.Command.SB, 0, 0, 0);

        byte[] signature = fwsec.signatures().getFirst().copy();
        assertThat(frts.dmem().copy(frts.signatureOffset(), SIGNATURE_BYTES)).isEqualTo(signature);
        assertThat(sb.dmem().copy(sb.signatureOffset(), SIGNATURE_BYTES)).isEqualTo(signature);
        assertThat(frts.dmem().copy()).isNotEqualTo(sb.dmem().copy());
        assertThat(frts.imem().size() % 256).isZero();
    }

    @Test
    void versionWithoutSignatureIsRefused() {
        Fwsec fwsec = Vbios.parse(ROM).fwsec();

        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> fwsec.ucode(Fwsec.Command.SB, 16, 0, 0))
                .extracting(CoreException::error)
                .isEqualTo(CoreError.IO);
    }

    @Test
    void anyRomIsTakenOrRefused() {
        Hostility.assertTakenOrRefused(ROM.copy(), bytes -> {
            Fwsec fwsec = Vbios.parse(new HostileBytes("VBIOS", bytes)).fwsec();
            fwsec.ucode(Fwsec.Command.FRTS, 0, 0x1000, 0x1000);
        });
    }

    @Test
    void anyDataOfFwsecAreTakenOrRefused() {
        Fwsec good = Vbios.parse(ROM).fwsec();

        Hostility.assertTakenOrRefused(
                good.dmem().copy(),
                bytes -> new Fwsec(
                                good.imem(),
                                good.imemAddress(),
                                good.imemVirtualAddress(),
                                new HostileBytes("FWSEC", bytes),
                                good.dmemAddress(),
                                good.signatureOffset(),
                                good.interfaceOffset(),
                                good.engineIdMask(),
                                good.ucodeId(),
                                good.signatureVersions(),
                                good.signatures())
                        .ucode(Fwsec.Command.FRTS, 0, 0x1000, 0x1000));
    }
}
