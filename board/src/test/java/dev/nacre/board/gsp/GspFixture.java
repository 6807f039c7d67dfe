package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.gsp.FakeDriver.Message;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.chip.Chip;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A GSP with fakes around it and a driver in front of it. */
final class GspFixture implements AutoCloseable {
    static final int SYSTEM_INFO_570 = 928;
    static final int SYSTEM_INFO_535 = 664;

    static final int CLIENT = 0xc1d00000;
    static final int DEVICE = 0xde1d0000;
    static final int SUBDEVICE = 0x5d1d0000;
    static final int VA_SPACE = 0x90f10000;
    static final int INTERNAL_CLIENT = 0xc2000005;

    final FakeDriver driver;
    final FakeFalcon falcon = new FakeFalcon();
    final FakeMmu mmu = new FakeMmu();
    final FakeDisplay display = new FakeDisplay();
    final FakeHost host = new FakeHost();
    final Vram vram = new Vram(MemorySegment.ofArray(new byte[FakeDriver.FB_BYTES]));
    final FakeSensors sensors = new FakeSensors();
    final AtomicLong timeNs = new AtomicLong(5_000_000);
    final ChipHal hal;
    Gsp gsp;

    GspFixture() {
        this(Chip.AD102);
    }

    GspFixture(Chip chip) {
        driver = new FakeDriver(42);
        hal = ChipHal.of(chip);
        gsp = make();
    }

    private Gsp make() {
        GpuModel model = GpuModel.ofBoard(hal.chip(), vram.sizeBytes(), BoardConfig.defaultHeads(hal.chip()), false);
        Gsp made = new Gsp(new Gsp.Subject(model, sensors, timeNs::get), vram, driver.memory, falcon, mmu, display);
        made.connect(host);
        return made;
    }

    /** Lets a fresh GSP go on with the state of this one, as after a move to another process. */
    void saveAndRestore() {
        gsp.thread().hold();
        StateWriter out = new StateWriter();
        gsp.save(out);
        gsp.close();
        gsp = make();
        gsp.thread().hold();
        gsp.restore(new StateReader(out.toByteArray()));
        gsp.thread().resume();
        settle();
    }

    /** Waits until the GSP has nothing to do. */
    void settle() {
        // TIMEOUT: far more than any test needs; the condition is waited for, not the time.
        assertThat(gsp.thread().drain(TimeUnit.SECONDS.toNanos(60))).isTrue();
        assertThat(gsp.thread().defects()).isZero();
    }

    void ring() {
        gsp.doorbell();
        settle();
    }

    /** Starts the GSP as a driver of one firmware version does. */
    GspFixture boot(int systemInfoBytes) {
        driver.send(72, new byte[systemInfoBytes]);
        driver.send(73, new byte[117]);
        gsp.boot(FakeDriver.WPR_META, FakeDriver.LIBOS);
        settle();
        assertThat(driver.receive().function).isEqualTo(0x1002);
        assertThat(driver.receive().function).isEqualTo(0x1001);
        return this;
    }

    /** As {@link #boot}, with a client, device, subdevice and address space. */
    GspFixture bootWithObjects(int systemInfoBytes) {
        boot(systemInfoBytes);
        assertThat(alloc(CLIENT, CLIENT, CLIENT, 0, new byte[120])).isZero();
        assertThat(alloc(CLIENT, CLIENT, DEVICE, 0x80, new byte[56])).isZero();
        assertThat(alloc(CLIENT, DEVICE, SUBDEVICE, 0x2080, new byte[4])).isZero();
        assertThat(alloc(CLIENT, DEVICE, VA_SPACE, 0x90f1, new byte[48])).isZero();
        return this;
    }

    /** Sends a message and takes its reply. */
    Message call(int function, byte[] payload) {
        driver.send(function, payload);
        ring();
        Message reply = driver.receive();
        assertThat(reply.function).isEqualTo(function);
        assertThat(reply.sequence).isEqualTo(0x1234);
        return reply;
    }

    /** Allocates and gives the status. */
    int alloc(int client, int parent, int object, int rmClass, byte[] params) {
        return call(103, FakeDriver.alloc(client, parent, object, rmClass, params))
                .body()
                .get32(16);
    }

    int free(int client, int object) {
        return call(10, FakeDriver.free(client, object)).body().get32(12);
    }

    /** Makes a control of the internal subdevice and gives its parameters. */
    WireStruct internal(int command, byte[] params) {
        return control(INTERNAL_CLIENT, SUBDEVICE, command, params);
    }

    /** Makes a control that must succeed and gives its parameters. */
    WireStruct control(int client, int object, int command, byte[] params) {
        Message reply = call(76, FakeDriver.control(client, object, command, params));
        assertThat(reply.result).isZero();
        assertThat(reply.body().get32(12)).as("status of %08x", command).isZero();
        assertThat(reply.payload).hasSize(24 + params.length);
        return reply.body().part(24, params.length);
    }

    /** Makes a control and gives its status. */
    int controlStatus(int client, int object, int command, byte[] params) {
        return call(76, FakeDriver.control(client, object, command, params))
                .body()
                .get32(12);
    }

    static byte[] channelParams(int bytes, int flags, int engine) {
        WireStruct params = WireStruct.ofSize(bytes);
        params.put64(8, 0x11000);
        params.put32(16, 1024);
        params.put32(20, flags);
        params.put32(28, VA_SPACE);
        params.put32(128, engine);
        params.put64(144, 0x379e8000L);
        params.put64(152, 0x1000);
        params.put32(160, 2);
        params.put64(168, 0x8000);
        params.put64(176, 0x200);
        params.put32(184, 2);
        return params.toByteArray();
    }

    @Override
    public void close() {
        gsp.close();
    }
}
