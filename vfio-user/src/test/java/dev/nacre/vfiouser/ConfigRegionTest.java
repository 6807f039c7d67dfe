package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.PciFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configuration space through REGION_READ and REGION_WRITE: what VMMs do to it, against a real one. */
@ExtendWith(LeavesNothing.class)
class ConfigRegionTest {
    private static final int COMMAND = 0x04;

    private final ServedConfig served = new ServedConfig(0, "");

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void wholeSpaceIsReadInOneMessage() {
        byte[] all = served.read(PciFunction.CONFIG_REGION, 0, 4096);

        assertThat(Bytes.little(all).getInt(0)).isEqualTo(0x5678_1234);
        assertThat(Bytes.little(all).getInt(0x104)).isEqualTo(0x0506_0708);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0x34", "1, 1, 0x12", "2, 2, 0x5678", "1, 2, 0x7812", "0, 4, 0x56781234", "1, 3, 0x567812"})
    void anySizeAndAlignmentIsRead(int offset, int count, String value) {
        assertThat(served.config(offset, count)).isEqualTo(Long.decode(value));
    }

    @ParameterizedTest
    @CsvSource({
        "0x10, 0xfffff000",
        "0x14, 0xffffff81",
        "0x18, 0x0000000c",
        "0x1c, 0xfffffffe",
        "0x20, 0xffffc000",
        "0x24, 0x00000000",
        "0x30, 0xffff0001"
    })
    void everyKindOfBarSizesAndIsRestored(String register, String mask) {
        int at = Integer.decode(register);
        long before = served.config(at, 4);

        served.config(at, 4, 0xffff_ffffL);
        long sized = served.config(at, 4);
        served.config(at, 4, before);

        assertThat(sized).isEqualTo(Long.decode(mask));
        assertThat(served.config(at, 4)).isEqualTo(before);
    }

    @Test
    void halvesOfABarSizeByTwoByteWrites() {
        served.config(0x20, 2, 0xffff);
        served.config(0x22, 2, 0xffff);

        assertThat(served.config(0x20, 4)).isEqualTo(0xffff_c000L);
    }

    @Test
    void unalignedSizingWriteChangesOnlyItsBytes() {
        served.config(0x11, 2, 0xffff);

        assertThat(served.config(0x10, 4)).isEqualTo(0x00ff_f000L);
    }

    @Test
    void capabilityListLeadsToEveryCapability() {
        List<Integer> ids = new ArrayList<>();
        for (int at = (int) served.config(0x34, 1); at != 0; at = (int) served.config(at + 1, 1)) {
            ids.add((int) served.config(at, 1));
        }

        assertThat(ids).containsExactly(0x01, 0x05, 0x11, 0x10);
    }

    @ParameterizedTest
    @CsvSource({"0x00", "0x08", "0x34", "0x40", "0x48", "0x70", "0x74", "0x80", "0x84", "0x100", "0x104", "0xf00"})
    void writeToWhatIsReadOnlyIsIgnoredWithoutAnError(String register) {
        int at = Integer.decode(register);
        byte[] before = served.read(PciFunction.CONFIG_REGION, 0, 4096);
        // The upper half of the MSI and MSI-X headers holds their enable bits.
        int count = at == 0x48 || at == 0x70 ? 2 : 4;

        served.config(at, count, 0xffff_ffffL);
        served.config(at, count, 0);

        assertThat(served.read(PciFunction.CONFIG_REGION, 0, 4096)).isEqualTo(before);
    }

    @Test
    void functionLevelResetResetsAndTheConnectionGoesOn() {
        served.config(COMMAND, 2, 6);
        served.function.calls.clear();
        long control = served.config(ConfigFunction.EXPRESS_CAP + 8, 2);

        served.config(ConfigFunction.EXPRESS_CAP + 8, 2, control | 0x8000);

        assertThat(served.function.calls).containsExactly("flr", "decode false false");
        assertThat(served.config(COMMAND, 2)).isZero();
        assertThat(served.config(ConfigFunction.EXPRESS_CAP + 8, 2)).isEqualTo(control);
        served.client.assertUsable();
    }

    @Test
    void functionLevelResetKeepsTheClientsMemoryAndEventfds() {
        try (Fd ram = Memfd.ofFixedSize("ram", 4096);
                EventFd event = EventFd.create()) {
            served.call(
                    RawClient.DMA_MAP,
                    Bytes.of().u32(32, 3).u64(0).u64(0x1000).u64(4096).get(),
                    ram);
            served.setIrqs(0x24, 1, 0, 1, event.fd());

            served.config(ConfigFunction.EXPRESS_CAP + 8, 2, 0x8000);
            served.config(COMMAND, 2, 4);
            served.function.interrupts().message(0);

            assertThat(served.function.memory().readInt(0x1000)).isZero();
            assertThat(event.drain()).isEqualTo(1);
        }
    }

    @Test
    void d3hotEndsDecodingAndD0BringsItBack() {
        served.config(COMMAND, 2, 6);
        served.function.calls.clear();

        served.config(ConfigFunction.PM_CAP + 4, 2, 3);
        long asleep = served.config(ConfigFunction.PM_CAP + 4, 2) & 3;
        served.config(ConfigFunction.PM_CAP + 4, 2, 0);

        assertThat(asleep).isEqualTo(3);
        assertThat(served.function.calls).containsExactly("decode false false", "decode true false");
    }

    @Test
    void busMasterEnableGuardsMappedMemory() {
        try (Fd ram = Memfd.ofFixedSize("ram", 4096)) {
            byte[] map = Bytes.of().u32(32, 3).u64(0).u64(0x1000).u64(4096).get();
            served.call(RawClient.DMA_MAP, map, ram);

            assertThatThrownBy(() -> served.function.memory().readInt(0x1000)).isInstanceOf(DmaFault.class);
            served.config(COMMAND, 2, 4);
            assertThat(served.function.memory().readInt(0x1000)).isZero();
        }
    }

    @Test
    void messagesMaskedInTheMsiCapabilityWait() {
        try (EventFd event = EventFd.create()) {
            served.setIrqs(0x24, 1, 0, 1, event.fd());
            served.config(ConfigFunction.MSI_CAP + 2, 2, 1);
            served.config(ConfigFunction.MSI_CAP + 0x10, 4, 1);

            served.function.interrupts().message(0);
            long masked = event.drain();
            long pending = served.config(ConfigFunction.MSI_CAP + 0x14, 4);
            served.config(ConfigFunction.MSI_CAP + 0x10, 4, 0);

            assertThat(masked).isZero();
            assertThat(pending).isEqualTo(1);
            assertThat(event.drain()).isEqualTo(1);
            assertThat(served.config(ConfigFunction.MSI_CAP + 0x14, 4)).isZero();
        }
    }

    @Test
    void messagesUnderTheMsixFunctionMaskShowInThePbaAndWait() {
        try (EventFd event = EventFd.create()) {
            EventFd[] all = new EventFd[8];
            Arrays.fill(all, event);
            Fd[] fds = Arrays.stream(all).map(EventFd::fd).toArray(Fd[]::new);
            served.setIrqs(0x24, 2, 40, 8, fds);
            served.config(ConfigFunction.MSIX_CAP + 2, 2, 0xc000);

            served.function.interrupts().message(41);
            served.function.interrupts().message(47);
            long masked = event.drain();
            byte[] pba = served.read(ConfigFunction.MSIX_BAR, ConfigFunction.MSIX_PBA, 8);
            served.write(ConfigFunction.MSIX_BAR, ConfigFunction.MSIX_PBA, 8, 0);
            byte[] afterWrite = served.read(ConfigFunction.MSIX_BAR, ConfigFunction.MSIX_PBA, 8);
            served.config(ConfigFunction.MSIX_CAP + 2, 2, 0x8000);

            assertThat(masked).isZero();
            assertThat(Bytes.little(pba).getLong()).isEqualTo(1L << 41 | 1L << 47);
            assertThat(afterWrite).isEqualTo(pba);
            assertThat(event.drain()).isEqualTo(2);
            assertThat(served.read(ConfigFunction.MSIX_BAR, ConfigFunction.MSIX_PBA, 8))
                    .containsOnly(0);
        }
    }

    @Test
    void expressControlsTakeTheirBitsAndNoMore() {
        served.config(ConfigFunction.EXPRESS_CAP + 0x28, 2, 0xffff);
        served.config(ConfigFunction.EXPRESS_CAP + 0x30, 2, 0xffff);

        assertThat(served.config(ConfigFunction.EXPRESS_CAP + 0x28, 2)).isEqualTo(0x0010);
        assertThat(served.config(ConfigFunction.EXPRESS_CAP + 0x30, 2)).isEqualTo(0x003f);
    }
}
