package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Finds the name of a register by its address: for listings, not for the hot path. */
public final class RegisterNames {
    private final List<RegArray> rows;

    private RegisterNames(List<RegArray> rows) {
        this.rows = rows;
    }

    /** Knows all registers of this package, the falcons' at both their places. */
    public static RegisterNames all() {
        List<RegArray> rows = new ArrayList<>();
        for (Class<?> table : List.of(
                Pmc.class,
                Pextdev.class,
                Pbus.class,
                Ptimer.class,
                Pfb.class,
                Pgc6.class,
                Fuse.class,
                Pgsp.class,
                Psec.class,
                VirtualFunction.class,
                VfMmu.class,
                Xve.class,
                Pdisp.class,
                PdispHead.class,
                Pfsp.class,
                Therm.class,
                XalEp.class,
                Pce.class)) {
            rows.addAll(rows(table));
        }
        for (RegArray row : rows(Pfalcon.class)) {
            rows.add(row.in(Pgsp.BASE));
            rows.add(row.in(Psec.BASE));
        }
        return new RegisterNames(Collections.unmodifiableList(rows));
    }

    /**
     * The rows of a table: its public constants of type {@link Reg} and {@link RegArray}, a register as an array of one.
     * Constants that are elements of an array row are left out.
     */
    public static List<RegArray> rows(Class<?> table) {
        List<RegArray> arrays = constants(table, RegArray.class);
        List<RegArray> rows = new ArrayList<>(arrays);
        for (Reg reg : constants(table, Reg.class)) {
            if (arrays.stream().noneMatch(a -> a.indexOf(reg.offset()) >= 0)) {
                rows.add(new RegArray(reg, 1, 4));
            }
        }
        return rows;
    }

    /** The public constants of a table that have a type. */
    static <T> List<T> constants(Class<?> table, Class<T> type) {
        List<T> found = new ArrayList<>();
        for (Field field : table.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && type.isAssignableFrom(field.getType())) {
                try {
                    found.add(type.cast(field.get(null)));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("Register table is not readable: table=" + table.getName(), e);
                }
            }
        }
        return found;
    }

    /** The rows that it knows. */
    public List<RegArray> rows() {
        return rows;
    }

    /**
     * The name of the register at an address.
     *
     * @param address bytes from the start of BAR0
     */
    public Optional<String> nameOf(int address) {
        for (RegArray row : rows) {
            int index = row.indexOf(address);
            if (index >= 0) {
                return Optional.of(
                        row.count() == 1 ? row.first().name() : row.at(index).name());
            }
        }
        return Optional.empty();
    }
}
