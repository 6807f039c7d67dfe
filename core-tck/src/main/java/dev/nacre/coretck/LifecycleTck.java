package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.core.FbRequest;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreDriver;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.pci.bus.DriverState;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciBus;
import dev.nacre.pci.bus.PciDevice;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Booting, attaching, detaching, closing, and what is left of each. */
abstract class LifecycleTck extends TckGroup {
    private static final int MANY = 1000;

    private static final Set<CoreError> ENDED = Set.of(CoreError.STALE, CoreError.GONE);

    @Test
    @Covers({"CoreProvider.open", "Core.close"})
    void closedCoreLeavesABoardThatBootsAgainAndIsTheSame() {
        try (Rig rig = bench().fresh()) {
            BoardInfo board = rig.core().board();
            List<Engine> engines = rig.core().engines();
            for (int i = 0; i < 3; i++) {
                rig.core().close();

                try (Core again = rig.bootAgain()) {
                    assertThat(again.board()).isEqualTo(board);
                    assertThat(again.engines()).isEqualTo(engines);
                }
            }
        }
    }

    @Test
    @Covers("CoreProvider.open")
    void missingFirmwareIsNamedAndTheBoardStillBoots() {
        try (BoardUnderTest board = bench().underTest().board()) {
            String message = assertError(
                    CoreError.NO_FIRMWARE,
                    () -> bench().underTest()
                            .provider()
                            .open(board.function(), CoreConfig.of(path -> Optional.empty())));

            assertThat(message).contains("nvidia/");
            boot(board).close();
        }
    }

    @Test
    @Covers("CoreProvider.open")
    void damagedFirmwareIsRefusedAndTheBoardStillBoots() {
        try (BoardUnderTest board = bench().underTest().board()) {
            for (int length : new int[] {0, 1, 24, 300, 5000}) {
                FirmwareSource damaged = path -> board.firmware()
                        .read(path)
                        .map(bytes -> length == 300 ? Bytes.random(1, bytes.length) : new byte[length]);

                assertThat(catchThrowable(
                                () -> bench().underTest().provider().open(board.function(), CoreConfig.of(damaged))))
                        .isInstanceOf(CoreException.class)
                        .message()
                        .isNotBlank();
            }

            boot(board).close();
        }
    }

    @Test
    @Covers({"Core.close", "Core.board", "Core.engines", "Core.owner"})
    void closedCoreTellsWhatItWasAndRefusesTheRest() {
        try (Rig rig = bench().fresh()) {
            Core core = rig.core();
            Attachment attachment = attach(core, event -> {});
            BoardInfo board = core.board();
            List<Engine> engines = core.engines();
            attachment.close();

            core.close();
            core.close();

            assertThat(core.board()).isEqualTo(board);
            assertThat(core.engines()).isEqualTo(engines);
            assertThat(core.owner()).isEmpty();
            assertError(CoreError.GONE, () -> attach(core, event -> {}));
            assertError(CoreError.GONE, core::suspend);
            assertError(CoreError.GONE, () -> core.configureVirtualFunctions(0));
            assertOneOf(ENDED, () -> attachment.allocFbMemory(FbRequest.of(4096)));
        }
    }

    @Test
    @Covers({"Core.attach", "Attachment.close", "Core.owner"})
    void attachmentHasTheGpuUntilItIsDetached() {
        Attachment attachment = attach();

        assertThat(core().owner()).contains(ClientKind.TOOL);
        attachment.close();
        attachment.close();

        assertThat(core().owner()).isEmpty();
    }

    @Test
    @Covers({"Core.attach", "Attachment.close"})
    void detachedAttachmentIsStaleInEveryOperation() {
        Attachment attachment = attach();
        attachment.close();

        for (ThrowingCallable operation : operations(attachment)) {
            assertError(CoreError.STALE, operation);
        }
    }

    /** All that attachments of every core have. */
    private static List<ThrowingCallable> operations(Attachment attachment) {
        return List.of(
                attachment::allocGspClient,
                () -> attachment.allocChannelIds(1),
                attachment::availableChannelIds,
                () -> attachment.allocFbMemory(FbRequest.of(4096)),
                attachment::totalFbBytes,
                () -> attachment.allocCeChannel(Optional.empty(), 0),
                attachment::gspLogs);
    }

    @Test
    @Covers({"Core.attach", "Attachment.close"})
    void thousandAttachmentsLeaveNothingBehind() throws IOException {
        EventLog first = new EventLog();
        try (Attachment warm = attach(core(), first)) {
            use(warm, first);
        }
        Inventory before = Inventory.of(core());

        for (int i = 0; i < MANY; i++) {
            EventLog log = new EventLog();
            Attachment attachment = attach(core(), log);
            if (i % 20 == 0) {
                use(attachment, log);
            }
            attachment.close();
        }

        assertThat(Inventory.of(core())).isEqualTo(before);
    }

    /** Takes some of everything, and leaves it to the attachment to give it back. */
    private static void use(Attachment attachment, EventLog log) {
        attachment.allocGspClient();
        Copier copier = Copier.of(attachment, log, attachment.allocChannelIds(2), 1);
        Copier.Buffer from = copier.buffer(65536);
        Copier.Buffer to = copier.buffer(65536);
        byte[] data = Bytes.random(7, 65536);
        Bytes.write(from.host(), 0, data);
        copier.run(copier.commands().copy(from.address(), to.address(), data.length));
        assertThat(Bytes.read(to.host(), 0, data.length)).isEqualTo(data);
    }

    @Test
    @Covers({"CoreProvider.open", "Core.close"})
    void coreLeavesNoFileOpen() throws IOException {
        bench().core();
        try (BoardUnderTest board = bench().underTest().board()) {
            boot(board).close();
            List<String> before = Inventory.openFiles();

            boot(board).close();

            assertThat(Inventory.openFiles()).isEqualTo(before);
        }
    }

    @Test
    @Covers({"CoreProvider.supports", "CoreProvider.open", "Core.close"})
    void driverOfABusTakesTheFunctionAndLetsGoOfIt() {
        try (BoardUnderTest board = bench().underTest().board();
                PciBus bus = new PciBus()) {
            PciDevice device = bus.add(PciAddress.parse("0000:01:00.0"), board.function());
            CoreDriver driver = new CoreDriver(bench().underTest().provider(), CoreConfig.of(board.firmware()));

            bus.register(driver);

            assertThat(device.state()).isEqualTo(new DriverState.Bound(CoreDriver.NAME));
            Core core = device.service(Core.class).orElseThrow();
            assertThat(core.board().chip()).isEqualTo(bench().underTest().chip());
            bus.unbind(device);
            assertError(CoreError.GONE, () -> attach(core, event -> {}));
            assertThat(bus.bind(device)).isEqualTo(new DriverState.Bound(CoreDriver.NAME));
        }
    }

    @Test
    @Covers({"Core.attach", "Core.close"})
    void gpuThatIsPulledOutIsGoneAndTheCoreStillCloses() {
        try (Rig rig = bench().fresh()) {
            EventLog log = new EventLog();
            Attachment attachment = attach(rig.core(), log);
            BoardInfo board = rig.core().board();

            rig.board().pull();

            assertOneOf(ENDED, attachment::allocGspClient);
            assertThat(rig.core().board()).isEqualTo(board);
            assertThatCode(attachment::close).doesNotThrowAnyException();
            assertThatCode(() -> rig.core().close()).doesNotThrowAnyException();
        }
    }

    @Test
    @Covers("Core.attach")
    void clientOfNoNameOrVersionCannotBeMade() {
        assertThat(catchThrowable(() -> new Client(" ", ClientKind.TOOL, 1, 1, Set.of(), event -> {})))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Core boot(BoardUnderTest board) {
        return bench().underTest().provider().open(board.function(), CoreConfig.of(board.firmware()));
    }
}
