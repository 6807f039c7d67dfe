package dev.nacre.cli;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.board.Scanout;
import dev.nacre.display.Frame;
import dev.nacre.display.PngWriter;
import dev.nacre.hw.chip.BootPath;
import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.image.GuestFirmware;
import dev.nacre.testsupport.guest.image.InitramfsBuilder;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.testsupport.guest.qemu.GuestException;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Boots a guest on a board and checks off what its kernel says. */
final class GuestDemo {
    /**
     * What the user wants.
     *
     * @param kernel which kernel
     * @param firmware folder with the distribution's firmware; empty for the synthetic one
     * @param screenshot where to put the screen
     * @param log where to put the guest's serial line
     * @param timeout how long the guest may take
     */
    record Wishes(
            KernelChoice kernel,
            Optional<Path> firmware,
            Optional<Path> screenshot,
            Optional<Path> log,
            Duration timeout) {}

    private final GuestKit kit;
    private final BoardConfig config;
    private final PrintWriter out;

    GuestDemo(GuestKit kit, BoardConfig config, PrintWriter out) {
        this.kit = kit;
        this.config = config;
        this.out = out;
    }

    /** Runs it; true if everything worked. */
    boolean run(Wishes wishes) throws IOException {
        InitramfsBuilder image = kit.initramfs(wishes.kernel());
        wishes.firmware()
                .ifPresent(folder -> image.firmware(
                        new GuestFirmware.Installed(folder, config.chip().id())));
        Path initramfs = image.build();
        try (ServedBoard served = ServedBoard.startInOwnFolder(config)) {
            out.println("Booting Linux " + kit.kernel(wishes.kernel()).version() + " in QEMU "
                    + kit.qemu().version() + " on a software " + config.chip().productName() + " ...");
            out.flush();
            return boot(served, launch(initramfs, served.socket(), wishes), wishes);
        }
    }

    private GuestLaunch launch(Path initramfs, Path socket, Wishes wishes) {
        GuestLaunch.Builder guest = GuestLaunch.of(
                        kit.qemu(), kit.kernel(wishes.kernel()).image(), initramfs)
                .gpu(GpuSlot.at(socket, "04.0"));
        if (config.heads() > 0) {
            guest.jobs("load", "list", "ce-pushbuf", "ce-exec", "banner", "wait");
        } else {
            guest.jobs("load", "list", "ce-pushbuf", "ce-exec", "wait");
        }
        wishes.log().ifPresent(guest::serialLog);
        return guest.build();
    }

    private boolean boot(ServedBoard served, GuestLaunch launch, Wishes wishes) throws IOException {
        Checklist list = checklist();
        long end = System.nanoTime() + wishes.timeout().toNanos();
        try (Qemu guest = Qemu.start(launch, list::line)) {
            guest.serial()
                    .awaitLine(config.heads() > 0 ? "### nacre: banner written" : "### nacre: ran ce-exec", left(end));
            boolean picture = config.heads() == 0 || screen(served, list, wishes.screenshot());
            boolean all = list.finish();
            return all && picture;
        } catch (GuestException e) {
            out.println("  " + e.getMessage());
            list.finish();
            return false;
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }

    private Checklist checklist() {
        String chip = config.chip().name().toUpperCase(Locale.ROOT);
        Checklist list = new Checklist(out)
                .expect("chip", "nouveau [0-9a-f:.]+: (NVIDIA " + chip + " .*)")
                .expect("GSP booted", "nouveau .*drm: (VRAM: \\d+ MiB)")
                .expect("copy engine", "nouveau .*drm: (MM: using COPY for buffer copies)")
                .expect("card0", "(Initialized nouveau .* on minor 0)")
                .expect("render node", "### nacre: node (/dev/dri/renderD128)")
                .expect("copy, old API", "NACRE-TEST ce-pushbuf PASS(.*)")
                .expect("copy, new API", "NACRE-TEST ce-exec PASS(.*)");
        if (config.chip().bootPath() == BootPath.BOOTER) {
            list.expect("VBIOS", "nouveau .*bios: (version [0-9a-f.]+)");
        }
        return config.heads() == 0 ? list : list.expect("console", "(fb0: nouveaudrmfb frame buffer device)");
    }

    /** The picture of the first head once it stays the same: a guest draws its text some time after it was written. */
    private static Optional<Scanout> settled(Board board) {
        Optional<Scanout> before = board.scanout(0);
        // TIMEOUT: a console that never rests for a second (a clock, say) is shown as it is after ten.
        for (int looks = 0; looks < 10; looks++) {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            Optional<Scanout> now = board.scanout(0);
            boolean same = before.isPresent()
                    && now.isPresent()
                    && Arrays.equals(before.get().pixels(), now.get().pixels());
            if (same) {
                return now;
            }
            before = now;
        }
        return before;
    }

    /** Looks whether the screen shows something, and writes it where it is wanted. */
    private boolean screen(ServedBoard served, Checklist list, Optional<Path> file) throws IOException {
        Optional<Scanout> shown = settled(served.board());
        if (shown.isEmpty()) {
            return list.tick("screen", false, "head 0 is off");
        }
        int[] pixels = shown.get().pixels();
        long lit = Arrays.stream(pixels).filter(p -> (p & 0xffffff) != 0).count();
        if (file.isPresent()) {
            try (OutputStream png = Files.newOutputStream(file.get())) {
                PngWriter.write(new Frame(shown.get().width(), shown.get().height(), pixels), png);
            }
        }
        return list.tick(
                "screen",
                lit > 0,
                shown.get().width() + "x" + shown.get().height() + ", " + lit + " lit pixels"
                        + file.map(f -> ", in " + f).orElse(""));
    }
}
