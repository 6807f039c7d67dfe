package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.fb.VramStore;
import dev.nacre.board.gsp.FakeDriver.Message;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A GSP with guests' GPUs that are fakes, and a driver in front of it that shares the board. */
final class VgpuFixture implements AutoCloseable {
    static final int CLIENT = 0xc2000005;
    static final int DEVICE = 0xde1d0000;
    static final int SUBDEVICE = 0x5d1d0000;

    private static final int RECORD_BYTES = 0x10000 - 48 - 32;
    private static final int CONTINUATION = 71;

    static final int BOOTLOAD = 0x20804001;
    static final int SHUTDOWN = 0x20804002;
    static final int ADD_TYPES = 0x20804003;
    static final int ENUMERATE = 0x20804004;
    static final int CLEAR_GUEST = 0x20804005;
    static final int FB_USAGE = 0x20804006;
    static final int ENCODER = 0x20804007;
    static final int CLEANUP = 0x20804008;
    static final int FS_ENCODING = 0x20804009;
    static final int MIGRATION_SUPPORT = 0x2080400a;
    static final int MGR_CONFIG = 0x2080400b;
    static final int FREE_STATES = 0x2080400c;
    static final int FRL_STATUS = 0x2080400d;
    static final int HETEROGENEOUS = 0x2080400e;

    static final int OK = 0;
    static final int INVALID_ADDRESS = 0x1e;
    static final int INVALID_ARGUMENT = 0x1f;
    static final int INSUFFICIENT_RESOURCES = 0x1a;
    static final int INVALID_OBJECT = 0x31;
    static final int INVALID_PARAM_STRUCT = 0x3a;
    static final int INVALID_STATE = 0x40;
    static final int NOT_SUPPORTED = 0x56;
    static final int NOT_FOUND = 0x57;
    static final int IN_USE = 0x63;

    /** The notice of a plugin that has ended. */
    static final int NOTIFY_SHUT_DOWN = 3;

    static final int PF_ADDRESS = 0x0100;
    static final int FIRST_VF = 4;
    static final long USABLE_END = 254L << 20;

    final FakeDriver driver = new FakeDriver(7);
    final FakeFalcon falcon = new FakeFalcon();
    final FakeGuests guests = new FakeGuests();
    final VramStore store = new VramStore(300L << 20);
    final Vram vram = store.vram();
    final GspVersion version;
    final Gsp gsp;
    final List<Message> events = new ArrayList<>();

    VgpuFixture(GspVersion version) {
        this.version = version;
        GpuModel model = new GpuModel(
                ChipHal.of(Chip.AD102), "test", 1, 2, new java.util.UUID(1, 2), vram.sizeBytes(), 1, 2048, false);
        assertThat(BoardConfig.maxHeads(Chip.AD102)).isPositive();
        gsp = new Gsp(
                new Gsp.Subject(model, new FakeSensors(), () -> 0),
                vram,
                driver.memory,
                falcon,
                new FakeMmu(),
                new FakeDisplay());
        gsp.connect(new FakeHost());
        gsp.connect(guests);
    }

    /** As a driver that shares the board does. */
    static VgpuFixture sharing(GspVersion version) {
        return new VgpuFixture(version).boot(32, 32, 1);
    }

    VgpuFixture boot(int totalVfs, int partitions, int sriovMode) {
        return boot(totalVfs, partitions, sriovMode, 0);
    }

    VgpuFixture boot(int totalVfs, int partitions, int sriovMode, int scheduling) {
        WireStruct.over(driver.ram).put64((int) FakeDriver.WPR_META + 0x60, 256L << 20);
        WireStruct.over(driver.ram).put8((int) FakeDriver.WPR_META + 0xf0, partitions);
        boolean newer = version == GspVersion.R570_144;
        WireStruct info = WireStruct.ofSize(newer ? 928 : 664);
        info.put32(newer ? 0x20 : 0x18, PF_ADDRESS);
        info.put32(newer ? 0x358 : 0x270, totalVfs);
        info.put32((newer ? 0x358 : 0x270) + 4, FIRST_VF);
        driver.send(72, info.toByteArray());
        driver.send(73, registry(sriovMode, scheduling));
        gsp.boot(FakeDriver.WPR_META, FakeDriver.LIBOS);
        settle();
        assertThat(driver.receive().function).isEqualTo(0x1002);
        assertThat(driver.receive().function).isEqualTo(0x1001);
        return this;
    }

    private static byte[] registry(int sriovMode, int scheduling) {
        byte[] names = "RMOther\0RMSetSriovMode\0RmPVMRL\0".getBytes(StandardCharsets.US_ASCII);
        WireStruct table = WireStruct.ofSize(8 + 3 * 16 + names.length);
        table.put32(0, table.length());
        table.put32(4, 3);
        int[] offsets = {0, 8, 23};
        int[] values = {5, sriovMode, scheduling};
        for (int i = 0; i < 3; i++) {
            table.put32(8 + 16 * i, 56 + offsets[i]);
            table.put8(8 + 16 * i + 4, 1);
            table.put32(8 + 16 * i + 8, values[i]);
            table.put32(8 + 16 * i + 12, 4);
        }
        table.put(56, names);
        return table.toByteArray();
    }

    void settle() {
        assertThat(gsp.thread().drain(TimeUnit.SECONDS.toNanos(60))).isTrue();
        assertThat(gsp.thread().defects()).isZero();
    }

    /** Sends a message, record by record, and takes its reply; events on the way are kept. */
    Message call(int function, byte[] payload) {
        for (int at = 0; at == 0 || at < payload.length; at += RECORD_BYTES) {
            byte[] part = Arrays.copyOfRange(payload, at, Math.min(at + RECORD_BYTES, payload.length));
            driver.record(at == 0 ? function : CONTINUATION, part, 32 + part.length);
            gsp.doorbell();
            settle();
        }
        Message reply = next();
        while (reply.function != function) {
            events.add(reply);
            reply = next();
        }
        while (payload.length > RECORD_BYTES && reply.payload.length < payload.length) {
            Message more = next();
            assertThat(more.function).isEqualTo(CONTINUATION);
            int had = reply.payload.length;
            reply.payload = Arrays.copyOf(reply.payload, had + more.payload.length);
            System.arraycopy(more.payload, 0, reply.payload, had, more.payload.length);
        }
        return reply;
    }

    private Message next() {
        if (!driver.hasMessage()) {
            gsp.doorbell();
            settle();
        }
        return driver.receive();
    }

    /** Makes a control of the internal subdevice and gives its status. */
    int status(int command, byte[] params) {
        return call(76, FakeDriver.control(CLIENT, SUBDEVICE, command, params))
                .body()
                .get32(12);
    }

    /** Makes a control that must succeed and gives its parameters. */
    WireStruct control(int command, byte[] params) {
        Message reply = call(76, FakeDriver.control(CLIENT, SUBDEVICE, command, params));
        assertThat(reply.body().get32(12)).as("status of %08x", command).isZero();
        return reply.body().part(24, params.length);
    }

    static byte[] words(int... values) {
        WireStruct out = WireStruct.ofSize(4 * values.length);
        for (int i = 0; i < values.length; i++) {
            out.put32(4 * i, values[i]);
        }
        return out.toByteArray();
    }

    /** Waits for a condition. */
    static void await(String what, BooleanSupplier condition) {
        // TIMEOUT: far more than any test needs; the condition is waited for, not the time.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(100_000);
        }
    }

    /** Throws away what the driver was told so far. */
    void discardMessages() {
        while (driver.hasMessage()) {
            driver.receive();
        }
        events.clear();
    }

    /** Waits for an event of a plugin. */
    void awaitNotice(int gfid, int index) {
        await("notice " + index + " of " + gfid, () -> {
            settle();
            while (driver.hasMessage()) {
                events.add(driver.receive());
            }
            return events.stream()
                    .anyMatch(e -> e.function == 0x100d
                            && e.body().get32(0) == gfid
                            && e.body().get32(4) == index);
        });
    }

    // ---- types

    int typeBytes() {
        return version == GspVersion.R570_144 ? 5224 : 4952;
    }

    /** A sound type. */
    WireStruct type(int id, int maxInstances) {
        WireStruct type = WireStruct.ofSize(typeBytes());
        type.put32(0, id);
        type.putText(4, "NVIDIA TEST-" + id + "Q", 32);
        type.putText(0x24, "Quadro", 32);
        type.put32(0x144, maxInstances);
        type.put32(0x148, 4);
        type.put32(0x14c, 1920);
        type.put32(0x150, 1080);
        type.put32(0x158, 60);
        type.put64(0x170, 0x26b5_176dL);
        type.put64(0x188, 1 << 20);
        type.put32(0x1a8, 100);
        type.put64(0x1b0, 256);
        type.put32(0x1b8, 1);
        return type;
    }

    byte[] types(boolean discard, WireStruct... types) {
        WireStruct params = WireStruct.ofSize(8 + 64 * typeBytes());
        params.put8(0, discard ? 1 : 0);
        params.put32(4, types.length);
        for (int i = 0; i < types.length; i++) {
            params.put(8 + i * typeBytes(), types[i].toByteArray());
        }
        return params.toByteArray();
    }

    /** Tells of the type that plugins are of. */
    VgpuFixture withType() {
        control(ADD_TYPES, types(true, type(869, 32)));
        return this;
    }

    PluginHost host(int gfid) {
        return new PluginHost(this, gfid);
    }

    @Override
    public void close() {
        gsp.close();
        store.close();
    }
}
