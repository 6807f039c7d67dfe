package dev.nacre.testsupport.driver;

import dev.nacre.hw.reg.Reg;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** The registers in BAR0, by their table rows. One thread. */
final class Registers {
    private final RegionView bar0;
    private final Check check;
    private final SortedSet<Integer> touched = new TreeSet<>();

    Registers(RegionView bar0, Check check) {
        this.bar0 = bar0;
        this.check = check;
    }

    /** Offsets of all registers that were used. */
    SortedSet<Integer> touched() {
        return Collections.unmodifiableSortedSet(touched);
    }

    int read(Reg register) {
        touched.add(register.offset());
        return bar0.intAt(register.offset());
    }

    int read(Reg.Bits field) {
        return field.get(read(field.reg()));
    }

    boolean read(Reg.Flag flag) {
        return flag.get(read(flag.reg()));
    }

    void write(Reg register, int value) {
        touched.add(register.offset());
        bar0.putInt(register.offset(), value);
    }

    void update(Reg register, IntUnaryOperator change) {
        write(register, change.applyAsInt(read(register)));
    }

    /** Reads a register that must have a value. */
    void expect(Reg register, int value) {
        check.equal(register.name(), value & 0xffff_ffffL, read(register) & 0xffff_ffffL);
    }

    /** Reads a field that must have a value. */
    void expect(Reg.Bits field, int value) {
        check.equal(name(field), value, read(field));
    }

    /** Reads a flag that must have a value. */
    void expect(Reg.Flag flag, boolean value) {
        check.that(name(flag), read(flag) == value, value ? "set" : "clear", value ? "clear" : "set");
    }

    /** Waits for a flag. */
    void await(Reg.Flag flag, boolean value) {
        await(flag.reg(), name(flag) + (value ? " is set" : " is clear"), raw -> flag.get(raw) == value);
    }

    /** Waits for a register. */
    void await(Reg register, String what, IntPredicate condition) {
        check.await(
                what,
                () -> condition.test(read(register)),
                () -> register.name() + "=" + Check.hex(read(register) & 0xffff_ffffL));
    }

    private static String name(Reg.Bits field) {
        return field.reg().name() + " bits " + field.hi() + ":" + field.lo();
    }

    private static String name(Reg.Flag flag) {
        return flag.reg().name() + " bit " + flag.bit();
    }
}
