package dev.nacre.board.gpu;

import dev.nacre.board.bus.Bar0;
import dev.nacre.board.falcon.BooterProgram;
import dev.nacre.board.falcon.Falcon;
import dev.nacre.board.falcon.FalconDma;
import dev.nacre.board.falcon.FwsecProgram;
import dev.nacre.board.falcon.GspFalcon;
import dev.nacre.board.falcon.Sec2Falcon;
import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.fsp.Fsp;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.intr.InterruptLine;
import dev.nacre.board.pbus.BusInterface;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.fsp.FspCot;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.regs.Psec;
import dev.nacre.pci.GuestMemory;
import java.util.List;

/** The units by which a driver brings up the GSP, which depend on the chip's way of booting. */
sealed interface BootUnits {
    /**
     * What they work on.
     *
     * @param vram the board's memory
     * @param guest the guest's memory
     * @param memory whose write-protected region they set
     * @param pbus whose scratch registers they report in
     * @param interrupts where the GSP's interrupt goes
     */
    record Around(Vram vram, GuestMemory guest, MemoryInterface memory, BusInterface pbus, InterruptLine interrupts) {}

    /** Makes those of a chip. */
    static BootUnits of(ChipHal hal, Around around) {
        return switch (hal.chip().bootPath()) {
            case BOOTER -> WithBooter.of(hal, around);
            case FSP -> WithFsp.of(hal, around);
        };
    }

    /** The GSP's falcon. */
    GspFalcon gsp();

    /** Those that have state. */
    List<Stateful> parts();

    /** Gives them their addresses. */
    void map(Bar0 bar0);

    /** Transfers that met no memory. Any thread. */
    long transferFaults();

    /** Packets that were no messages. Any thread. */
    long droppedPackets();

    /**
     * FWSEC and booter, on two falcons.
     *
     * @param sec2 the falcon that runs the booter
     * @param booter the booter
     */
    record WithBooter(GspFalcon gsp, Falcon sec2, BooterProgram booter) implements BootUnits {
        private static WithBooter of(ChipHal hal, Around around) {
            FalconDma dma = new FalconDma(around.vram(), around.guest());
            long fbBytes = around.vram().sizeBytes();
            FwsecProgram fwsec = new FwsecProgram(around.pbus().registers(), around.memory(), fbBytes);
            GspFalcon gsp = GspFalcon.withBooter(dma, fwsec, around.interrupts(), hal.gspStallVector());
            BooterProgram booter = new BooterProgram(gsp, around.memory(), around.guest(), fbBytes);
            return new WithBooter(gsp, new Sec2Falcon(dma, booter).falcon(), booter);
        }

        @Override
        public List<Stateful> parts() {
            return List.of(gsp.falcon(), sec2, booter);
        }

        @Override
        public void map(Bar0 bar0) {
            bar0.map(Pgsp.BASE, Falcon.SIZE_BYTES, gsp.falcon().registers());
            bar0.map(Psec.BASE, Falcon.SIZE_BYTES, sec2.registers());
        }

        @Override
        public long transferFaults() {
            return gsp.falcon().faults() + sec2.faults();
        }

        @Override
        public long droppedPackets() {
            return 0;
        }
    }

    /**
     * The FSP.
     *
     * @param fsp it
     */
    record WithFsp(GspFalcon gsp, Fsp fsp) implements BootUnits {
        private static WithFsp of(ChipHal hal, Around around) {
            FalconDma dma = new FalconDma(around.vram(), around.guest());
            GspFalcon gsp = GspFalcon.withFsp(dma, around.interrupts(), hal.gspStallVector());
            Fsp fsp = new Fsp(
                    FspCot.of(hal.chip()).orElseThrow(),
                    hal.places().fspBootComplete().orElseThrow(),
                    gsp,
                    around.memory(),
                    around.guest(),
                    around.vram().sizeBytes());
            return new WithFsp(gsp, fsp);
        }

        @Override
        public List<Stateful> parts() {
            return List.of(gsp.falcon(), fsp);
        }

        @Override
        public void map(Bar0 bar0) {
            bar0.map(Pgsp.BASE, Falcon.SIZE_BYTES, gsp.falcon().registers());
            bar0.map(Fsp.BASE, Fsp.SIZE_BYTES, fsp.registers());
            bar0.map(fsp.bootCompleteBase(), Fsp.SIZE_BYTES, fsp.bootComplete());
        }

        @Override
        public long transferFaults() {
            return gsp.falcon().faults();
        }

        @Override
        public long droppedPackets() {
            return fsp.dropped();
        }
    }
}
