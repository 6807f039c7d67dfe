package dev.nacre.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The inputs that fuzzing starts from, each a small script of something that clients do. {@link SeedsTest} holds the
 * files in the resources against them, and writes them anew where they differ.
 */
final class Seeds {
    private static final String SOCKET = "dev/nacre/fuzz/SocketFuzzTestInputs/anyBytes/";
    private static final String CONFIG = "dev/nacre/fuzz/ConfigSpaceFuzzTestInputs/anyAccesses/";
    private static final String REGION = "dev/nacre/fuzz/RegionFuzzTestInputs/anyAccesses/";
    private static final String BOARD = "dev/nacre/fuzz/BoardFuzzTestInputs/anyDriver/";
    private static final String MIGRATION = "dev/nacre/fuzz/MigrationFuzzTestInputs/anyMigration/";
    private static final String GSP = "dev/nacre/fuzz/GspQueueFuzzTestInputs/anyRecords/";
    private static final String PLUGIN = "dev/nacre/fuzz/PluginFuzzTestInputs/anyHost/";
    private static final String DRM = "dev/nacre/fuzz/DrmClientFuzzTestInputs/anyClient/";
    private static final String MESSAGES = "dev/nacre/corejava/gsp/GspMessagesFuzzTestInputs/anyGsp/";
    private static final String RFB = "dev/nacre/display/rfb/RfbFuzzTestInputs/anyClient/";
    private static final String JSON = "dev/nacre/vfiouser/VersionJsonFuzzTestInputs/anyText/";

    private final Map<String, byte[]> files = new TreeMap<>();

    private Seeds() {
        socket();
        config();
        region();
        json();
        board();
        migration();
        gsp();
        plugin();
        drm();
        messages();
        rfb();
    }

    private void drm() {
        Bytes shared = drmCall(drmCall(Bytes.of().u8(5), 33, 0, 0, 1, 0), 14, 1, 2, 0);
        files.put(
                DRM + "share-and-import", drmCall(shared, 15, 0, 0, 7).u8(1, 0).get());
        Bytes submitted = drmCall(drmCall(Bytes.of().u8(5), 19, 0, 0), 34, 1, 0, 0, 0);
        Bytes waiting = drmCall(submitted, 23, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0).u8(1, 1);
        files.put(DRM + "wait-and-leave", waiting.u8(2, 0).get());
        Bytes timeline = drmCall(drmCall(Bytes.of().u8(5), 19, 0, 0), 34, 1, 0, 3, 0);
        Bytes queried = drmCall(timeline, 27, 0, 0, 0, 0, 1, 0).u8(1, 1);
        files.put(
                DRM + "timeline",
                drmCall(queried, 28, 1, 1, 3, 0, 5, 0, 0, 0).u8(2, 0).get());
        files.put(
                DRM + "noise",
                Bytes.of().u8(0, 8).u32(8, 3).u8(0, 4, 1, 2, 3, 4).get());
    }

    /** The script of an ioctl with small numbers in its argument. */
    private static Bytes drmCall(Bytes script, int ioctl, int... words) {
        script.u8(5, 0, ioctl, 1, 1, 1);
        for (int word : words) {
            script.u8(1, word);
        }
        return script;
    }

    /** Contents by file, relative to the resources. */
    static Map<String, byte[]> all() {
        return new Seeds().files;
    }

    private void socket() {
        socket("qemu-starts", version().u8(1, 4, 16).raw(Wire.info()).u8(0).u8(9));
        socket("rust-vmm-starts", Bytes.of().u8(2, 1, 2, 0, 9));
        socket("version-in-two-pieces", Bytes.of().u8(2, 0, 1, 0, 10, 7, 9));
        socket(
                "header-alone",
                version()
                        .u8(0, 16)
                        .raw(Bytes.message(7, Wire.GET_INFO, 0, Wire.info()))
                        .u8(9));
        socket(
                "too-large",
                version().u8(0, 16).u16(9).u16(9).u32(0x20_0000, 0, 0).u8(9));
        socket(
                "too-large-before-version",
                Bytes.of().u8(0, 16).u16(9).u16(9).u32(0x20_0000, 0, 0).u8(9));
        Bytes map = version().u8(8, 1, 0).u8(3, 3, 0, 0, 4, 0);
        socket("map-and-unmap", map.u8(9).u8(4, 0, 0, 4, 0).u8(9));
        socket(
                "copy-in-mapped-memory",
                version().u8(8, 1, 0, 3, 3, 0, 0, 4, 0, 6, 8).u64(0x1000).u8(0, 0, 0, 0, 9));
        socket(
                "copy-in-a-shrunk-file",
                version().u8(8, 1, 1, 3, 3, 0, 0, 4, 0, 11, 0, 0, 6, 8).u64(0).u8(0, 0, 0, 0, 9));
        socket(
                "descriptor-of-the-second-message",
                version()
                        .u8(8, 1, 0, 1, 4, 16)
                        .raw(Wire.info())
                        .u8(0, 3, 3, 0, 0, 4, 0)
                        .u8(9));
        socket("too-many-descriptors", version().u8(8, 19, 2, 5, 36, 2, 0, 19, 0, 9));
        socket(
                "bind-and-raise-msix",
                version().u8(8, 4, 2, 5, 36, 2, 0, 4, 0, 9, 6, 4).u32(1).u8(0, 0, 8, 0, 9));
        socket("resample", version().u8(8, 1, 2, 5, 36, 0, 0, 1, 0, 8, 1, 2, 5, 20, 0, 0, 1, 0, 11, 1, 9));
        socket(
                "migration-data",
                version()
                        .u8(12, 8)
                        .u32(3, 0)
                        .u8(2, 2, 0, 0, 13, 0, 1, 200, 0, 12, 8)
                        .u32(4, 0)
                        .u8(2, 2, 0, 0, 13, 3, 1, 2, 3, 0, 0, 12, 0, 2, 1, 8, 0, 9));
        socket("reset", version().u8(1, Wire.RESET, 0, 0, 9));
    }

    /** The script of a client that has agreed on a version and does not hang up at the end. */
    private static Bytes version() {
        return Bytes.of().u8(0, 2, 0, 1, 0, 9);
    }

    private void socket(String name, Bytes script) {
        files.put(SOCKET + name, script.get());
    }

    private void config() {
        int all = 15;
        config("bars-are-sized", Bytes.of().u8(all, 6, 0, 6, 1, 6, 2, 6, 3, 6, 4, 6, 5, 6, 6));
        config("command", write(all, ReferenceConfig.COMMAND, 2, 0xffff));
        config(
                "power-down-and-up",
                write(all, 0x48, 1, 3).raw(write(0, 0x48, 1, 0).get()));
        config("function-level-reset", write(all, 0x88, 2, 0xffff));
        config("msi-on", write(all, 0x50, 4, 0x0031_0000).u8(7, 1, 0, 1, 9, 1));
        config("msix-masked", write(all, 0x70, 4, 0xc000_0000).u8(7, 2, 0, 1, 9, 1));
        config("line", Bytes.of().u8(all, 10, 1, 5, 4, 4));
        config("save-and-restore", write(all, 0x10, 4, -1).u8(11, 1, 11, 2, 8, 1, 2, 3, 4, 5, 6, 7, 8));
        config("errors-are-cleared", Bytes.of().u8(all, 11, 3));
    }

    /** One write; for the first of a script, behind the shape of the space. */
    private static Bytes write(int shape, int offset, int count, int data) {
        Bytes script = shape == 0 ? Bytes.of() : Bytes.of().u8(shape);
        return script.u8(0, offset, count - 1).u32(data);
    }

    private void config(String name, Bytes script) {
        files.put(CONFIG + name, script.get());
    }

    private void region() {
        region(
                "write-and-read",
                Bytes.of().u8(0, 2, 0, 0, 0, 16, 8).u64(0x0807_0605_0403_0201L).u8(0, 0, 0, 0, 16, 0, 8));
        region(
                "long-write-and-read",
                Bytes.of().u8(0, 2, 0, 0, 0, 16, 70, 0, 64, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 16, 3, 0, 96));
        region(
                "longer-posted-write-and-read",
                Bytes.of().u8(0, 2, 1, 0, 0, 16, 71, 255, 255, 9, 0, 0, 0, 0, 16, 3, 255, 255));
        region("posted-write-and-read", Bytes.of().u8(0, 2, 1, 0, 0, 16, 2, 9, 8, 0, 0, 0, 0, 16, 0, 2));
        region("beyond-the-end", Bytes.of().u8(0, 0, 0, 2, 3, 0, 16));
        region("beyond-the-end-as-hardware", Bytes.of().u8(1, 0, 0, 2, 3, 0, 16));
        region("rom", Bytes.of().u8(0, 0, 4, 0, 0, 0, 16));
        region("write-only", Bytes.of().u8(0, 0, 5, 0, 0, 0, 16));
        region("one-mebibyte", Bytes.of().u8(0, 0, 0, 0, 0, 4, 128));
        region("more-than-may-be", Bytes.of().u8(0, 0, 0, 0, 0, 4, 129));
        region("offset-that-wraps", Bytes.of().u8(0, 0, 0, 3).u64(-4).u8(0, 8));
        region(
                "multi",
                Bytes.of()
                        .u8(0, 4, 0, 2, 0, 0, 0, 0, 8, 4)
                        .u64(-1)
                        .u8(0, 0, 16, 9)
                        .u64(1));
    }

    private void region(String name, Bytes script) {
        files.put(REGION + name, script.get());
    }

    private void json() {
        json("qemu", Wire.QEMU.replace("\0", ""));
        json("rust-vmm", Wire.RUST_VMM.replace("\0", ""));
        json("empty", "{}");
        json("no-capabilities", "{\"other\":[1,2,{\"a\":null}]}");
        json("twin-socket", "{\"capabilities\":{\"twin_socket\":{\"supported\":true}}}");
        json("deep", "{\"capabilities\":{\"x\":[[[[[[[[[[[[[[1]]]]]]]]]]]]]]}}");
        json("escapes", "{\"capabilities\":{\"\\u006dax_msg_fds\":8,\"x\":\"\\\"\\\\\\n}\"}}");
        json("numbers", "{\"capabilities\":{\"max_data_xfer_size\":9223372036854775807,\"max_msg_fds\":1e1}}");
        json("twice", "{\"capabilities\":{\"max_msg_fds\":1,\"max_msg_fds\":2},\"capabilities\":{}}");
    }

    private void json(String name, String text) {
        files.put(JSON + name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void board() {
        board("identify", read(0, 0).raw(read(0, 0xa00).get()));
        board(
                "pramin",
                write(1, 0x700, 0x10)
                        .raw(write(12, 0x10, 0x1234_5678).get())
                        .raw(read(12, 0x10).get()));
        board(
                "bar-binding",
                write(14, 0xf40, 0x8000_0010)
                        .u8(5, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8)
                        .u64(0x1000)
                        .u8(1));
        board(
                "falcon-transfer",
                write(7, 0x110, 0x10).raw(write(7, 0x118, 0x610).get()).u8(6, 2, 1, 2, 0, 0x10));
        board("falcon-start", write(7, 0x100, 2).raw(write(13, 0x100, 2).get()));
        board("doorbell", write(3, 0x90, 1).raw(write(15, 0x90, 1).get()));
        board(
                "interrupts",
                write(14, 0x1608, -1)
                        .raw(write(14, 0x1000, -1).get())
                        .raw(read(14, 0x1600).get()));
        board("function-level-reset", Bytes.of().u8(7, 0x80).u32(0x8000));
    }

    private static Bytes write(int window, int offset, int value) {
        return Bytes.of().u8(0, window).u16(offset / 4).u32(value);
    }

    private static Bytes read(int window, int offset) {
        return Bytes.of().u8(3, window).u16(offset / 4);
    }

    private void board(String name, Bytes script) {
        files.put(BOARD + name, script.get());
    }

    /** First what the core asks for, then what the GSP does at each doorbell: 0 ends it. */
    private void messages() {
        for (int question = 0; question < 6; question++) {
            messages("good-reply-to-" + question, Bytes.of().u8(question, 1, 0));
            messages(
                    "refusal-of-" + question,
                    Bytes.of().u8(question, 2, 4).u16(0x10).u32(0x56).u8(0));
        }
        messages(
                "events-before-a-reply", Bytes.of().u8(4, 3, 4, 16, 9, 0, 0, 0, 0, 0, 0, 0, 3, 6, 4, 1, 0, 0, 0, 1, 0));
        messages("wrong-checksum", Bytes.of().u8(0, 5, 4).u16(0x20).u32(1).u8(0));
        messages("wrong-count", Bytes.of().u8(0, 5, 4).u16(0x28).u32(17).u8(0));
        messages("wrong-length", Bytes.of().u8(0, 6, 4).u16(0x38).u32(-1).u8(0));
        messages("write-pointer", Bytes.of().u8(0, 4).u32(63).u8(0));
        messages("many-regions", Bytes.of().u8(0, 2, 4).u16(344).u32(17).u8(0));
        messages("no-reply", Bytes.of().u8(3, 0));
    }

    private void messages(String name, Bytes script) {
        files.put(MESSAGES + name, script.get());
    }

    private void migration() {
        // Each operation ends with the byte that makes it want its reply.
        migration(
                "save",
                move(1).raw(move(3).get()).u8(3, 200, 0, 0, 0, 3, 200, 0, 0, 0).raw(move(2).get()));
        migration("pre-copy", move(6).u8(3, 9, 0, 0, 0).raw(move(3).get()).u8(3, 255, 4, 1, 0, 0, 0, 0, 0));
        migration("load", move(4).u8(5, 0x5a, 0, 0, 0).raw(move(1).get()).u8(7, 0, 0));
        migration(
                "load-in-pieces",
                move(4).u8(5, 1, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0).raw(move(2).get()));
        migration(
                "load-of-damage",
                move(4).u8(4, 3, 1, 2, 3, 0, 0).raw(move(1).get()).u8(14, 0, 0, 1, 0));
        files.put(
                MIGRATION + "load-that-is-left",
                Bytes.of().u8(0, 255).raw(move(4).u8(4, 2, 1, 2, 0, 0).get()).get());
        migration("no-way", move(3).raw(move(6).get()).raw(move(7).get()).raw(move(8).get()));
        migration("reset-while-stopped", move(1).u8(14, 0, 0, 1, 0).raw(move(2).get()));
        migration("stop-is-refused", Bytes.of().u8(15, 0).raw(move(1).get()).u8(1, 0));
        migration(
                "load-is-refused-at-its-end",
                move(4).u8(5, 1, 0, 0, 0, 15, 13).raw(move(1).get()).u8(1, 0, 14, 0, 0, 1, 0));
        migration("start-fails", move(1).u8(15, 0x80 + 6).raw(move(2).get()).u8(1, 0, 14, 0, 0, 1, 0));
        Bytes mapped = Bytes.of().u8(9, 3, 0, 0, 15, 0, 0);
        migration("log", mapped.u8(11, 0, 0, 0, 0, 0, 8, 1, 2, 0).raw(report()).raw(report()));
        migration(
                "log-of-a-stopped-device",
                Bytes.of()
                        .u8(9, 3, 0, 0, 15, 0, 0, 11, 0, 0, 0, 0, 0)
                        .raw(move(1).get())
                        .u8(8, 1, 2, 0)
                        .raw(report())
                        .raw(move(2).get())
                        .raw(report()));
        migration(
                "log-of-a-range",
                Bytes.of().u8(9, 3, 0, 0, 15, 0, 0, 11, 0, 1, 0, 0, 0, 1, 1, 0).raw(report()));
        Bytes inPage = Bytes.of().u8(13, 1, 8, 1, 0, 0, 0);
        migration(
                "log-of-a-part-of-a-page",
                Bytes.of()
                        .u8(9, 3, 0, 0, 15, 0, 0, 11, 0, 0, 0, 0, 0, 8, 1, 2, 0)
                        .raw(inPage.get())
                        .raw(inPage.get()));
        migration("probe", Bytes.of().u8(2, 1, 4, 0, 8, 0, 0, 2, 2, 7, 0, 8, 0, 0, 2, 6, 6, 0, 8, 0, 0));
    }

    private static Bytes move(int state) {
        return Bytes.of().u8(0, state, 0, 0);
    }

    private static byte[] report() {
        return Bytes.of().u8(13, 0, 0, 8, 0, 0, 0).get();
    }

    /** A script for a device that also migrates running, and a client that stays. */
    private void migration(String name, Bytes script) {
        files.put(MIGRATION + name, Bytes.of().u8(0, 0).raw(script.get()).get());
    }

    private void gsp() {
        Bytes client = allocation(0, 0, 0, 2, 0);
        Bytes device = allocation(0, 0, 1, 2, 2);
        gsp("boots", Bytes.of().u8(0));
        gsp(
                "client-and-device",
                Bytes.of().u8(0).raw(client.get()).raw(device.get()).u8(5, 0, 1, 0, 5, 0, 0, 0));
        gsp("client-of-the-older-version", Bytes.of().u8(1).raw(client.get()).raw(device.get()));
        gsp("control-of-nobody", Bytes.of().u8(0, 2, 16, 0, 4, 1, 2, 3, 4, 0, 0, 0, 3, 1, 0));
        gsp("static-info", Bytes.of().u8(0, 6, 10, 0, 16, 0, 0));
        gsp("wrong-checksum", Bytes.of().u8(0, 7, 3, 8, 0, 0, 0).u32(1).u8(1));
        gsp("wrong-count", Bytes.of().u8(0, 7, 3, 8, 0, 0, 2).u32(200).u8(1));
        gsp("wild-position", Bytes.of().u8(0, 9, 1, 0).u32(-1).u8(1));
        gsp("wild-bytes", Bytes.of().u8(0, 8).u32(0x2000).u8(8).u64(-1).u8(1));
    }

    /** Allocates an object of class 0x40 times the last number. */
    private static Bytes allocation(int client, int parent, int object, int kind, int rmClass) {
        return Bytes.of().u8(0, 64, 0, 0, client, parent, object, kind, rmClass, 1, 0);
    }

    private void gsp(String name, Bytes script) {
        files.put(GSP + name, script.get());
    }

    /** First the version, then operations; each ends with the virtual function that it is about. */
    private void plugin() {
        plugin("starts-and-ends", Bytes.of().u8(0, 0, 0, 0, 4, 0, 6, 0));
        plugin("runs-and-ends", Bytes.of().u8(1, 0, 0, 0, 4, 0, 5, 3, 0, 5, 11, 0, 5, 14, 0, 6, 0));
        plugin("two-run", Bytes.of().u8(0, 0, 0, 0, 4, 0, 0, 0, 1, 4, 1, 6, 0, 6, 1));
        plugin(
                "wild-parameters",
                Bytes.of()
                        .u8(0, 1, 3)
                        .u16(0x178)
                        .u32(-1)
                        .u16(0x14)
                        .u32(-1)
                        .u16(4)
                        .u32(9)
                        .u8(0));
        plugin(
                "wild-area",
                Bytes.of()
                        .u8(0, 0, 0, 0, 2)
                        .u16(0)
                        .u32(7)
                        .u8(0, 5, 1, 0, 2)
                        .u16(0x10)
                        .u32(-1)
                        .u8(0, 5, 1, 0));
        plugin("every-message", Bytes.of().u8(0, 0, 0, 0, 4, 0, 5, 1, 0, 5, 4, 0, 5, 12, 0, 5, 13, 0, 5, 15, 0));
        plugin("functions-go", Bytes.of().u8(0, 0, 0, 0, 4, 0, 8, 0, 5, 3, 0, 6, 0, 8, 2, 0, 0, 0, 4, 0));
        plugin(
                "lists",
                Bytes.of()
                        .u8(0, 0, 0, 0, 4, 0, 7, 4)
                        .u32(0, 0)
                        .u8(0, 7, 6)
                        .u32(0, 0)
                        .u8(0, 7, 7)
                        .u32(1, 50)
                        .u8(0));
        plugin("any-doorbell", Bytes.of().u8(0, 3).u32(-1).u8(0, 3).u32(49).u8(0));
    }

    private void plugin(String name, Bytes script) {
        files.put(PLUGIN + name, script.get());
    }

    private void rfb() {
        int[] all = {3, 0, 0, 0, 0, 0, 2, 0, 2, 0};
        int[] changes = {3, 1, 0, 0, 0, 0, 2, 0, 2, 0};
        int[] zrle = {2, 0, 0, 1, 0, 0, 0, 16};
        int[] everything = {2, 0, 0, 4, 0, 0, 0, 16, 255, 255, 255, 17, 255, 255, 254, 204, 255, 255, 254, 198};
        rfb("bare-pixels", Bytes.of().u8(all).u8(changes).u8(changes));
        rfb("zrle", Bytes.of().u8(zrle).u8(all).u8(changes).u8(changes));
        rfb(
                "zrle-16-bit",
                Bytes.of()
                        .u8(format(16, 16, 1, 31, 11, 63, 5, 31, 0))
                        .u8(zrle)
                        .u8(all)
                        .u8(changes));
        rfb(
                "zrle-upper-bytes",
                Bytes.of()
                        .u8(format(32, 24, 1, 255, 8, 255, 16, 255, 24))
                        .u8(zrle)
                        .u8(all));
        rfb(
                "colour-map",
                Bytes.of().u8(0, 0, 0, 0, 8, 8).u8(new int[14]).u8(zrle).u8(all).u8(changes));
        rfb(
                "pointer-and-sizes",
                Bytes.of()
                        .u8(everything)
                        .u8(all)
                        .u8(changes)
                        .u8(251, 0, 0, 1, 0, 1, 0, 0)
                        .u8(changes));
        rfb(
                "input",
                Bytes.of().u8(4, 1, 0, 0, 0, 0, 0, 65).u8(5, 1, 0, 1, 0, 1).u8(255, 0, 0, 1, 0, 0, 0, 65, 0, 0, 0, 30));
        rfb("clipboard", Bytes.of().u8(6, 0, 0, 0, 0, 0, 0, 2, 'h', 'i').u8(all));
        rfb("clipboard-too-long", Bytes.of().u8(6, 0, 0, 0, 255, 255, 255, 255));
        rfb("part", Bytes.of().u8(3, 0, 0, 60, 0, 60, 0, 10, 0, 10).u8(3, 1, 255, 255, 255, 255, 255, 255, 255, 255));
        rfb("version-3", Bytes.of().text("RFB 003.003\n").u8(1).u8(all));
        Bytes many = Bytes.of().u8(everything);
        for (int i = 0; i < 40; i++) {
            many.u8(changes);
        }
        rfb("many-updates-and-sizes", many);
    }

    private static int[] format(int bits, int depth, int bigEndian, int... places) {
        return new int[] {
            0, 0, 0, 0, bits, depth, bigEndian, 1, 0, places[0], 0, places[2], 0, places[4], places[1], places[3],
            places[5], 0, 0, 0
        };
    }

    private void rfb(String name, Bytes said) {
        files.put(RFB + name, said.get());
    }
}
