package dev.nacre.hw.reg;

/**
 * Registers of one kind at a fixed distance from each other.
 *
 * @param first the register with index 0; its name stands for all
 * @param count how many there are
 * @param strideBytes distance from one to the next
 */
public record RegArray(Reg first, int count, int strideBytes) {
    /**
     * One register of the array, named {@code NAME(i)}.
     *
     * @throws IndexOutOfBoundsException if there is no such register
     */
    public Reg at(int index) {
        java.util.Objects.checkIndex(index, count);
        return new Reg(
                first.name() + "(" + index + ")", first.offset() + index * strideBytes, first.access(), first.reset());
    }

    /** The array of the unit that starts at {@code base}. */
    public RegArray in(int base) {
        return new RegArray(first.at(base), count, strideBytes);
    }

    /** The index of the register at an offset, or -1 if it is none of the array's. */
    public int indexOf(int offset) {
        int distance = offset - first.offset();
        return distance < 0 || distance % strideBytes != 0 || distance / strideBytes >= count
                ? -1
                : distance / strideBytes;
    }
}
