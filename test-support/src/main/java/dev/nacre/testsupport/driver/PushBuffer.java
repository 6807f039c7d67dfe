package dev.nacre.testsupport.driver;

import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.PushHeader;
import dev.nacre.hw.host.SemExecute;
import dev.nacre.hw.reg.Reg;
import java.util.ArrayList;
import java.util.List;

/** The words of a piece of work for a channel. */
final class PushBuffer {
    private final List<Integer> words = new ArrayList<>();

    /** Methods at addresses that follow each other. */
    PushBuffer methods(int subchannel, int address, int... data) {
        words.add(header(PushHeader.SEC_OP_INC_METHOD, subchannel, address, data.length));
        for (int word : data) {
            words.add(word);
        }
        return this;
    }

    /** As {@link #methods}, by the first method's table row. */
    PushBuffer methods(int subchannel, Reg first, int... data) {
        return methods(subchannel, first.offset(), data);
    }

    /** Host methods; their subchannel does not matter. */
    PushBuffer host(HostMethod first, int... data) {
        return methods(0, first.address(), data);
    }

    /** One method whose data is in the header; 13 bits. */
    PushBuffer immediate(int subchannel, int address, int data) {
        words.add(header(PushHeader.SEC_OP_IMMD_DATA_METHOD, subchannel, address, data));
        return this;
    }

    /** All data to one method. */
    PushBuffer nonIncrementing(int subchannel, int address, int... data) {
        words.add(header(PushHeader.SEC_OP_NON_INC_METHOD, subchannel, address, data.length));
        for (int word : data) {
            words.add(word);
        }
        return this;
    }

    /** A word that does nothing. */
    PushBuffer nop() {
        words.add(PushHeader.NOP);
        return this;
    }

    int count() {
        return words.size();
    }

    /** Little-endian. */
    byte[] bytes() {
        Words all = new Words(4 * words.size());
        for (int i = 0; i < words.size(); i++) {
            all.putInt(4 * i, words.get(i));
        }
        return all.bytes();
    }

    /** Data of a host semaphore's execute method. */
    static int semaphore(SemExecute.Operation operation) {
        int code = 0;
        while (SemExecute.operation(SemExecute.OPERATION.set(0, code)) != operation) {
            code++;
        }
        return SemExecute.OPERATION.set(0, code);
    }

    private static int header(int operation, int subchannel, int address, int count) {
        int word = PushHeader.SEC_OP.set(0, operation);
        word = PushHeader.METHOD_SUBCHANNEL.set(word, subchannel);
        word = PushHeader.METHOD_ADDRESS.set(word, address >>> 2);
        return PushHeader.METHOD_COUNT.set(word, count);
    }
}
