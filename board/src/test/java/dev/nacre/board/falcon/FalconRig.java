package dev.nacre.board.falcon;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.gsp.GspFirmware;
import dev.nacre.board.pbus.BusInterface;
import dev.nacre.board.rm.FirmwareMemory;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.RegisterPlaces;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Both falcons with what they work on, a guest's memory, and a firmware that only notes what it is told. */
final class FalconRig {
    static final long FB_BYTES = 2048L << 20;
    static final long GUEST_BASE = 0x10_0000;
    static final int GUEST_BYTES = 0x10_0000;
    static final int VECTOR = 155;

    final List<String> firmwareCalls = new ArrayList<>();
    final List<Integer> raised = new ArrayList<>();
    final MemorySegment guestBytes = Arena.global().allocate(GUEST_BYTES, 4096);
    final GuestMemory guest = new GuestMemory();
    final Vram vram = new Vram(Arena.global().allocate(0x10_0000, 4096));
    final MemoryInterface memory = new MemoryInterface(FB_BYTES, RegisterPlaces.TURING_TO_ADA);
    final BusInterface pbus = new BusInterface(vram, RegisterPlaces.TURING_TO_ADA);
    final GspFalcon gsp;
    final BooterProgram booter;
    final Sec2Falcon sec2;

    FalconRig() {
        guest.map(GUEST_BASE, guestBytes, true, true);
        guest.busMaster(true);
        FalconDma dma = new FalconDma(vram, guest);
        gsp = GspFalcon.withBooter(dma, new FwsecProgram(pbus.registers(), memory, FB_BYTES), raised::add, VECTOR);
        booter = new BooterProgram(gsp, memory, guest, FB_BYTES);
        sec2 = new Sec2Falcon(dma, booter);
        gsp.connect(new GspFirmware() {
            @Override
            public void boot(long wprMetaAddress, long libosArgumentsAddress) {
                firmwareCalls.add(
                        "boot " + Long.toHexString(wprMetaAddress) + " " + Long.toHexString(libosArgumentsAddress));
            }

            @Override
            public void boot(FirmwareMemory division, long libosArgumentsAddress) {
                throw new AssertionError("Memory was not laid out by the driver");
            }

            @Override
            public void resume(long srMetaAddress) {
                firmwareCalls.add("resume " + Long.toHexString(srMetaAddress));
            }

            @Override
            public void halt() {
                firmwareCalls.add("halt");
            }

            @Override
            public void doorbell() {
                firmwareCalls.add("doorbell");
            }
        });
    }

    /** Resets a falcon as drivers do. */
    static void reset(Falcon falcon) {
        write(falcon, Pfalcon.FALCON_ENGINE.offset(), 1);
        write(falcon, Pfalcon.FALCON_ENGINE.offset(), 0);
    }

    /** Loads code and data from one address, 256 bytes at a time. */
    static void load(Falcon falcon, long from, int imemBytes, int dmemBytes) {
        write(falcon, Pfalcon.FBIF_CTL.offset(), 0x80);
        write(falcon, Pfalcon.FBIF_TRANSCFG.first().offset(), 5);
        write(falcon, Pfalcon.FALCON_DMATRFBASE.offset(), (int) (from >> 8));
        write(falcon, Pfalcon.FALCON_DMATRFBASE1.offset(), (int) (from >> 40));
        for (int at = 0; at < imemBytes; at += 256) {
            transfer(falcon, at, at, 0x614);
        }
        for (int at = 0; at < dmemBytes; at += 256) {
            transfer(falcon, at, imemBytes + at, 0x600);
        }
    }

    static void transfer(Falcon falcon, int to, int from, int command) {
        write(falcon, Pfalcon.FALCON_DMATRFMOFFS.offset(), to);
        write(falcon, Pfalcon.FALCON_DMATRFFBOFFS.offset(), from);
        write(falcon, Pfalcon.FALCON_DMATRFCMD.offset(), command);
    }

    static void start(Falcon falcon) {
        write(falcon, Pfalcon.FALCON_CPUCTL.offset(), 2);
    }

    static void mailboxes(Falcon falcon, long value) {
        write(falcon, Pfalcon.FALCON_MAILBOX0.offset(), (int) value);
        write(falcon, Pfalcon.FALCON_MAILBOX1.offset(), (int) (value >>> 32));
    }

    static int mailbox0(Falcon falcon) {
        return read(falcon, Pfalcon.FALCON_MAILBOX0.offset());
    }

    static void write(Falcon falcon, int offset, int value) {
        falcon.registers().write(base(falcon) + offset, value);
    }

    static int read(Falcon falcon, int offset) {
        return falcon.registers().read(base(falcon) + offset);
    }

    private static int base(Falcon falcon) {
        RegisterBank bank = falcon.registers();
        return bank.stateName().startsWith("gsp") ? 0x110000 : 0x840000;
    }
}
