package dev.nacre.cli;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.board.Scanout;
import dev.nacre.display.Frame;
import dev.nacre.display.PngWriter;
import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.testsupport.guest.image.GuestFirmware;
import dev.nacre.testsupport.guest.image.InitramfsBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** Boots a guest on a whole board, which no daemon has. */
final class GuestDemo {
    private final GuestKit kit;
    private final BoardConfig config;
    private final PrintWriter out;

    GuestDemo(GuestKit kit, BoardConfig config, PrintWriter out) {
        this.kit = kit;
        this.config = config;
        this.out = out;
    }

    /**
     * Runs it; true if everything worked.
     *
     * @param firmware folder with the distribution's firmware; empty for the synthetic one
     */
    boolean run(DemoGuest.Wishes wishes, Optional<Path> firmware) throws IOException {
        Path initramfs = initramfs(kit, config, wishes, firmware);
        try (ServedBoard served = ServedBoard.startInOwnFolder(config)) {
            out.println("Booting Linux " + kit.kernel(wishes.kernel()).version() + " in QEMU "
                    + kit.qemu().version() + " on a software " + config.chip().productName() + " ...");
            out.flush();
            DemoGuest.Gpu gpu =
                    new DemoGuest.Gpu(config.chip(), config.heads(), served.socket(), () -> png(served.board()));
            return new DemoGuest(kit, gpu, new Checklist(out)).run(initramfs, wishes);
        }
    }

    private static Optional<byte[]> png(Board board) throws IOException {
        Optional<Scanout> shown = board.scanout(0);
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        PngWriter.write(
                new Frame(shown.get().width(), shown.get().height(), shown.get().pixels()), png);
        return Optional.of(png.toByteArray());
    }

    /** What a guest on a board's chip boots. */
    static Path initramfs(GuestKit kit, BoardConfig config, DemoGuest.Wishes wishes, Optional<Path> firmware)
            throws IOException {
        InitramfsBuilder image = kit.initramfs(wishes.kernel());
        firmware.ifPresent(folder ->
                image.firmware(new GuestFirmware.Installed(folder, config.chip().id())));
        return image.build();
    }
}
