package dev.nacre.corejava.io;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pmc;
import dev.nacre.pci.bus.FunctionAccess;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** The registers in BAR0, by their table rows. Any thread; a read sees the writes that the same thread made before. */
public final class Registers {
    /** The region that BAR0 is. */
    public static final int BAR0 = 0;

    // HW: a read that nobody answers
    private static final int NOBODY = -1;

    private final FunctionAccess function;

    /** The registers of a function, which stays the caller's. */
    public Registers(FunctionAccess function) {
        this.function = function;
    }

    /** The function. */
    public FunctionAccess function() {
        return function;
    }

    /** Reads a register. @throws CoreException with {@link CoreError#GONE} if the GPU has gone */
    public int read(Reg register) {
        int value = function.readInt(BAR0, register.offset());
        if (value == NOBODY && isGone()) {
            throw gone();
        }
        return value;
    }

    /** Reads a field, as {@link #read(Reg)}. */
    public int read(Reg.Bits field) {
        return field.get(read(field.reg()));
    }

    /** Reads a flag, as {@link #read(Reg)}. */
    public boolean read(Reg.Flag flag) {
        return flag.get(read(flag.reg()));
    }

    /** Writes a register; without effect if the GPU has gone. */
    public void write(Reg register, int value) {
        function.writeInt(BAR0, register.offset(), value);
    }

    /** Reads, changes and writes. */
    public void update(Reg register, IntUnaryOperator change) {
        write(register, change.applyAsInt(read(register)));
    }

    /**
     * Waits for a register, with pauses.
     *
     * @throws CoreException with {@link CoreError#TIMED_OUT} naming it, or {@link CoreError#GONE}
     */
    public void await(Reg register, String what, long timeoutNs, IntPredicate condition) {
        if (!Waits.until(timeoutNs, () -> condition.test(read(register)))) {
            throw new CoreException(
                    CoreError.TIMED_OUT,
                    "GPU does not come to: " + what + "; " + register.name() + "=0x"
                            + Integer.toHexString(read(register)) + " seconds=" + timeoutNs / 1_000_000_000.0);
        }
    }

    /** Waits for a flag, as {@link #await(Reg, String, long, IntPredicate)}. */
    public void await(Reg.Flag flag, boolean value, long timeoutNs) {
        await(
                flag.reg(),
                "bit " + flag.bit() + (value ? " is set" : " is clear"),
                timeoutNs,
                raw -> flag.get(raw) == value);
    }

    /** Whether the function does not answer any more. */
    public boolean isGone() {
        return function.isGone() || function.readInt(BAR0, Pmc.BOOT_0.offset()) == NOBODY;
    }

    /** Checks that the GPU answers. @throws CoreException with {@link CoreError#GONE} if not */
    public void requirePresent() {
        if (isGone()) {
            throw gone();
        }
    }

    /** The error of a GPU that has gone. */
    public static CoreException gone() {
        return new CoreException(CoreError.GONE, "The GPU has gone");
    }
}
