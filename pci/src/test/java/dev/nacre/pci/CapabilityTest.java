package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CapabilityTest {
    private static final int COMMAND = 0x04;
    private static final int PM = 0x60;
    private static final int PMCSR = PM + 4;
    private static final int EXPRESS = 0x78;
    private static final int DEVCTL = EXPRESS + 8;
    private static final int MSI = 0xc0;
    private static final int MSI_FLAGS = MSI + 2;
    private static final int MSI_MASK = MSI + 0x10;
    private static final int MSI_PENDING = MSI + 0x14;
    private static final int MSIX = 0xe0;
    private static final int MSIX_FLAGS = MSIX + 2;

    private final Interrupts interrupts = new Interrupts(1, 8, 33, 1, 1);
    private final GuestMemory memory = new GuestMemory();
    private final RecordingListener listener = new RecordingListener();
    private final ConfigSpace config = ConfigSpace.builder(0x10de, 0x26b5)
            .bar(0, Bar.memory32(0x8000))
            .capability(PM, new PowerManagement())
            .capability(EXPRESS, PciExpress.legacyEndpoint(4, 16))
            .capability(MSI, new Msi(8, true))
            .capability(MSIX, new Msix(33, new Msix.Place(0, 0x1000), new Msix.Place(0, 0x2000)))
            .build(interrupts, memory, listener);
    private final CountingSink sink = new CountingSink();

    @BeforeEach
    void mapOnePage() {
        memory.map(0x1000, MemorySegment.ofArray(new byte[0x1000]), true, true);
    }

    @Test
    void listIsChainedUpwards() {
        assertThat(config.read(0x34, 1)).isEqualTo(PM);
        assertThat(config.read(PM, 2)).isEqualTo(EXPRESS << 8 | 0x01);
        assertThat(config.read(EXPRESS, 2)).isEqualTo(MSI << 8 | 0x10);
        assertThat(config.read(MSI, 2)).isEqualTo(MSIX << 8 | 0x05);
        assertThat(config.read(MSIX, 2)).isEqualTo(0x11);
    }

    @Test
    void pmOffersD0AndD3hotOnly() {
        assertThat(config.read(PM + 2, 2)).isEqualTo(0x0003);
        assertThat(config.read(PMCSR, 4)).isEqualTo(0x0008);
    }

    @Test
    void d3hotEndsDecodingAndDmaButKeepsConfigSpace() {
        config.write(0x10, 4, 0xe000_0000);
        config.write(COMMAND, 2, 0x0006);

        config.write(PMCSR, 2, 3);

        assertThat(config.memoryDecoded()).isFalse();
        assertThat(listener.heard()).containsExactly("memory=true io=false", "memory=false io=false");
        assertThatThrownBy(() -> memory.readInt(0x1000)).isInstanceOf(DmaFault.class);
        assertThat(config.read(0x10, 4)).isEqualTo(0xe000_0000);
        assertThat(config.read(COMMAND, 2)).isEqualTo(0x0006);
        assertThat(config.read(PMCSR, 2)).isEqualTo(0x000b);
    }

    @Test
    void backInD0EverythingWorksAgain() {
        config.write(COMMAND, 2, 0x0006);
        config.write(PMCSR, 2, 3);

        config.write(PMCSR, 1, 0);

        assertThat(config.memoryDecoded()).isTrue();
        assertThat(memory.readInt(0x1000)).isZero();
    }

    @Test
    void commandWrittenInD3hotActsInD0() {
        config.write(PMCSR, 2, 3);
        config.write(COMMAND, 2, 0x0006);
        boolean decodedInD3 = config.memoryDecoded();

        config.write(PMCSR, 2, 0);

        assertThat(decodedInD3).isFalse();
        assertThat(config.memoryDecoded()).isTrue();
    }

    @Test
    void powerStatesThatDoNotExistAreIgnored() {
        config.write(PMCSR, 2, 1);
        int fromD0 = config.read(PMCSR, 2);
        config.write(PMCSR, 2, 3);
        config.write(PMCSR, 2, 2);

        assertThat(fromD0).isEqualTo(0x0008);
        assertThat(config.read(PMCSR, 2)).isEqualTo(0x000b);
        assertThat(config.memoryDecoded()).isFalse();
    }

    @Test
    void lineIsSilentInD3hot() {
        interrupts.bind(InterruptKind.INTX, 0, sink);
        config.write(PMCSR, 2, 3);

        interrupts.line(true);

        assertThat(sink.signals()).isZero();
    }

    @Test
    void savedD3hotIsRestored() {
        config.write(COMMAND, 2, 0x0006);
        config.write(PMCSR, 2, 3);
        byte[] image = config.save();
        config.reset();

        config.restore(image);
        boolean inD3 = config.memoryDecoded();
        config.write(PMCSR, 2, 0);

        assertThat(inD3).isFalse();
        assertThat(config.memoryDecoded()).isTrue();
    }

    @Test
    void expressShowsALegacyEndpointWithFlrOnAGen4X16Link() {
        assertThat(config.read(EXPRESS + 0x02, 2)).isEqualTo(0x0012);
        assertThat(config.read(EXPRESS + 0x04, 4)).isEqualTo(0x1000_8021);
        assertThat(config.read(DEVCTL, 2)).isEqualTo(0x2810);
        assertThat(config.read(EXPRESS + 0x0c, 4)).isEqualTo(0x0040_0104);
        assertThat(config.read(EXPRESS + 0x12, 2)).isEqualTo(0x1104);
        assertThat(config.read(EXPRESS + 0x24, 4)).isEqualTo(0x10);
        assertThat(config.read(EXPRESS + 0x2c, 4)).isEqualTo(0x1e);
        assertThat(config.read(EXPRESS + 0x30, 2)).isEqualTo(0x0004);
    }

    @Test
    void endpointDiffersInItsTypeOnly() {
        ConfigSpace other = ConfigSpace.builder(1, 1)
                .capability(0x40, PciExpress.endpoint(1, 1))
                .build(new Interrupts(), new GuestMemory(), listener);

        assertThat(other.read(0x42, 2)).isEqualTo(0x0002);
        assertThat(other.read(0x4c, 4)).isEqualTo(0x0040_0011);
        assertThat(other.read(0x6c, 4)).isEqualTo(0x2);
    }

    @Test
    void expressControlsTakeOnlyTheirBits() {
        config.write(DEVCTL, 4, 0xffff_7fff);
        config.write(EXPRESS + 0x0c, 4, -1);
        config.write(EXPRESS + 0x10, 4, -1);
        config.write(EXPRESS + 0x28, 2, 0xffff);
        config.write(EXPRESS + 0x30, 4, -1);

        assertThat(config.read(DEVCTL, 4)).isEqualTo(0x0000_79ff);
        assertThat(config.read(EXPRESS + 0x0c, 4)).isEqualTo(0x0040_0104);
        assertThat(config.read(EXPRESS + 0x10, 4)).isEqualTo(0x1104_00cb);
        assertThat(config.read(EXPRESS + 0x28, 2)).isEqualTo(0x0010);
        assertThat(config.read(EXPRESS + 0x30, 4)).isEqualTo(0x0000_003f);
        assertThat(listener.heard()).isEmpty();
    }

    @Test
    void flrIsToldOnceAndReadsAsZero() {
        config.write(DEVCTL, 2, 0x8000 | config.read(DEVCTL, 2));
        config.write(DEVCTL, 2, config.read(DEVCTL, 2));

        assertThat(listener.heard()).containsExactly("FLR");
        assertThat(config.read(DEVCTL, 2)).isEqualTo(0x2810);
    }

    @Test
    void flrByASingleByteWriteIsTold() {
        config.write(DEVCTL + 1, 1, 0x80);

        assertThat(listener.heard()).containsExactly("FLR");
    }

    @Test
    void resetKeepsPayloadSizeAndLinkControl() {
        config.write(DEVCTL, 2, 0x503f);
        config.write(EXPRESS + 0x10, 2, 0x0043);
        config.write(EXPRESS + 0x30, 2, 0x0001);
        config.write(COMMAND, 2, 0x0006);

        config.reset();

        assertThat(config.read(DEVCTL, 2)).isEqualTo(0x2810 | 0x20);
        assertThat(config.read(EXPRESS + 0x10, 2)).isEqualTo(0x0043);
        assertThat(config.read(EXPRESS + 0x30, 2)).isEqualTo(0x0001);
        assertThat(config.read(COMMAND, 2)).isZero();
    }

    @Test
    void listenerThatResetsOnFlrLeavesAFreshFunction() {
        ConfigSpace[] self = new ConfigSpace[1];
        self[0] = ConfigSpace.builder(1, 1)
                .bar(0, Bar.memory32(0x1000))
                .capability(0x40, PciExpress.endpoint(4, 16))
                .build(new Interrupts(), new GuestMemory(), new ConfigListener() {
                    @Override
                    public void decodeChanged(boolean memory, boolean io) {}

                    @Override
                    public void functionLevelReset() {
                        self[0].reset();
                    }
                });
        self[0].write(0x10, 4, 0xe000_0000);
        self[0].write(COMMAND, 2, 0x0006);

        self[0].write(0x48, 2, 0x8000);

        assertThat(self[0].read(0x10, 4)).isZero();
        assertThat(self[0].read(COMMAND, 2)).isZero();
        assertThat(self[0].memoryDecoded()).isFalse();
    }

    @Test
    void msiShowsItsVectorsAndTakesAddressAndData() {
        config.write(MSI + 4, 4, -1);
        config.write(MSI + 8, 4, 0x0000_0001);
        config.write(MSI + 0xc, 4, -1);

        assertThat(config.read(MSI_FLAGS, 2)).isEqualTo(0x0186);
        assertThat(config.read(MSI + 4, 4)).isEqualTo(0xffff_fffc);
        assertThat(config.read(MSI + 8, 4)).isEqualTo(1);
        assertThat(config.read(MSI + 0xc, 4)).isEqualTo(0xffff);
    }

    @Test
    void msiWithoutMasksIsShort() {
        ConfigSpace plain = ConfigSpace.builder(1, 1)
                .capability(0x68, new Msi(1, false))
                .capability(0x78, new PowerManagement())
                .build(new Interrupts(0, 1, 0, 0, 0), new GuestMemory(), listener);
        plain.write(0x78, 4, -1);

        assertThat(plain.read(0x68, 4)).isEqualTo(0x0080_7805);
    }

    @Test
    void msiEnableAndCountReachTheInterrupts() {
        interrupts.bind(InterruptKind.MSI, 1, sink);
        config.write(MSI_FLAGS, 2, 0x0011);

        interrupts.message(7);

        assertThat(config.read(MSI_FLAGS, 2)).isEqualTo(0x0197);
        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void msiCountBeyondTheVectorsMeansAllOfThem() {
        interrupts.bind(InterruptKind.MSI, 7, sink);
        config.write(MSI_FLAGS, 2, 0x0071);

        interrupts.message(7);
        interrupts.message(15);

        assertThat(sink.signals()).isEqualTo(2);
    }

    @Test
    void maskedMsiIsPendingInConfigSpaceUntilUnmasked() {
        interrupts.bind(InterruptKind.MSI, 2, sink);
        config.write(MSI_FLAGS, 2, 0x0031);
        config.write(MSI_MASK, 4, -1);
        interrupts.message(2);
        int masks = config.read(MSI_MASK, 4);
        int pending = config.read(MSI_PENDING, 4);
        int whileMasked = sink.signals();

        config.write(MSI_PENDING, 4, 0);
        config.write(MSI_MASK, 1, 0xfb);

        assertThat(masks).isEqualTo(0xff);
        assertThat(pending).isEqualTo(0x04);
        assertThat(whileMasked).isZero();
        assertThat(sink.signals()).isEqualTo(1);
        assertThat(config.read(MSI_PENDING, 4)).isZero();
    }

    @Test
    void pendingMsiSurvivesSaveAndRestore() {
        config.write(MSI_FLAGS, 2, 0x0031);
        config.write(MSI_MASK, 4, 0x08);
        interrupts.message(3);
        byte[] image = config.save();
        config.reset();
        int afterReset = config.read(MSI_PENDING, 4);
        interrupts.bind(InterruptKind.MSI, 3, sink);

        config.restore(image);
        int restored = config.read(MSI_PENDING, 4);
        interrupts.message(3);
        int whileMasked = sink.signals();
        config.write(MSI_MASK, 4, 0);

        assertThat(afterReset).isZero();
        assertThat(restored).isEqualTo(0x08);
        assertThat(whileMasked).isZero();
        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void resetDisablesMsiAndLiftsItsMasks() {
        interrupts.bind(InterruptKind.INTX, 0, sink);
        config.write(MSI_FLAGS, 2, 0x0001);
        config.write(MSI_MASK, 4, 0xff);
        interrupts.line(true);
        int whileEnabled = sink.signals();

        config.reset();

        assertThat(whileEnabled).isZero();
        assertThat(sink.signals()).isEqualTo(1);
        assertThat(config.read(MSI_MASK, 4)).isZero();
        assertThat(interrupts.messagesEnabled()).isFalse();
    }

    @Test
    void msixShowsTableAndPba() {
        config.write(MSIX + 4, 4, -1);
        config.write(MSIX + 8, 4, -1);

        assertThat(config.read(MSIX_FLAGS, 2)).isEqualTo(32);
        assertThat(config.read(MSIX + 4, 4)).isEqualTo(0x1000);
        assertThat(config.read(MSIX + 8, 4)).isEqualTo(0x2000);
    }

    @Test
    void msixFunctionMaskHoldsMessagesUntilCleared() {
        interrupts.bind(InterruptKind.MSIX, 32, sink);
        config.write(MSIX_FLAGS, 2, 0xc000);
        interrupts.message(32);
        int whileMasked = sink.signals();

        config.write(MSIX_FLAGS + 1, 1, 0x80);

        assertThat(config.read(MSIX_FLAGS, 2)).isEqualTo(0x8020);
        assertThat(whileMasked).isZero();
        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void msixEnabledInConfigSpaceKeepsMessagesForLaterBinding() {
        config.write(MSIX_FLAGS, 2, 0x8000);
        interrupts.message(4);

        interrupts.bind(InterruptKind.MSIX, 4, sink);

        assertThat(sink.signals()).isEqualTo(1);
    }
}
