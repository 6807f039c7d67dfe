package dev.nacre.corejava.gsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.boot.BoardUnderTest;
import dev.nacre.corejava.boot.BoardUnderTest.Transport;
import dev.nacre.corejava.falcon.Falcon;
import dev.nacre.corejava.io.ConfigSpace;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.RpcLayout.RunCpuSequencer;
import dev.nacre.hw.regs.Pbus;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.regs.Psec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SequencerTest {
    private static final int SCRATCH = Pbus.SW_SCRATCH.at(3).offset();

    private final BoardUnderTest under = new BoardUnderTest(Chip.AD102, Transport.LOCAL);
    private final Registers registers = new Registers(under.function());
    private final Sequencer sequencer = new Sequencer(
            registers,
            new Falcon("GSP", Pgsp.BASE, registers),
            new Falcon("SEC2", Psec.BASE, registers),
            0,
            0x1_0000_0000L);

    SequencerTest() {
        new ConfigSpace(under.function()).enable();
    }

    @AfterEach
    void close() {
        under.close();
    }

    private static HostileBytes program(int... words) {
        WireStruct program = new WireStruct(RunCpuSequencer.BYTES + words.length * Integer.BYTES);
        program.put32(RunCpuSequencer.CMD_INDEX, words.length);
        for (int i = 0; i < words.length; i++) {
            program.put32(RunCpuSequencer.BYTES + i * Integer.BYTES, words[i]);
        }
        return new HostileBytes("program", program.bytes());
    }

    private void assertRefused(HostileBytes program, CoreError error) {
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> sequencer.run(program))
                .extracting(CoreException::error)
                .isEqualTo(error);
    }

    @Test
    void registersAreWrittenChangedAndWaitedFor() {
        sequencer.run(program(
                0, SCRATCH, 0x1234, // write
                1, SCRATCH, 0xff, 0x56, // modify
                2, SCRATCH, 0xffff, 0x1256, 1000, 7, // poll
                3, 10, // delay
                4, SCRATCH, 7, // store
                5, 7)); // reset the core, wait until it has halted

        assertThat(registers.read(Pbus.SW_SCRATCH.at(3))).isEqualTo(0x1256);
    }

    @Test
    void registerThatDoesNotComeTimesOut() {
        assertRefused(program(2, SCRATCH, 1, 1, 10, 7), CoreError.TIMED_OUT);
    }

    @Test
    void programsThatMakeNoSenseAreRefused() {
        assertRefused(program(9), CoreError.IO);
        assertRefused(program(-1), CoreError.IO);
        assertRefused(program(0, SCRATCH), CoreError.IO);
        assertRefused(program(0, SCRATCH + 1, 0), CoreError.IO);
        assertRefused(program(0, 16 << 20, 0), CoreError.IO);
        assertRefused(program(4, SCRATCH, 8), CoreError.IO);
        assertRefused(
                new HostileBytes(
                        "program",
                        new WireStruct(RunCpuSequencer.BYTES)
                                .put32(RunCpuSequencer.CMD_INDEX, -1)
                                .bytes()),
                CoreError.IO);
    }
}
