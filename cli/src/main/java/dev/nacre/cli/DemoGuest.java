package dev.nacre.cli;

import dev.nacre.hw.chip.BootPath;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.testsupport.guest.qemu.GuestException;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** One guest of a demo: boots on a GPU behind a socket, while what its kernel says is checked off. */
final class DemoGuest {
    /**
     * The GPU that the guest gets.
     *
     * @param chip its chip
     * @param heads its display heads
     * @param socket where it is served
     * @param screen what its first head shows now
     */
    record Gpu(Chip chip, int heads, Path socket, DemoScreen screen) {}

    /**
     * What the user wants of it.
     *
     * @param kernel which kernel
     * @param screenshot where to put the screen
     * @param log where to put the guest's serial line
     * @param timeout how long the guest may take
     */
    record Wishes(KernelChoice kernel, Optional<Path> screenshot, Optional<Path> log, Duration timeout) {}

    /** Looks in a row that must see the same: several VMs at once draw so slowly that blank lines take seconds. */
    private static final int ALIKE = 4;

    private final GuestKit kit;
    private final Gpu gpu;
    private final Checklist list;

    /**
     * For a GPU.
     *
     * @param list is given what has to be seen
     */
    DemoGuest(GuestKit kit, Gpu gpu, Checklist list) {
        this.kit = kit;
        this.gpu = gpu;
        this.list = list;
    }

    /** Boots it, and ends it when all was seen or the time is over; true if everything worked. */
    boolean run(Path initramfs, Wishes wishes) throws IOException {
        expectAll();
        long end = System.nanoTime() + wishes.timeout().toNanos();
        try (Qemu guest = Qemu.start(launch(initramfs, wishes), list::line)) {
            guest.serial().awaitLine(gpu.heads > 0 ? "### nacre: banner written" : "### nacre: ran ce-exec", left(end));
            boolean picture = gpu.heads == 0 || screen(wishes.screenshot());
            boolean all = list.finish();
            return all && picture;
        } catch (GuestException e) {
            list.tick("guest", false, String.valueOf(e.getMessage()));
            list.finish();
            return false;
        }
    }

    private GuestLaunch launch(Path initramfs, Wishes wishes) {
        GuestLaunch.Builder guest = GuestLaunch.of(
                        kit.qemu(), kit.kernel(wishes.kernel()).image(), initramfs)
                .gpu(GpuSlot.at(gpu.socket, "04.0"));
        if (gpu.heads > 0) {
            guest.jobs("load", "list", "ce-pushbuf", "ce-exec", "banner", "wait");
        } else {
            guest.jobs("load", "list", "ce-pushbuf", "ce-exec", "wait");
        }
        wishes.log().ifPresent(guest::serialLog);
        return guest.build();
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }

    private void expectAll() {
        String chip = gpu.chip.name().toUpperCase(Locale.ROOT);
        list.expect("chip", "nouveau [0-9a-f:.]+: (NVIDIA " + chip + " .*)")
                .expect("GSP booted", "nouveau .*drm: (VRAM: \\d+ MiB)")
                .expect("copy engine", "nouveau .*drm: (MM: using COPY for buffer copies)")
                .expect("card0", "(Initialized nouveau .* on minor 0)")
                .expect("render node", "### nacre: node (/dev/dri/renderD128)")
                .expect("copy, old API", "NACRE-TEST ce-pushbuf PASS(.*)")
                .expect("copy, new API", "NACRE-TEST ce-exec PASS(.*)");
        if (gpu.chip.bootPath() == BootPath.BOOTER) {
            list.expect("VBIOS", "nouveau .*bios: (version [0-9a-f.]+)");
        }
        if (gpu.heads > 0) {
            list.expect("console", "(fb0: nouveaudrmfb frame buffer device)");
        }
    }

    /** The picture of the first head once it stays the same: a guest draws its text some time after it was written. */
    private Optional<byte[]> settled() throws IOException {
        Optional<byte[]> before = gpu.screen.png();
        int alike = 0;
        // TIMEOUT: a console that never rests (a clock, say) is shown as it is after half a minute.
        for (int looks = 0; looks < 30 && alike < ALIKE; looks++) {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            Optional<byte[]> now = gpu.screen.png();
            boolean same = before.isPresent() && now.isPresent() && Arrays.equals(before.get(), now.get());
            alike = same ? alike + 1 : 0;
            before = now;
        }
        return before;
    }

    /** Looks whether the screen shows something, and writes it where it is wanted. */
    private boolean screen(Optional<Path> file) throws IOException {
        Optional<byte[]> shown = settled();
        if (shown.isEmpty()) {
            return list.tick("screen", false, "head 0 is off");
        }
        DemoScreen.Look look = DemoScreen.Look.at(shown.get());
        if (file.isPresent()) {
            Files.write(file.get(), shown.get());
        }
        return list.tick(
                "screen",
                look.lit(),
                look.width() + "x" + look.height() + (look.lit() ? "" : ", black")
                        + file.map(f -> ", in " + f).orElse(""));
    }
}
