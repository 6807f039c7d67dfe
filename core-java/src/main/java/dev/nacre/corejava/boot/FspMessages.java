package dev.nacre.corejava.boot;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.io.Waits;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.fsp.FspPacket;
import dev.nacre.hw.fsp.FspResponse;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pfsp;

/** Messages to the FSP, by its memory and the first of its queues. One thread. */
final class FspMessages {
    // TIMEOUT: drivers allow 1 s for the queue to be empty and 1 s for the answer.
    private static final long PATIENCE_NS = 5_000_000_000L;

    private final Registers registers;

    FspMessages(Registers registers) {
        this.registers = registers;
    }

    /**
     * Sends a message that fits one packet, and waits until the FSP has obeyed.
     *
     * @param nvdmType kind of the message
     * @param payload a multiple of 4 bytes
     * @throws CoreException with {@link CoreError#IO} if it refuses, {@link CoreError#TIMED_OUT} if it is silent
     */
    void send(int nvdmType, byte[] payload) {
        if (!Waits.until(PATIENCE_NS, this::isQueueEmpty)) {
            throw new CoreException(CoreError.TIMED_OUT, "FSP takes no messages");
        }
        WireStruct packet = new WireStruct(FspPacket.PAYLOAD + payload.length)
                .put32(FspPacket.MCTP_HEADER, FspPacket.MCTP_SINGLE_PACKET)
                .put32(FspPacket.NVDM_HEADER, FspPacket.nvdmHeader(nvdmType))
                .put(FspPacket.PAYLOAD, payload);
        write(new HostileBytes("packet", packet.bytes()));
        // HW: the tail is the last word, and the head, written last, hands the packet over.
        registers.write(Pfsp.QUEUE_TAIL.at(0), packet.bytes().length - Integer.BYTES);
        registers.write(Pfsp.QUEUE_HEAD.at(0), 0);
        if (!Waits.until(PATIENCE_NS, () -> answerBytes() > 0)) {
            registers.requirePresent();
            throw new CoreException(CoreError.TIMED_OUT, "FSP does not answer");
        }
        check(receive(), nvdmType);
    }

    private boolean isQueueEmpty() {
        return registers.read(Pfsp.QUEUE_HEAD.at(0)) == registers.read(Pfsp.QUEUE_TAIL.at(0));
    }

    private long answerBytes() {
        long head = Integer.toUnsignedLong(registers.read(Pfsp.MSGQ_HEAD.at(0)));
        long tail = Integer.toUnsignedLong(registers.read(Pfsp.MSGQ_TAIL.at(0)));
        return head == tail ? 0 : tail - head + Integer.BYTES;
    }

    private void write(HostileBytes packet) {
        registers.write(Pfsp.EMEMC.at(0), Pfalcon.PORT_AINCW);
        for (int at = 0; at < packet.size(); at += Integer.BYTES) {
            registers.write(Pfsp.EMEMD.at(0), packet.intAt(at));
        }
    }

    private HostileBytes receive() {
        long bytes = answerBytes();
        if (bytes < FspPacket.PAYLOAD + FspResponse.BYTES || bytes > Pfsp.CHANNEL_BYTES) {
            throw new CoreException(CoreError.IO, "FSP's answer has an impossible size: bytes=" + bytes);
        }
        WireStruct answer = new WireStruct(FspPacket.PAYLOAD + FspResponse.BYTES);
        registers.write(Pfsp.EMEMC.at(0), Pfalcon.PORT_AINCR);
        for (int at = 0; at < answer.bytes().length; at += Integer.BYTES) {
            answer.put32(at, registers.read(Pfsp.EMEMD.at(0)));
        }
        registers.write(Pfsp.MSGQ_TAIL.at(0), 0);
        registers.write(Pfsp.MSGQ_HEAD.at(0), 0);
        return new HostileBytes("FSP's answer", answer.bytes());
    }

    private static void check(HostileBytes answer, int nvdmType) {
        int header = answer.intAt(FspPacket.NVDM_HEADER);
        answer.require(
                FspPacket.isSinglePacket(answer.intAt(FspPacket.MCTP_HEADER))
                        && FspPacket.isNvdm(header)
                        && FspPacket.nvdmType(header) == FspPacket.NVDM_TYPE_FSP_RESPONSE,
                "header 0x" + Integer.toHexString(header));
        int command = answer.intAt(FspPacket.PAYLOAD + FspResponse.COMMAND_NVDM_TYPE);
        answer.require(command == nvdmType, "it is to message 0x" + Integer.toHexString(command));
        int error = answer.intAt(FspPacket.PAYLOAD + FspResponse.ERROR_CODE);
        answer.require(error == 0, "FSP refuses with error 0x" + Integer.toHexString(error));
    }
}
