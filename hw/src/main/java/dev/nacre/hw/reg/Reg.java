package dev.nacre.hw.reg;

/**
 * A 32-bit register: one row of a table that serves both the model, which must know access, reset value and side
 * effects, and a driver, which must know fields.
 *
 * @param name NVIDIA's name, verbatim ({@code NV_PMC_BOOT_0})
 * @param offset bytes from the start of its space: of BAR0, or of its unit for a unit that occurs more than once
 * @param access what software may do with it
 * @param reset value after a reset of the board
 */
public record Reg(String name, int offset, Access access, int reset) {
    /** What software may do with a register. */
    public enum Access {
        /** Reads; writes are dropped. */
        RO,
        /** Reads and writes. */
        RW,
        /** Writes; reads give zero. */
        WO,
        /** Reads; a written 1 clears its bit. */
        W1C
    }

    /**
     * Checks the row.
     *
     * @throws IllegalArgumentException if the offset is not a multiple of 4
     */
    public Reg {
        if ((offset & 3) != 0) {
            throw new IllegalArgumentException(name + " is not dword-aligned: offset=0x" + Integer.toHexString(offset));
        }
    }

    /** A read-only register that resets to zero. */
    public static Reg ro(String name, int offset) {
        return new Reg(name, offset, Access.RO, 0);
    }

    /** A read-only register. */
    public static Reg ro(String name, int offset, int reset) {
        return new Reg(name, offset, Access.RO, reset);
    }

    /** A register for reading and writing that resets to zero. */
    public static Reg rw(String name, int offset) {
        return new Reg(name, offset, Access.RW, 0);
    }

    /** A register for reading and writing. */
    public static Reg rw(String name, int offset, int reset) {
        return new Reg(name, offset, Access.RW, reset);
    }

    /** A write-only register. */
    public static Reg wo(String name, int offset) {
        return new Reg(name, offset, Access.WO, 0);
    }

    /** A register whose bits are cleared by writing ones. */
    public static Reg w1c(String name, int offset) {
        return new Reg(name, offset, Access.W1C, 0);
    }

    /** The same register of the unit that starts at {@code base}. */
    public Reg at(int base) {
        return new Reg(name, base + offset, access, reset);
    }

    /** A field of several bits, {@code hi} and {@code lo} included. */
    public Bits bits(int hi, int lo) {
        return new Bits(this, hi, lo);
    }

    /** A field of one bit. */
    public Flag flag(int bit) {
        return new Flag(this, bit);
    }

    /** A field of a register. */
    public sealed interface Field permits Bits, Flag {}

    /**
     * A field of several bits.
     *
     * @param reg its register
     * @param hi highest bit, 31 at the most
     * @param lo lowest bit, 0 at the least
     */
    public record Bits(Reg reg, int hi, int lo) implements Field {
        /**
         * Checks the field.
         *
         * @throws IllegalArgumentException if it does not lie inside 31:0
         */
        public Bits {
            if (hi > 31 || lo < 0 || hi < lo) {
                throw new IllegalArgumentException(reg.name() + ": no field " + hi + ":" + lo);
            }
        }

        /** The field's value in a raw register value, right-aligned, unsigned. */
        public int get(int raw) {
            return (raw >>> lo) & ones();
        }

        /** A raw register value with the field replaced; {@code value} is cut to the field. */
        public int set(int raw, int value) {
            return (raw & ~(ones() << lo)) | ((value & ones()) << lo);
        }

        private int ones() {
            return (int) ((1L << (hi - lo + 1)) - 1);
        }
    }

    /**
     * A field of one bit.
     *
     * @param reg its register
     * @param bit 0 to 31
     */
    public record Flag(Reg reg, int bit) implements Field {
        /** Whether the bit is set in a raw register value. */
        public boolean get(int raw) {
            return (raw >>> bit & 1) != 0;
        }

        /** A raw register value with the bit set or cleared. */
        public int set(int raw, boolean value) {
            return value ? raw | mask() : raw & ~mask();
        }

        /** The bit as a mask. */
        public int mask() {
            return 1 << bit;
        }
    }
}
