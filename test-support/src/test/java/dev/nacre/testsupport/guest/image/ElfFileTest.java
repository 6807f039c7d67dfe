package dev.nacre.testsupport.guest.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.testsupport.guest.host.KitException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElfFileTest {
    @Test
    void sectionIsFoundByName() {
        ElfFile elf = ElfFile.of("x", SyntheticFirmware.elf(Map.of(".one", new byte[] {1, 2, 3})));

        assertThat(elf.section(".one")).hasValueSatisfying(s -> assertThat(s).containsExactly(1, 2, 3));
        assertThat(elf.section(".two")).isEmpty();
    }

    @Test
    void neededLibrariesComeInOrderAndStopAtTheEndMark() {
        ElfFile elf = ElfFile.of("x", ElfFiles.needing(List.of("libm.so.6", "libc.so.6")));

        assertThat(elf.neededLibraries()).containsExactly("libm.so.6", "libc.so.6");
    }

    @Test
    void staticFileNeedsNothing() {
        assertThat(ElfFile.of("x", SyntheticFirmware.elf(Map.of())).neededLibraries())
                .isEmpty();
    }

    @Test
    void otherBytesAreRefused() {
        assertThatThrownBy(() -> ElfFile.of("notes.txt", new byte[100]))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("notes.txt");
        assertThatThrownBy(() -> ElfFile.of("empty", new byte[0])).isInstanceOf(KitException.class);
    }

    @Test
    void fileCutInItsSectionTableIsRefused() {
        byte[] whole = SyntheticFirmware.elf(Map.of(".one", new byte[100]));

        assertThatThrownBy(() -> ElfFile.of("x", Arrays.copyOf(whole, whole.length - 40)))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("cut short");
    }

    @Test
    void libraryNameOutsideTheStringTableIsRefused() {
        byte[] elf = ElfFiles.needing(List.of("libc.so.6"));
        int needed = indexOfWord(elf, 1, 1);
        elf[needed + 9] = 0x7f;

        assertThatThrownBy(() -> ElfFile.of("x", elf).neededLibraries())
                .isInstanceOf(KitException.class)
                .hasMessageContaining("string table");
    }

    /** The place of two consecutive 64-bit words. */
    private static int indexOfWord(byte[] bytes, int first, int second) {
        for (int i = 0; i + 16 <= bytes.length; i += 8) {
            boolean zeros = allZero(bytes, i + 1, i + 8) && allZero(bytes, i + 9, i + 16);
            if (bytes[i] == first && bytes[i + 8] == second && zeros) {
                return i;
            }
        }
        throw new AssertionError("No such words");
    }

    private static boolean allZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
