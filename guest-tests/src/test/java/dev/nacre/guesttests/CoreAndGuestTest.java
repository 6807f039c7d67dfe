package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.corec.NativeCoreProvider;
import dev.nacre.corejava.JavaCoreProvider;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.image.GuestFirmware;
import dev.nacre.vfiouser.ClientOptions;
import dev.nacre.vfiouser.ReconnectPolicy;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserFunction;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A guest's driver and the core, one after the other, on a board that nobody resets between them. */
class CoreAndGuestTest {
    private static final int PAGE = 4096;

    // TIMEOUT: putting a guest's memory away and booting take seconds on a busy machine.
    private static final ClientOptions PATIENT = ClientOptions.DEFAULT.withPatience(Duration.ofMinutes(1));

    @Test
    void coresBootWhatNouveauHasLeftAndNouveauWhatTheyHave() throws IOException {
        try (TestBoard gpu = new TestBoard(BoardConfig.of(Chip.AD102), ReconnectPolicy.KEEP)) {
            bootGuest(gpu);
            drive(new JavaCoreProvider(), gpu.socket());
            drive(new NativeCoreProvider(), gpu.socket());
            bootGuest(gpu);
            drive(new NativeCoreProvider(), gpu.socket());
        }
    }

    private static void bootGuest(TestBoard gpu) {
        List<String> lines = Guests.runToPowerOff(Guests.guest(KernelChoice.BACKPORTS)
                .gpu(gpu.slot("04.0"))
                .jobs("load", "ce-exec", "unload")
                .build());

        assertSaid(lines, "### nacre: card ready");
        assertSaid(lines, "NACRE-TEST ce-exec PASS");
        assertSaid(lines, "### nacre: unload rc=0");
        gpu.awaitFree();
    }

    private static void drive(CoreProvider provider, Path socket) {
        FirmwareSource firmware =
                FirmwareSource.of(SyntheticFirmware.files(Chip.AD102.id(), GuestFirmware.VERSIONS.getFirst()));
        byte[] data = {1, 2, 3, 4, 5, 6, 7};
        byte[] found = new byte[data.length];
        try (VfioUserFunction function = new VfioUserFunction(VfioUserClient.connect(socket, PATIENT));
                Core core = provider.open(function, CoreConfig.of(firmware));
                Attachment attachment = core.attach(Client.of("test", ClientKind.TOOL, Set.of(), event -> {}));
                Bar1Mapping mapping =
                        attachment.allocFbMemory(FbRequest.of(PAGE)).mapBar1(MapRequest.of(0, PAGE))) {
            mapping.write(100, MemorySegment.ofArray(data), 0, data.length);
            mapping.read(100, MemorySegment.ofArray(found), 0, found.length);

            assertThat(core.board().chip()).isEqualTo(Chip.AD102.name());
            assertThat(found).isEqualTo(data);
        }
    }
}
