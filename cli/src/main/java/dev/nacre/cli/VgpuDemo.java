package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import dev.nacre.cli.client.ApiClient;
import dev.nacre.cli.client.ProblemException;
import dev.nacre.daemon.api.json.AttachmentJson;
import dev.nacre.daemon.api.json.TypeJson;
import dev.nacre.daemon.api.json.TypesJson;
import dev.nacre.daemon.api.json.VgpuJson;
import dev.nacre.daemon.api.json.VgpuRequestJson;
import dev.nacre.testsupport.guest.GuestKit;
import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Boots guests, each on a virtual GPU of one board, which a daemon of the demo's own has. */
final class VgpuDemo {
    private final GuestKit kit;
    private final BoardConfig board;
    private final DemoDaemon daemon;
    private final PrintWriter out;

    /** @param board with as many virtual functions as there are to be guests */
    VgpuDemo(GuestKit kit, BoardConfig board, DemoDaemon daemon, PrintWriter out) {
        this.kit = kit;
        this.board = board;
        this.daemon = daemon;
        this.out = out;
    }

    /**
     * Runs it; true if everything worked in every guest.
     *
     * @param type of each virtual GPU; empty for the first with some 2 GB and a screen
     * @param firmware folder with the distribution's firmware; empty for the synthetic one
     */
    boolean run(Optional<String> type, DemoGuest.Wishes wishes, Optional<Path> firmware)
            throws IOException, InterruptedException {
        Path initramfs = GuestDemo.initramfs(kit, board, wishes, firmware);
        out.println("Booting Linux " + kit.kernel(wishes.kernel()).version() + " in QEMU "
                + kit.qemu().version() + (board.vfs() > 1 ? ", " + board.vfs() + " times at once" : "")
                + ", on virtual GPUs of a software " + board.chip().productName() + " ...");
        out.println(daemon.page()
                .map(page -> "To watch, until it ends (your browser will not know the certificate): " + page)
                .orElse("No page to watch: this Java has no keytool."));
        out.flush();
        try (ApiClient client = new ApiClient(daemon.target())) {
            String chosen = type.isPresent() ? type.get() : usual(client);
            List<String> names = new ArrayList<>();
            List<Callable<Boolean>> guests = new ArrayList<>();
            for (int i = 1; i <= board.vfs(); i++) {
                String name = "vm" + i;
                VgpuJson vgpu = create(client, name, chosen);
                names.add(name);
                Checklist list = new Checklist(out, board.vfs() > 1 ? name + "  " : "");
                list.tick("virtual GPU", true, vgpu.type() + ", function " + vgpu.function() + ", " + vgpu.uuid());
                Path socket = socket(client.get(AttachmentJson.class, ApiCommand.vgpu(name) + "/attach"));
                guests.add(() -> guest(vgpu, socket, list, initramfs, of(wishes, name)));
            }
            boolean all = allWork(guests);
            for (String name : names) {
                client.delete(ApiCommand.vgpu(name));
            }
            return all;
        }
    }

    private static String usual(ApiClient client) throws IOException {
        return client.get(TypesJson.class, "/v1/types?creatable=true").types().stream()
                .map(TypeJson::name)
                .filter(name -> name.endsWith("-2Q"))
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitCode.USAGE, "There is no type with 2 GB and a screen: name one with --type"));
    }

    private static VgpuJson create(ApiClient client, String name, String type) throws IOException {
        try {
            VgpuRequestJson wanted = new VgpuRequestJson(name, type, null, null, null);
            return client.parsed(VgpuJson.class, client.post(ApiCommand.VGPUS, Optional.of(wanted)));
        } catch (ProblemException e) {
            throw ApiCommand.refused(e);
        }
    }

    /** The socket that QEMU's arguments name: where in the guest it lies is the guest's own choice. */
    private static Path socket(AttachmentJson attachment) throws IOException {
        int device = attachment.arguments().indexOf("-device");
        Map<String, Object> properties = JsonMapper.builder()
                .build()
                .fromJsonObject(attachment.arguments().get(device + 1));
        if (properties.get("socket") instanceof Map<?, ?> socket && socket.get("path") instanceof String path) {
            return Path.of(path);
        }
        throw new IOException("QEMU's arguments name no socket: " + attachment.text());
    }

    private boolean guest(VgpuJson vgpu, Path socket, Checklist list, Path initramfs, DemoGuest.Wishes wishes)
            throws IOException {
        try (ApiClient client = new ApiClient(daemon.target())) {
            DemoGuest.Gpu gpu =
                    new DemoGuest.Gpu(board.chip(), vgpu.heads().size(), socket, () -> screen(client, vgpu.name()));
            return new DemoGuest(kit, gpu, list).run(initramfs, wishes);
        }
    }

    private static Optional<byte[]> screen(ApiClient client, String name) throws IOException {
        try {
            return Optional.of(client.bytes(ScreenshotCommand.path(ApiCommand.vgpu(name), 0)));
        } catch (ProblemException e) {
            if (e.status() == 409) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The same wishes, with files of its own if there are several guests. */
    private DemoGuest.Wishes of(DemoGuest.Wishes wishes, String name) {
        if (board.vfs() == 1) {
            return wishes;
        }
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
