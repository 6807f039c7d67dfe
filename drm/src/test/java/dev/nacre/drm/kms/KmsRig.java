package dev.nacre.drm.kms;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Attachment;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.Placement;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DriverFile;
import dev.nacre.drm.DriverInfo;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmDriver;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.Kms;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.pci.bus.LocalFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A board with a core, and a driver that has nothing but its display. */
final class KmsRig implements AutoCloseable {
    final Board board;
    final Core core;
    final Attachment attachment;
    final DrmDevice device;
    private final LocalFunction function;
    private final List<KmsClient> clients = new ArrayList<>();

    KmsRig() {
        this(1);
    }

    KmsRig(int heads) {
        board = new Board(new BoardConfig(Chip.AD102, BoardConfig.defaultFbBytes(Chip.AD102), heads));
        function = new LocalFunction(board);
        FirmwareSource firmware = FirmwareSource.of(SyntheticFirmware.files(Chip.AD102.id(), "570.144"));
        core = CoreProvider.named("java").open(function, CoreConfig.of(firmware));
        attachment = core.attach(Client.of("kms-test", ClientKind.DRM, Set.of(), _ -> {}));
        device = new DrmDevice(new Driver(attachment, DisplayKms.open(attachment)), "pci:0000:01:00.0");
    }

    /** A client on the primary node; the first is master. */
    KmsClient client() {
        KmsClient client = new KmsClient(device);
        clients.add(client);
        return client;
    }

    /** A pixel of what a head shows. */
    int pixel(int head, int x, int y) {
        var shown = board.scanout(head).orElseThrow();
        return shown.pixels()[y * shown.width() + x];
    }

    @Override
    public void close() {
        clients.forEach(KmsClient::close);
        device.close();
        core.close();
        function.close();
        board.close();
    }

    private record Driver(Attachment attachment, Optional<Kms> kms) implements DrmDriver {
        @Override
        public DriverInfo info() {
            return new DriverInfo("test", "0", "Test", 1, 0, 0);
        }

        @Override
        public Set<DriverFeature> features() {
            return Set.of(DriverFeature.GEM, DriverFeature.MODESET, DriverFeature.ATOMIC);
        }

        @Override
        public List<Ioctl> ioctls() {
            return List.of();
        }

        @Override
        public DriverFile open(DrmFile file) {
            return DriverFile.none();
        }

        @Override
        public GemObject createDumb(DrmFile file, long bytes) {
            return new GemObject(attachment.createMemory(bytes, Placement.SYSTEM));
        }

        @Override
        public void close() {
            attachment.close();
        }
    }
}
