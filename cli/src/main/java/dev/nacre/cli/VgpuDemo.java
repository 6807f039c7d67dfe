package dev.nacre.cli;

import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuSpec;
import dev.nacre.vfio.type.CatalogType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Boots several guests at once, each on a virtual GPU of one board. */
final class VgpuDemo {
    private final GuestKit kit;
    private final VgpuHost.Plan plan;
    private final PrintWriter out;

    VgpuDemo(GuestKit kit, VgpuHost.Plan plan, PrintWriter out) {
        this.kit = kit;
        this.plan = plan;
        this.out = out;
    }

    /**
     * Runs it; true if everything worked in every guest.
     *
     * @param type of each virtual GPU; there are as many as the board has virtual functions
     * @param firmware folder with the distribution's firmware; empty for the synthetic one
     */
    boolean run(CatalogType type, DemoGuest.Wishes wishes, Optional<Path> firmware)
            throws IOException, InterruptedException {
        Path initramfs = GuestDemo.initramfs(kit, plan.board(), wishes, firmware);
        // Short, because a socket's path has at most 107 bytes.
        Path folder = Files.createTempDirectory("nacre");
        try (VgpuHost host = new VgpuHost(plan)) {
            int count = plan.board().vfs();
            out.println("Booting Linux " + kit.kernel(wishes.kernel()).version() + " in QEMU "
                    + kit.qemu().version() + ", " + count + " times at once, on virtual GPUs of one software "
                    + plan.board().chip().productName() + ", core "
                    + host.core().implementation() + " ...");
            out.flush();
            List<Callable<Boolean>> guests = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                String name = "vm" + i;
                Path socket = folder.resolve(name + ".sock");
                Vgpu vgpu = host.create(VgpuSpec.of(name, type.id()), socket);
                Checklist list = new Checklist(out, name + "  ");
                list.tick("virtual GPU", true, type.name() + ", function " + host.address(vgpu) + ", " + vgpu.uuid());
                guests.add(() -> guest(host, vgpu, socket, list).run(initramfs, of(wishes, name)));
            }
            return allWork(guests);
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    private DemoGuest guest(VgpuHost host, Vgpu vgpu, Path socket, Checklist list) {
        DemoGuest.Gpu gpu = new DemoGuest.Gpu(
                plan.board().chip(),
                vgpu.type().display().heads(),
                socket,
                () -> host.board().guestScanout(vgpu.vfIndex(), 0));
        return new DemoGuest(kit, gpu, list);
    }

    /** The same wishes, with files of its own. */
    private static DemoGuest.Wishes of(DemoGuest.Wishes wishes, String name) {
        return new DemoGuest.Wishes(
                wishes.kernel(),
                wishes.screenshot().map(file -> named(file, name)),
                wishes.log().map(file -> named(file, name)),
                wishes.timeout());
    }

    /** A file with a name before its suffix. */
    static Path named(Path file, String name) {
        String whole = file.getFileName().toString();
        int dot = whole.lastIndexOf('.');
        int end = dot > 0 ? dot : whole.length();
        return file.resolveSibling(whole.substring(0, end) + "-" + name + whole.substring(end));
    }

    private static boolean allWork(List<Callable<Boolean>> guests) throws IOException, InterruptedException {
        boolean all = true;
        try (ExecutorService threads = Executors.newFixedThreadPool(
                guests.size(), Thread.ofPlatform().name("vm", 1).factory())) {
            for (Future<Boolean> guest : threads.invokeAll(guests)) {
                all &= guest.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("A virtual machine could not be run: " + e.getCause(), e);
        }
        return all;
    }
}
