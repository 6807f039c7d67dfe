package dev.nacre.hw.regs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterTablesTest {
    @Test
    void noTwoRegistersShareAnAddress() {
        Map<Integer, String> byAddress = new HashMap<>();
        for (RegArray row : RegisterNames.all().rows()) {
            for (int i = 0; i < row.count(); i++) {
                Reg reg = row.at(i);
                assertThat(byAddress.put(reg.offset(), reg.name()))
                        .as("%s at %06x", reg.name(), reg.offset())
                        .isNull();
                assertThat(reg.offset()).as(reg.name()).isBetween(0, (16 << 20) - 4);
            }
        }
    }

    @Test
    void namesAreNvidiasAndOccurOncePerUnit() {
        Set<String> names = new HashSet<>();
        for (RegArray row : RegisterNames.all().rows()) {
            String name = row.first().name();
            assertThat(name).startsWith("NV_").matches("[A-Z0-9_]+");
            String unique = name.startsWith("NV_PFALCON") || name.startsWith("NV_PRISCV")
                    ? name + (row.first().offset() >> 20)
                    : name;
            assertThat(names.add(unique)).as(unique).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Pmc.class,
                Pextdev.class,
                Pbus.class,
                Ptimer.class,
                Pfb.class,
                Pgc6.class,
                Fuse.class,
                Pfalcon.class,
                Pgsp.class,
                Psec.class,
                VirtualFunction.class,
                Xve.class,
                Pdisp.class,
                PdispHead.class,
                Pfsp.class,
                Therm.class,
                XalEp.class,
                Pce.class
            })
    void fieldsOfARegisterAreDisjointAndBelongToARegisterOfTheTable(Class<?> table) {
        Map<String, List<int[]>> taken = new HashMap<>();
        List<Reg.Field> fields = RegisterNames.constants(table, Reg.Field.class);
        for (Reg.Field field : fields) {
            Reg reg = switch (field) {
                case Reg.Bits bits -> bits.reg();
                case Reg.Flag flag -> flag.reg();
            };
            int[] range = switch (field) {
                case Reg.Bits bits -> new int[] {bits.hi(), bits.lo()};
                case Reg.Flag flag -> new int[] {flag.bit(), flag.bit()};
            };
            assertThat(RegisterNames.rows(table)).anyMatch(row -> row.indexOf(reg.offset()) >= 0);
            assertThat(range[0]).isBetween(range[1], 31);
            List<int[]> others = taken.computeIfAbsent(reg.name(), name -> new ArrayList<>());
            assertThat(others)
                    .as("%s %d:%d", reg.name(), range[0], range[1])
                    .noneMatch(other -> other[0] >= range[1] && range[0] >= other[1]);
            others.add(range);
        }
    }

    @Test
    void nameOfFindsSingleRegistersArraysAndFalcons() {
        RegisterNames names = RegisterNames.all();

        assertThat(names.nameOf(0x000000)).contains("NV_PMC_BOOT_0");
        assertThat(names.nameOf(0x001438)).contains("NV_PBUS_SW_SCRATCH(14)");
        assertThat(names.nameOf(0x840040)).contains("NV_PFALCON_FALCON_MAILBOX0");
        assertThat(names.nameOf(0x1180fc)).isEmpty();
    }
}
