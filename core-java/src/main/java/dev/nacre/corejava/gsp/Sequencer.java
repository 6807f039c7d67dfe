package dev.nacre.corejava.gsp;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.falcon.Falcon;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.io.Waits;
import dev.nacre.hw.gsp.RpcLayout.RunCpuSequencer;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pgc6;

/** Register accesses that the GSP has the driver make while it starts: GSP_RUN_CPU_SEQUENCER. One thread. */
public final class Sequencer {
    // HW: GSP_SEQ_BUF_OPCODE and GSP_SEQ_BUF_PAYLOAD_*, open-gpu-kernel-modules rmgspseq.h
    private static final int REG_WRITE = 0;
    private static final int REG_MODIFY = 1;
    private static final int REG_POLL = 2;
    private static final int DELAY_US = 3;
    private static final int REG_STORE = 4;
    private static final int CORE_RESET = 5;
    private static final int CORE_START = 6;
    private static final int CORE_WAIT_FOR_HALT = 7;
    private static final int CORE_RESUME = 8;

    // TIMEOUT: drivers wait 4 s for a register without a time of its own.
    private static final long POLL_NS = 4_000_000_000L;

    // TIMEOUT: a GSP that asks for more than this altogether is not to be believed.
    private static final long ALL_NS = 30_000_000_000L;

    private static final long NS_PER_US = 1_000;

    private final Registers registers;
    private final Falcon gsp;
    private final Falcon sec2;
    private final int appVersion;
    private final long libosArguments;

    /**
     * Makes accesses for a GSP.
     *
     * @param appVersion of its boot loader
     * @param libosArguments address of its arguments
     */
    public Sequencer(Registers registers, Falcon gsp, Falcon sec2, int appVersion, long libosArguments) {
        this.registers = registers;
        this.gsp = gsp;
        this.sec2 = sec2;
        this.appVersion = appVersion;
        this.libosArguments = libosArguments;
    }

    /**
     * Runs a program.
     *
     * @throws CoreException with {@link CoreError#IO} if it is malformed, {@link CoreError#TIMED_OUT} if a register does
     *     not become what it waits for
     */
    public void run(HostileBytes program) {
        long words = program.uintAt(RunCpuSequencer.CMD_INDEX);
        program.require(
                program.contains(RunCpuSequencer.BYTES, words * Integer.BYTES), words + " words of sequencer commands");
        new Run(program, RunCpuSequencer.BYTES + words * Integer.BYTES).all();
    }

    /** One program. */
    private final class Run {
        private final HostileBytes program;
        private final long end;
        private final long deadline = System.nanoTime() + ALL_NS;
        private final int[] saved = new int[RunCpuSequencer.SAVE_AREA_WORDS];
        private long at = RunCpuSequencer.BYTES;

        Run(HostileBytes program, long end) {
            this.program = program;
            this.end = end;
        }

        void all() {
            while (at < end) {
                program.require(deadline - System.nanoTime() > 0, "sequencer commands that take too long");
                command(next());
            }
        }

        private void command(int opcode) {
            switch (opcode) {
                case REG_WRITE -> registers.write(register(), next());
                case REG_MODIFY -> {
                    Reg register = register();
                    int mask = next();
                    int value = next();
                    registers.update(register, raw -> (raw & ~mask) | value);
                }
                case REG_POLL -> poll();
                case DELAY_US -> Waits.pause(bounded(Integer.toUnsignedLong(next()) * NS_PER_US));
                case REG_STORE -> {
                    Reg register = register();
                    int index = next();
                    program.require(index >= 0 && index < saved.length, "save area " + index);
                    saved[index] = registers.read(register);
                }
                case CORE_RESET -> {
                    gsp.reset();
                    gsp.allowPhysicalDma();
                }
                case CORE_START -> gsp.start();
                case CORE_WAIT_FOR_HALT -> gsp.awaitHalt();
                case CORE_RESUME -> resume();
                default -> throw program.broken("sequencer command " + opcode);
            }
        }

        private void poll() {
            Reg register = register();
            int mask = next();
            int value = next();
            long timeoutUs = Integer.toUnsignedLong(next());
            int error = next();
            registers.await(
                    register,
                    "value 0x" + Integer.toHexString(value) + ", error 0x" + Integer.toHexString(error),
                    timeoutUs == 0 ? POLL_NS : bounded(timeoutUs * NS_PER_US),
                    raw -> (raw & mask) == value);
        }

        private void resume() {
            gsp.resetToRiscv();
            gsp.mailboxes(libosArguments);
            sec2.start();
            registers.await(Pgc6.BSI_SECURE_SCRATCH_14_BOOT_STAGE_3_HANDOFF, true, POLL_NS);
            int result = sec2.read(Pfalcon.FALCON_MAILBOX0);
            program.require(result == 0, "SEC2 says 0x" + Integer.toHexString(result));
            gsp.write(Pfalcon.FALCON_OS, appVersion);
            program.require(gsp.isRiscvActive(), "GSP does not run after it was resumed");
        }

        private long bounded(long ns) {
            return Math.min(ns, Math.max(0, deadline - System.nanoTime()));
        }

        private Reg register() {
            int offset = next();
            long size = registers.function().region(Registers.BAR0).size();
            program.require(
                    offset >= 0 && offset % Integer.BYTES == 0 && offset <= size - Integer.BYTES,
                    "register 0x" + Integer.toHexString(offset));
            return Reg.rw("NV_0x" + Integer.toHexString(offset), offset);
        }

        private int next() {
            program.require(at + Integer.BYTES <= end, "sequencer command that is cut off");
            int word = program.intAt(at);
            at += Integer.BYTES;
            return word;
        }
    }
}
