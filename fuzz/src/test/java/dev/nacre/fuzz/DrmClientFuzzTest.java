package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.server.DrmServer;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.SocketOwner;
import dev.nacre.linux.UnixPackets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of the DRM server that calls anything with anything, answers what it is asked as it likes, and leaves when it
 * likes. Nothing may be thrown, on any thread; when it has gone, nothing of it may be left; and another client goes on.
 */
final class DrmClientFuzzTest {
    private static final int MAX_OPERATIONS = 40;
    private static final int MAX_ANSWERS = 12;
    private static final int MEMORY_BYTES = 1 << 16;

    /** Numbers of ioctls that exist, with the size of their arguments. */
    private static final int[][] IOCTLS = {
        {0x00, 64},
        {0x01, 16},
        {0x02, 4},
        {0x05, 40},
        {0x06, 248},
        {0x07, 16},
        {0x09, 8},
        {0x0a, 8},
        {0x0b, 16},
        {0x0c, 16},
        {0x0d, 16},
        {0x11, 4},
        {0x1e, 0},
        {0x1f, 0},
        {0x2d, 12},
        {0x2e, 12},
        {0xb2, 32},
        {0xb3, 16},
        {0xb4, 4},
        {0xbf, 8},
        {0xc0, 8},
        {0xc1, 24},
        {0xc2, 24},
        {0xc3, 40},
        {0xc4, 16},
        {0xc5, 16},
        {0xca, 48},
        {0xcb, 24},
        {0xcc, 32},
        {0xcd, 24},
        {0xcf, 24},
        {0xd1, 16},
        {0xa0, 64},
        {ModelDrmDriver.CREATE, 16},
        {ModelDrmDriver.SUBMIT, 16},
        {ModelDrmDriver.FINISH, 0},
    };

    // HW: dma-buf.h, sync_file.h
    private static final int[] DESCRIPTOR_IOCTLS = {
        0x4008_6200, 0xc008_6202, 0x4008_6203, 0xc030_3e03, 0xc038_3e04, 0x4010_3e05
    };

    // TIMEOUT: what a client leaves is freed within milliseconds; a second more where a descriptor kept it.
    private static final long PATIENCE_NS = 60_000_000_000L;

    // TIMEOUT: answers come within a millisecond; a call that waits for something is given up.
    private static final Duration BRIEF = Duration.ofMillis(50);

    private static @Nullable Served shared;

    private final List<Fd> files = new ArrayList<>();
    private final List<Fd> fds = new ArrayList<>();

    /** A server with one device, for all inputs. */
    private static final class Served {
        final ModelDrmDriver driver = new ModelDrmDriver();
        final DrmDevice device = new DrmDevice(driver, "pci:0000:01:00.0");
        final Path path = Path.of("target", "drm-" + ProcessHandle.current().pid() + ".sock");
        final DrmServer server;
        final Defects defects = Defects.of("dev.nacre.drm");
        final DrmPeer bystander;
        final Fd bystanderFile;

        Served() {
            SocketOwner owner = new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED);
            server = DrmServer.start(path, 0600, owner);
            path.toFile().deleteOnExit();
            server.add(0, device);
            bystander = new DrmPeer(path, Duration.ofNanos(PATIENCE_NS));
            bystander.send(DrmPeer.OPEN, Bytes.of().u32(128, 0).get(), List.of());
            assertThat(bystander.receive()).isEqualTo(4);
            bystanderFile = bystander.fds.getFirst();
        }
    }

    @FuzzTest
    void anyClient(byte[] input) {
        if (shared == null) {
            shared = new Served();
        }
        Served served = shared;
        Script script = new Script(input);
        DrmPeer peer = new DrmPeer(served.path, BRIEF);
        for (int i = 0; i < MAX_OPERATIONS && script.hasMore(); i++) {
            if (peer.over) {
                peer.close();
                peer = new DrmPeer(served.path, BRIEF);
            }
            step(peer, script);
        }
        peer.close();
        files.forEach(Fd::close);
        fds.forEach(Fd::close);
        files.clear();
        fds.clear();
        assertNothingIsLeft(served);
    }

    private static void assertNothingIsLeft(Served served) {
        await("connections", () -> served.server.connectionCount() == 1);
        await("files", () -> served.server.fileCount() == 1 && served.driver.files.get() == 1);
        await("descriptors", () -> {
            served.device.sweep();
            return served.device.gems().exportCount() == 0
                    && served.device.syncobjFiles().count() == 0
                    && served.device.syncFiles().count() == 0;
        });
        assertThat(served.driver.objects.get()).as("objects").isZero();
        DrmPeer peer = served.bystander;
        peer.send(DrmPeer.IOCTL, ioctl(served.bystanderFile, 0x0c, new byte[16], 0xc010_640c), List.of());
        assertThat(peer.receive()).as("the answer to another client").isEqualTo(DrmPeer.RESULT);
        assertThat(peer.u32(8)).isEqualTo(95);
        assertThat(served.defects.found()).isEmpty();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("time left for " + what).isNegative();
            LockSupport.parkNanos(200_000);
        }
    }

    private void step(DrmPeer peer, Script script) {
        switch (script.below(12)) {
            case 0 -> peer.raw(script.take(script.u8()));
            case 1 -> {
                peer.send(script.below(16), script.take(script.below(64)), List.of());
                collect(peer);
            }
            case 2 -> closeFile(script);
            case 3 -> {
                peer.send(DrmPeer.MMAP, map(script), List.of());
                collect(peer);
            }
            case 4 -> open(peer, script.flag() ? 128 : script.u8());
            case 5 -> callDescriptor(peer, script);
            default -> call(peer, script);
        }
    }

    private void open(DrmPeer peer, int minor) {
        peer.send(DrmPeer.OPEN, Bytes.of().u32(minor, 0).get(), List.of());
        int type = peer.receive();
        if (type == 4) {
            files.addAll(peer.fds);
        } else {
            fds.addAll(peer.fds);
        }
        peer.fds.clear();
    }

    private void closeFile(Script script) {
        if (!files.isEmpty()) {
            files.remove(script.below(files.size())).close();
        }
    }

    private int collect(DrmPeer peer) {
        int type = peer.receive();
        fds.addAll(peer.fds);
        peer.fds.clear();
        return type;
    }

    private void call(DrmPeer peer, Script script) {
        if (files.isEmpty()) {
            open(peer, 128);
            return;
        }
        Fd file = files.get(script.below(files.size()));
        int[] known = IOCTLS[script.below(IOCTLS.length)];
        int nr = script.below(16) == 0 ? script.u8() : known[0];
        int bytes = script.below(8) == 0 ? script.u8() : known[1];
        int direction = script.below(8) == 0 ? script.below(4) : 3;
        byte[] arg = argument(script, bytes);
        peer.send(DrmPeer.IOCTL, ioctl(file, nr, arg, direction << 30 | bytes << 16 | 0x6400 | nr), List.of());
        serve(peer, script);
    }

    private void callDescriptor(DrmPeer peer, Script script) {
        Fd fd = fds.isEmpty() ? EventFd.create().fd() : fds.get(script.below(fds.size()));
        if (fds.isEmpty()) {
            fds.add(fd);
        }
        int command = script.below(8) == 0 ? script.i32() : DESCRIPTOR_IOCTLS[script.below(DESCRIPTOR_IOCTLS.length)];
        byte[] arg = argument(script, command >>> 16 & 0x3f);
        peer.send(DrmPeer.FD_IOCTL, ioctl(new byte[16], arg, command), script.below(8) == 0 ? List.of() : List.of(fd));
        serve(peer, script);
    }

    private static byte[] argument(Script script, int bytes) {
        byte[] arg = new byte[bytes];
        for (int i = 0; i + 4 <= bytes; i += 4) {
            int value = script.below(8) == 0 ? script.i32() : script.below(8);
            arg[i] = (byte) value;
            arg[i + 1] = (byte) (value >> 8);
            arg[i + 2] = (byte) (value >> 16);
            arg[i + 3] = (byte) (value >> 24);
        }
        return arg;
    }

    private void serve(DrmPeer peer, Script script) {
        int type = collect(peer);
        for (int i = 0; i < MAX_ANSWERS && (type == DrmPeer.FETCH || type == DrmPeer.FETCH_FD); i++) {
            answer(peer, script, type);
            type = collect(peer);
        }
    }

    private void answer(DrmPeer peer, Script script, int type) {
        int kind = script.below(16);
        if (kind == 0) {
            peer.send(script.below(16), script.take(script.below(32)), List.of());
        } else if (kind == 1) {
            peer.send(type + 1, Bytes.of().u32(script.u8(), script.u8()).get(), List.of());
        } else if (type == DrmPeer.FETCH_FD) {
            if (fds.isEmpty()) {
                fds.add(EventFd.create().fd());
            }
            Fd given = fds.get(script.below(fds.size()));
            peer.send(DrmPeer.DATA_FD, Bytes.of().u32(0, 0).get(), List.of(given));
        } else {
            int bytes = Math.clamp(peer.u32(16), 0, MEMORY_BYTES);
            byte[] memory = new byte[8 + bytes];
            memory[4] = (byte) bytes;
            memory[5] = (byte) (bytes >> 8);
            memory[6] = (byte) (bytes >> 16);
            for (int i = 0; i < Math.min(bytes, 64); i += 4) {
                memory[8 + i] = (byte) script.below(8);
            }
            peer.send(DrmPeer.DATA, memory, List.of());
        }
    }

    private byte[] map(Script script) {
        byte[] token = files.isEmpty() ? new byte[16] : token(files.get(script.below(files.size())));
        long offset = (1L << 32) + 4096L * script.below(16);
        return Bytes.of()
                .raw(token)
                .u64(script.below(8) == 0 ? script.i64() : offset)
                .u64(script.below(8) == 0 ? script.i64() : 4096)
                .u32(script.below(8), script.below(4))
                .get();
    }

    private static byte[] ioctl(Fd file, int nr, byte[] arg, int command) {
        assertThat(command & 0xff).isEqualTo(nr);
        return ioctl(token(file), arg, command);
    }

    private static byte[] ioctl(byte[] token, byte[] arg, int command) {
        byte[] padded = new byte[(arg.length + 7) & ~7];
        System.arraycopy(arg, 0, padded, 0, arg.length);
        return Bytes.of()
                .raw(token)
                .u32(command, 0)
                .u32(arg.length, 0)
                .raw(padded)
                .get();
    }

    /** By the name of a file's other end. */
    private static byte[] token(Fd file) {
        return HexFormat.of().parseHex(UnixPackets.peerName(file).substring("nacre-drm/".length(), 42));
    }
}
