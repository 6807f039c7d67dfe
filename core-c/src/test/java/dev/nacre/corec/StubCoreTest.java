package dev.nacre.corec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.core.EngineType;
import dev.nacre.core.FaultCause;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.pci.bus.PciIds;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The bridge over a library whose answers are known (src/test/c/stub_core.c). */
class StubCoreTest {
    private static final SymbolLookup SYMBOLS = TestLibrary.load("libstub_core.so");
    private static final FirmwareSource FIRMWARE =
            FirmwareSource.of(Map.of("nvidia/stub/name.bin", "A stub".getBytes(StandardCharsets.UTF_8)));

    private final CoreLibrary library = new CoreLibrary(SYMBOLS);
    private final FakeFunction function = new FakeFunction();

    @Test
    void everyFunctionOfThePlatformReachesTheGpu() {
        BoardInfo board;
        try (NativeCore core = library.open(function, new CoreConfig(FIRMWARE, true, 17, VgpuScheduling.DEFAULT))) {
            board = core.board();

            assertThat(function.mapped).containsValue(8192L);
            assertThat(function.bound).isTrue();
        }
        assertThat(board.name()).isEqualTo("A stub");
        assertThat(board.chip()).isEqualTo("STUB1");
        assertThat(board.fbBytes()).as("the page of a bus address").isEqualTo(1L << 20);
        assertThat(board.uuid()).isEqualTo("abcd");
        assertThat(board.bar1Bytes()).isEqualTo(FakeFunction.BYTES);
        assertThat(board.channels()).as("a read beyond the region").isEqualTo(-1);
        assertThat(board.vgpuChannels()).isEqualTo(17);
        assertThat(board.ecc()).as("whether it has gone").isTrue();
        assertThat(board.vmmuSegmentBytes()).as("a descriptor").isPositive();
        assertThat(board.fbRegions())
                .as("errors of read and dma_alloc")
                .containsExactly(new BoardInfo.FbRegion(
                        -CoreError.INVALID_ARGUMENT.errno().number(),
                        -CoreError.INVALID_ARGUMENT.errno().number()));
        assertThat(function.resets).isEqualTo(1);
    }

    @Test
    void closeGivesEverythingBack() {
        NativeCore core = library.open(function, CoreConfig.of(FIRMWARE));

        core.close();
        core.close();

        assertThat(function.mapped).isEmpty();
        assertThat(function.bound).isFalse();
        assertThat(core.board().chip()).isEqualTo("STUB1");
        assertThat(core.owner()).isEmpty();
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(core::suspend)
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.GONE));
    }

    @Test
    void failureToOpenCarriesTheWordsOfCAndLeavesNothing() {
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> library.open(function, CoreConfig.of(path -> java.util.Optional.empty())))
                .withMessage("no firmware, says the stub")
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.NO_FIRMWARE));
        assertThat(function.bound).isFalse();
    }

    @Test
    void functionWithoutMessagesHasNoDescriptor() {
        function.messages = 0;

        try (NativeCore core = library.open(function, CoreConfig.of(FIRMWARE))) {
            assertThat(core.board().vmmuSegmentBytes())
                    .isEqualTo(-CoreError.NOT_SUPPORTED.errno().number());
        }
        assertThat(function.bound).isFalse();
    }

    @Test
    void libraryNamesItsChipsAndKnowsItsFunctions() {
        assertThat(library.chips()).containsExactly("STUB1", "STUB2");
        assertThat(library.supports(new PciIds(0x10de, 0x1234, 0, 0, 0x030000, 0)))
                .isTrue();
        assertThat(library.supports(new PciIds(0x10de, 0x1235, 0, 0, 0x030000, 0)))
                .isFalse();
    }

    @Test
    void whatIsNotKnownOfCapabilitiesAndEnginesDoesNoHarm() {
        try (NativeCore core = library.open(function, CoreConfig.of(FIRMWARE))) {
            assertThat(core.implementation()).isEqualTo("stub");
            assertThat(core.capabilities()).containsExactlyInAnyOrder(Capability.CHID_ALLOC, Capability.SUSPEND);
            assertThat(core.engines())
                    .containsExactly(
                            new Engine(EngineType.GRAPHICS, 0, 1),
                            new Engine(EngineType.COPY, 3, 12, List.of(0xc7b5)),
                            new Engine(EngineType.OTHER, 0, 40));
            assertThat(core.owner()).contains(ClientKind.DRM);
            assertThat(core.isVgpuEnabled()).as("an operation that is missing").isFalse();
        }
    }

    @Test
    void errorsHaveTheirKindAndTheWordsOfC() {
        try (NativeCore core = library.open(function, CoreConfig.of(FIRMWARE))) {
            for (CoreError error : CoreError.values()) {
                assertThatExceptionOfType(CoreException.class)
                        .isThrownBy(() ->
                                core.configureVirtualFunctions(error.errno().number()))
                        .withMessage("the words of C")
                        .satisfies(e -> assertThat(e.error()).isEqualTo(error));
            }
            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(() -> core.configureVirtualFunctions(9999))
                    .withMessageContaining("-9999")
                    .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.IO));
        }
    }

    @Test
    void operationThatIsNullOrBeyondTheTableIsNotSupported() throws Throwable {
        MemorySegment shortOps = TestLibrary.pointer(SYMBOLS, "stub_short_ops");
        try (NativeCore core = library.open(function, CoreConfig.of(FIRMWARE))) {
            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(core::suspend)
                    .withMessageContaining("operation=suspend capability=SUSPEND")
                    .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.NOT_SUPPORTED));
        }
        CoreTable cut = new CoreTable(shortOps);
        assertThat(cut.has(Op.CLOSE)).isTrue();
        assertThat(cut.has(Op.ATTACH)).isFalse();
        assertThat(cut.has(Op.TIMELINE_SIGNAL)).isFalse();
        assertThat(cut.has(Op.VGPU_STOP)).isFalse();
    }

    @Test
    void tableOfAnotherVersionIsRefused() throws Throwable {
        MemorySegment newer = TestLibrary.pointer(SYMBOLS, "stub_newer_ops");

        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> new CoreTable(newer))
                .withMessageContaining("version=2")
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.VERSION));
    }

    @Test
    void everyEventArrivesAsItsRecordAndAThrowingListenerHarmsNobody() {
        List<CoreEvent> seen = new ArrayList<>();
        Client client = Client.of("client", ClientKind.TOOL, Set.of(Capability.CHID_ALLOC), event -> {
            seen.add(event);
            throw new IllegalStateException("a listener fails");
        });

        try (NativeCore core = library.open(function, CoreConfig.of(FIRMWARE));
                Attachment attachment = core.attach(client)) {
            assertThat(attachment.version()).isEqualTo(1);
            assertThat(attachment.capabilities()).containsExactly(Capability.CHID_ALLOC);
        }

        assertThat(seen)
                .containsExactly(
                        new CoreEvent.DriverStart(),
                        new CoreEvent.SriovConfigure(5),
                        new CoreEvent.DriverUnbind(),
                        new CoreEvent.ChannelStart(103),
                        new CoreEvent.FifoNonstall(104),
                        new CoreEvent.ChannelEnd(105),
                        new CoreEvent.Suspend(),
                        new CoreEvent.Resume(),
                        new CoreEvent.Fault(109, FaultCause.MMU, OptionalLong.of(0x123456789000L)),
                        new CoreEvent.Fault(110, FaultCause.ENGINE, OptionalLong.empty()),
                        new CoreEvent.VgpuNotice(7, 9),
                        new CoreEvent.DriverEnd());
    }

    @Test
    void numbersOfAVirtualGpuThatCannotBeAreErrors() {
        CoreTable table = new CoreTable(library.ops());
        NativeVgpuPlugin plugin = new NativeVgpuPlugin(table, 1, 0);

        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(plugin::surfaces)
                .withMessageContaining("count=65")
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.IO));
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(plugin::logs)
                .withMessageContaining("bytes=-1")
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.IO));
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(plugin::usage)
                .withMessageContaining("operation=vgpu_usage capability=VGPU_PLUGINS")
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.NOT_SUPPORTED));
    }

    @Test
    void schedulingReachesC() {
        VgpuScheduling scheduling = new VgpuScheduling(VgpuScheduling.Policy.FIXED_SHARE, 7);

        try (NativeCore core = library.open(function, new CoreConfig(FIRMWARE, true, 17, scheduling))) {
            assertThat(core.board().firmware()).isEqualTo("policy 2 slice 7");
        }
    }

    @Test
    void capabilitiesThatAreMissingAreNamed() {
        Client client =
                Client.of("client", ClientKind.DRM, Set.of(Capability.CHID_ALLOC, Capability.TIMELINES), event -> {});
        try (NativeCore core = library.open(function, CoreConfig.of(FIRMWARE))) {
            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(() -> core.attach(client))
                    .withMessageContaining("missing=[TIMELINES]")
                    .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.NOT_SUPPORTED));
        }
    }

    @Test
    void negativeNumbersNeverReachC() {
        try (NativeCore core = library.open(function, CoreConfig.of(FIRMWARE))) {
            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(() -> core.configureVirtualFunctions(-1))
                    .withMessageContaining("count=-1")
                    .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.INVALID_ARGUMENT));
        }
    }

    @Test
    void clientThatIsRefusedIsForgotten() {
        Client other = Client.of("other", ClientKind.TOOL, Set.of(), event -> {});
        try (NativeCore core = library.open(function, CoreConfig.of(FIRMWARE))) {
            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(() -> core.attach(other))
                    .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.INVALID_ARGUMENT));
        }
    }
}
