package dev.nacre.testsupport.driver;

import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What the steps of one run hand on to each other: each method is a step and gives a line about it. One thread. */
final class Session {
    // HW: the vector that NVIDIA's driver triggers, and others in the first, second and last leaf.
    private static final int[] SELF_TEST_VECTORS = {129, 0, 63, 255};

    private final Device device;
    private final Check check;
    private @Nullable Vbios vbios;
    private @Nullable Boot boot;
    private long fbBytes;
    private @Nullable StaticInfo info;
    private ControlProbe.@Nullable Vectors vectors;
    private @Nullable Workspace workspace;

    Session(Device device) {
        this.device = device;
        this.check = device.check;
    }

    String configure() {
        device.config.identify(device.chip);
        device.config.placeBars();
        device.config.enable();
        device.transport.bindMessages(device.interrupts.event());
        return "10de:%04x, %s".formatted(device.chip.deviceId(), device.transport.name());
    }

    String interrupts() {
        for (int vector : SELF_TEST_VECTORS) {
            device.interrupts.selfTest(vector);
        }
        return "vectors " + java.util.Arrays.toString(SELF_TEST_VECTORS);
    }

    String vbios() {
        Vbios found = VbiosProbe.read(device);
        vbios = found;
        return "version %s, %d bytes".formatted(found.version(), found.sizeBytes());
    }

    String awaitBoardFirmware() {
        fbBytes = new ChipProbe(device).awaitBoardFirmware();
        return fbBytes / (1 << 20) + " MiB";
    }

    String frts() {
        Boot made = new Boot(device, Objects.requireNonNull(vbios), fbBytes);
        made.frts();
        boot = made;
        return "FRTS at " + Check.hex(made.fb().frts());
    }

    String prefill() {
        boot().prefillCommands();
        return device.memory.pieceCount() + " pieces of system memory";
    }

    String resetGsp() {
        boot().resetGsp();
        return "RISC-V selected";
    }

    String load() {
        boot().load();
        return "protected region %s to %s"
                .formatted(
                        Check.hex(boot().fb().wprStart()), Check.hex(boot().fb().wprEnd()));
    }

    String awaitInitDone() {
        boot().awaitInitDone();
        return "firmware " + GspVersion.R570_144.id();
    }

    String staticInfo() {
        StaticInfo read = StaticInfo.read(boot().rpc(), device, boot().fb());
        info = read;
        return "%s, %d MiB usable".formatted(read.name(), read.usableBytes() >> 20);
    }

    String controls() {
        ControlProbe probe = new ControlProbe(device, internal(), info().subdevice());
        ControlProbe.Vectors read = probe.vectors();
        vectors = read;
        probe.unknown();
        probe.continued();
        probe.wrap();
        return read.stall().size() + " stalling vectors, unknown controls answered with zeros";
    }

    String barTables() {
        Workspace made = new Workspace(device, boot().rpc(), info());
        made.mapBars();
        workspace = made;
        return "BAR2 by RPC, BAR1 by its directory at " + Check.hex(info().bar1PageDirectory());
    }

    String objects() {
        workspace().makeObjects(internal(), info().subdevice());
        return workspace().engines().toString();
    }

    String graphicsChannel() {
        return workspace().makeGraphicsChannel();
    }

    String copyChannel() {
        return workspace().makeCopyChannel(vectors());
    }

    String copies() {
        boot().rpc().expectNoEvent();
        return workspace().copies();
    }

    String pageFault() {
        return workspace().pageFault(new MessageInterrupt(device, boot().gsp(), gspVector()));
    }

    String free() {
        workspace().free();
        boot().rpc().expectNoEvent();
        return "client and all below it";
    }

    String unload() {
        workspace().unmapBars();
        boot().unload();
        device.interrupts.quiesce();
        return "protected region gone";
    }

    LiveFigures liveFigures() {
        return new LiveFigures(device, internal(), info().subdevice());
    }

    DmaBuffer leaveWorkRunning() {
        return workspace().leaveWorkRunning();
    }

    CopyTimer copyTimer() {
        return workspace().copyTimer(new Random(device.random.nextLong()));
    }

    private int gspVector() {
        Integer vector = vectors()
                .stall()
                .get(GspAbi.of(GspVersion.R570_144).interruptIndexes().gsp());
        check.that(
                "vector of the GSP",
                vector != null,
                "in the interrupt table",
                vectors().stall().toString());
        return Objects.requireNonNull(vector);
    }

    private RmClient internal() {
        return new RmClient(boot().rpc(), info().client(), check);
    }

    private Boot boot() {
        return Objects.requireNonNull(boot);
    }

    private StaticInfo info() {
        return Objects.requireNonNull(info);
    }

    private ControlProbe.Vectors vectors() {
        return Objects.requireNonNull(vectors);
    }

    private Workspace workspace() {
        return Objects.requireNonNull(workspace);
    }
}
