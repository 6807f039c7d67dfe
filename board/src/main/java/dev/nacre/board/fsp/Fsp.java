package dev.nacre.board.fsp;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.falcon.FalconMemory;
import dev.nacre.board.falcon.GspFalcon;
import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.fsp.FspCot;
import dev.nacre.hw.fsp.FspPacket;
import dev.nacre.hw.fsp.FspResponse;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pfsp;
import dev.nacre.hw.regs.Therm;
import dev.nacre.pci.GuestMemory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The FSP: takes a driver's packets out of its EMEM and answers them at once. It has always booted, and verifies
 * nothing: what a driver would have it start is not executed.
 *
 * <p>Only queue 0 is served. What is no message is dropped, so that its driver times out; a message that cannot be
 * obeyed is answered with an error. Registers belong to the socket's thread.
 */
public final class Fsp implements Stateful {
    /** Address of its registers. */
    public static final int BASE = Pfsp.BASE;

    /** Bytes of its registers, and of the page of the register that tells that it has booted. */
    public static final int SIZE_BYTES = 0x1000;

    // HW: drivers take any value but zero for a failure and print it; these are ours.
    /** The message's type is unknown. */
    static final int ERROR_TYPE = 0x01;

    /** The message has not the size that its type has, or the version that the chip takes. */
    static final int ERROR_FORMAT = 0x02;

    private static final RegArray QUEUES = Pfsp.QUEUE_HEAD;

    private final FspCot cot;
    private final GspFmc fmc;
    private final FalconMemory emem = new FalconMemory(QUEUES.count() * Pfsp.CHANNEL_BYTES);
    private final RegisterBank registers;
    private final RegisterBank bootComplete;
    private final int bootCompleteBase;
    private final AtomicLong dropped = new AtomicLong();

    /**
     * Makes it.
     *
     * @param cot the message that it takes
     * @param bootComplete register that tells that it has booted
     * @param gsp what it starts
     * @param memory whose region it sets
     * @param guest where parameters are
     * @param fbBytes size of the board's memory
     */
    public Fsp(FspCot cot, Reg bootComplete, GspFalcon gsp, MemoryInterface memory, GuestMemory guest, long fbBytes) {
        this.cot = cot;
        this.fmc = new GspFmc(gsp, memory, guest, fbBytes);
        gsp.onHalted(fmc::firmwareHalted);
        this.registers = RegisterBank.builder("fsp-registers", BASE, SIZE_BYTES)
                .store(Pfsp.EMEMC)
                .port(Pfsp.EMEMD, this::readEmem, (port, old, value) -> writeEmem(port, value))
                .onWrite(Pfsp.QUEUE_HEAD, (queue, old, value) -> handOver(queue, value))
                .store(Pfsp.QUEUE_TAIL)
                .store(Pfsp.MSGQ_HEAD)
                .store(Pfsp.MSGQ_TAIL)
                .build();
        this.bootCompleteBase = bootComplete.offset() & -SIZE_BYTES;
        this.bootComplete = RegisterBank.builder("fsp-boot", bootCompleteBase, SIZE_BYTES)
                .constant(bootComplete, Therm.FSP_BOOT_COMPLETE)
                .build();
    }

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }

    /** The register that tells that it has booted, in a bank at {@link #bootCompleteBase}. */
    public RegisterBank bootComplete() {
        return bootComplete;
    }

    /** Address of {@link #bootComplete}. */
    public int bootCompleteBase() {
        return bootCompleteBase;
    }

    /** Packets that were no messages. Any thread. */
    public long dropped() {
        return dropped.get();
    }

    @Override
    public String stateName() {
        return "fsp";
    }

    @Override
    public void save(StateWriter out) {
        StateWriter bank = new StateWriter();
        registers.save(bank);
        out.put("registers", bank);
        out.put("emem", emem.save());
        StateWriter firmware = new StateWriter();
        fmc.save(firmware);
        out.put("fmc", firmware);
    }

    @Override
    public void restore(StateReader in) {
        byte[] bytes = in.bytes("emem", emem.sizeBytes());
        registers.restore(in.group("registers"));
        emem.restore(bytes);
        fmc.restore(in.group("fmc"));
    }

    @Override
    public void reset() {
        registers.reset();
        emem.scrub();
        fmc.reset();
    }

    private int readEmem(int port) {
        int control = registers.value(Pfsp.EMEMC.at(port));
        int value = emem.readInt(control & Pfalcon.PORT_ADDRESS_MASK);
        advance(port, control, Pfalcon.PORT_AINCR);
        return value;
    }

    private int writeEmem(int port, int value) {
        int control = registers.value(Pfsp.EMEMC.at(port));
        emem.writeInt(control & Pfalcon.PORT_ADDRESS_MASK, value);
        advance(port, control, Pfalcon.PORT_AINCW);
        return 0;
    }

    private void advance(int port, int control, int when) {
        if ((control & when) != 0) {
            int next = (control + 4) & Pfalcon.PORT_ADDRESS_MASK;
            registers.set(Pfsp.EMEMC.at(port), (control & ~Pfalcon.PORT_ADDRESS_MASK) | next);
        }
    }

    /**
     * A driver has written a packet. The queue is empty again when this returns.
     *
     * @return what the head reads then
     */
    private int handOver(int queue, int head) {
        int tail = registers.value(Pfsp.QUEUE_TAIL.at(queue));
        registers.set(Pfsp.QUEUE_TAIL.at(queue), head);
        // Equal ones are how a driver empties a queue.
        if (tail != head) {
            byte[] packet = queue == 0 ? packet(head, tail) : new byte[0];
            if (packet.length < FspPacket.PAYLOAD || !answer(WireStruct.over(packet))) {
                dropped.incrementAndGet();
            }
        }
        return head;
    }

    /** The packet between head and tail, both words included; empty if there is none. */
    private byte[] packet(int head, int tail) {
        // GUEST: both are any 32 bits.
        if ((head & 3) != 0 || (tail & 3) != 0 || head < 0 || tail < head || tail > Pfsp.CHANNEL_BYTES - 4) {
            return new byte[0];
        }
        WireStruct packet = WireStruct.ofSize(tail - head + 4);
        for (int at = 0; at < packet.length(); at += 4) {
            packet.put32(at, emem.readInt(head + at));
        }
        return packet.toByteArray();
    }

    /** Obeys a message; false if it is none. */
    private boolean answer(WireStruct packet) {
        int header = packet.get32(FspPacket.NVDM_HEADER);
        if (!FspPacket.isSinglePacket(packet.get32(FspPacket.MCTP_HEADER)) || !FspPacket.isNvdm(header)) {
            return false;
        }
        int type = FspPacket.nvdmType(header);
        int error = type == FspPacket.NVDM_TYPE_COT
                ? chainOfTrust(packet.part(FspPacket.PAYLOAD, packet.length() - FspPacket.PAYLOAD))
                : ERROR_TYPE;
        respond(type, error);
        return true;
    }

    private int chainOfTrust(WireStruct payload) {
        if (payload.length() != FspCot.BYTES
                || (payload.get32(FspCot.VERSION) & 0xffff) != cot.version()
                || payload.get32(FspCot.VERSION) >>> 16 != FspCot.BYTES) {
            return ERROR_FORMAT;
        }
        fmc.run(
                payload.get64(FspCot.GSP_BOOT_ARGS_SYSMEM_OFFSET),
                payload.get64(FspCot.FRTS_VIDMEM_OFFSET),
                Integer.toUnsignedLong(payload.get32(FspCot.FRTS_VIDMEM_SIZE)));
        return 0;
    }

    private void respond(int type, int error) {
        emem.writeInt(FspPacket.MCTP_HEADER, FspPacket.MCTP_SINGLE_PACKET);
        emem.writeInt(FspPacket.NVDM_HEADER, FspPacket.nvdmHeader(FspPacket.NVDM_TYPE_FSP_RESPONSE));
        emem.writeInt(FspPacket.PAYLOAD + FspResponse.TASK_ID, 0);
        emem.writeInt(FspPacket.PAYLOAD + FspResponse.COMMAND_NVDM_TYPE, type);
        emem.writeInt(FspPacket.PAYLOAD + FspResponse.ERROR_CODE, error);
        registers.set(Pfsp.MSGQ_HEAD.at(0), 0);
        registers.set(Pfsp.MSGQ_TAIL.at(0), FspPacket.PAYLOAD + FspResponse.BYTES - 4);
    }
}
