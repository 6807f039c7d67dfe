package dev.nacre.board.fsp;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.falcon.FalconDma;
import dev.nacre.board.falcon.GspFalcon;
import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.gsp.GspFirmware;
import dev.nacre.board.rm.FirmwareMemory;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.fsp.FmcBootParams;
import dev.nacre.hw.fsp.FspCot;
import dev.nacre.hw.fsp.FspPacket;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pfsp;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.regs.RegisterPlaces;
import dev.nacre.hw.regs.Therm;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** An FSP with a GSP's falcon, a guest's memory, a driver's messages, and a firmware that only notes what it is told. */
final class FspRig {
    static final long FB_BYTES = 4L << 30;
    static final long GUEST_BASE = 0x10_0000;
    static final int GUEST_BYTES = 0x1_0000;
    static final int PARAMETERS = 0x1000;
    static final int META = 0x2000;
    static final long LIBOS_IOVA = 0x7_0000_1000L;
    static final long FRTS_FROM_END = 28L << 20;
    static final long FRTS_BYTES = 1 << 20;
    static final int VECTOR = 155;

    final List<String> firmwareCalls = new ArrayList<>();
    final MemorySegment guestBytes = Arena.global().allocate(GUEST_BYTES, 4096);
    final GuestMemory guest = new GuestMemory();
    final MemoryInterface memory = new MemoryInterface(FB_BYTES, RegisterPlaces.HOPPER);
    final GspFalcon gsp;
    final Fsp fsp;

    FspRig() {
        guest.map(GUEST_BASE, guestBytes, true, true);
        guest.busMaster(true);
        Vram vram = new Vram(Arena.global().allocate(0x1000, 4096));
        gsp = GspFalcon.withFsp(new FalconDma(vram, guest), vector -> {}, VECTOR);
        fsp = new Fsp(FspCot.HOPPER, Therm.I2CS_SCRATCH, gsp, memory, guest, FB_BYTES);
        gsp.connect(new GspFirmware() {
            @Override
            public void boot(long wprMetaAddress, long libosArgumentsAddress) {
                throw new AssertionError("There is no booter");
            }

            @Override
            public void boot(FirmwareMemory division, long libosArgumentsAddress) {
                firmwareCalls.add("boot " + Long.toHexString(division.nonWprHeap()) + " "
                        + Long.toHexString(division.frts()) + " " + Long.toHexString(libosArgumentsAddress));
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
        writeMeta();
        writeParameters();
    }

    /** Sizes as those of a driver's firmware. */
    private void writeMeta() {
        put64(META, BootLayout.WPR_META_MAGIC);
        put64(META + BootLayout.WPR_REVISION, BootLayout.WPR_META_REVISION);
        put64(META + BootLayout.SIZE_OF_RADIX3_ELF, 0x3c9_9000);
        put64(META + BootLayout.SIZE_OF_BOOTLOADER, 0x2_9000);
        put64(META + BootLayout.NON_WPR_HEAP_SIZE, 0x22_0000);
        put64(META + BootLayout.GSP_FW_HEAP_SIZE, 0x800_0000);
    }

    private void writeParameters() {
        put32(PARAMETERS + FmcBootParams.BOOT_TARGET, FmcBootParams.TARGET_COHERENT_SYSTEM);
        put32(PARAMETERS + FmcBootParams.GSP_RM_DESC_SIZE, BootLayout.WPR_META_BYTES);
        put64(PARAMETERS + FmcBootParams.GSP_RM_DESC_OFFSET, GUEST_BASE + META);
        put32(PARAMETERS + FmcBootParams.IS_GSP_RM_BOOT, 1);
        put32(PARAMETERS + FmcBootParams.RM_TARGET, FmcBootParams.TARGET_NONCOHERENT_SYSTEM);
        put64(PARAMETERS + FmcBootParams.RM_BOOT_ARGS_OFFSET, LIBOS_IOVA);
    }

    void put32(int at, int value) {
        guestBytes.set(ValueLayout.JAVA_INT_UNALIGNED, at, value);
    }

    void put64(int at, long value) {
        guestBytes.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    }

    /** A good packet that asks for a start. */
    static WireStruct chainOfTrust(long frtsFromEnd, long frtsBytes) {
        WireStruct packet = WireStruct.ofSize(FspPacket.PAYLOAD + FspCot.BYTES);
        packet.put32(FspPacket.MCTP_HEADER, FspPacket.MCTP_SINGLE_PACKET);
        packet.put32(FspPacket.NVDM_HEADER, FspPacket.nvdmHeader(FspPacket.NVDM_TYPE_COT));
        packet.put16(FspPacket.PAYLOAD + FspCot.VERSION, FspCot.HOPPER.version());
        packet.put16(FspPacket.PAYLOAD + FspCot.SIZE, FspCot.BYTES);
        packet.put64(FspPacket.PAYLOAD + FspCot.FRTS_VIDMEM_OFFSET, frtsFromEnd);
        packet.put32(FspPacket.PAYLOAD + FspCot.FRTS_VIDMEM_SIZE, (int) frtsBytes);
        packet.put64(FspPacket.PAYLOAD + FspCot.GSP_BOOT_ARGS_SYSMEM_OFFSET, GUEST_BASE + PARAMETERS);
        return packet;
    }

    /** Sends a packet as drivers do. */
    void send(WireStruct packet) {
        write(Pfsp.EMEMC.at(0).offset(), Pfalcon.PORT_AINCW);
        for (int at = 0; at < packet.length(); at += 4) {
            write(Pfsp.EMEMD.at(0).offset(), packet.get32(at));
        }
        write(Pfsp.QUEUE_TAIL.at(0).offset(), packet.length() - 4);
        write(Pfsp.QUEUE_HEAD.at(0).offset(), 0);
    }

    /** Takes the answer as drivers do; empty if there is none. */
    WireStruct receive() {
        int head = read(Pfsp.MSGQ_HEAD.at(0).offset());
        int tail = read(Pfsp.MSGQ_TAIL.at(0).offset());
        WireStruct packet = WireStruct.ofSize(head == tail ? 0 : tail - head + 4);
        write(Pfsp.EMEMC.at(0).offset(), Pfalcon.PORT_AINCR | head);
        for (int at = 0; at < packet.length(); at += 4) {
            packet.put32(at, read(Pfsp.EMEMD.at(0).offset()));
        }
        write(Pfsp.MSGQ_TAIL.at(0).offset(), 0);
        write(Pfsp.MSGQ_HEAD.at(0).offset(), 0);
        return packet;
    }

    void write(int address, int value) {
        fsp.registers().write(address, value);
    }

    int read(int address) {
        return fsp.registers().read(address);
    }

    /** A register of the GSP's falcon. */
    int gspRead(int offset) {
        RegisterBank registers = gsp.falcon().registers();
        return registers.read(Pgsp.BASE + offset);
    }

    boolean isLocked() {
        return Pfalcon.FALCON_HWCFG2_RISCV_BR_PRIV_LOCKDOWN.get(gspRead(Pfalcon.FALCON_HWCFG2.offset()));
    }

    int mailbox0() {
        return gspRead(Pfalcon.FALCON_MAILBOX0.offset());
    }
}
