package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SriovTest {
    private static final int AT = 0x200;
    private static final int CONTROL = AT + 0x08;
    private static final int NUM_VFS = AT + 0x10;
    private static final int PAGE_SIZE = AT + 0x20;
    private static final int BARS = AT + 0x24;
    private static final int ENABLE = 1;
    private static final int MEMORY = 8;

    private final List<String> heard = new ArrayList<>();
    private final ConfigSpace config = function();

    private ConfigSpace function() {
        return ConfigSpace.builder(0x10de, 0x26b5)
                .capability(0x78, PciExpress.endpoint(4, 16))
                .extended(0x100, ExtendedCapability.serialNumber(1))
                .extended(
                        AT,
                        new Sriov(
                                32,
                                4,
                                1,
                                0x26b5,
                                Arrays.asList(
                                        Bar.memory32(16 << 20), Bar.memory64(256 << 20), null, Bar.memory64(32 << 20))))
                .build(new Interrupts(), new GuestMemory(), new ConfigListener() {
                    @Override
                    public void decodeChanged(boolean memory, boolean io) {}

                    @Override
                    public void functionLevelReset() {
                        heard.add("FLR");
                    }

                    @Override
                    public void virtualFunctionsChanged(int count, boolean memory) {
                        heard.add(count + (memory ? " with memory" : ""));
                    }
                });
    }

    @Test
    void registersAreThoseOfTheSpecificationAtReset() {
        assertThat(config.read(0x100, 4) >>> 20).isEqualTo(AT);
        assertThat(config.read(AT, 4)).isEqualTo(0x1_0010);
        assertThat(config.read(AT + 0x04, 4)).isZero();
        assertThat(config.read(CONTROL, 4)).isZero();
        assertThat(config.read(AT + 0x0c, 4)).as("InitialVFs, TotalVFs").isEqualTo(32 << 16 | 32);
        assertThat(config.read(NUM_VFS, 4)).isZero();
        assertThat(config.read(AT + 0x14, 4)).as("offset, stride").isEqualTo(1 << 16 | 4);
        assertThat(config.read(AT + 0x18, 4) >>> 16).as("device id").isEqualTo(0x26b5);
        assertThat(config.read(AT + 0x1c, 4)).isEqualTo(0x553);
        assertThat(config.read(PAGE_SIZE, 4)).isEqualTo(1);
        assertThat(config.read(AT + 0x3c, 4)).isZero();
    }

    @Test
    void barsAreSizedAsThoseOfOneVirtualFunction() {
        for (int i = 0; i < 6; i++) {
            config.write(BARS + 4 * i, 4, -1);
        }

        assertThat(config.read(BARS, 4)).isEqualTo(0xff00_0000);
        assertThat(config.read(BARS + 4, 4)).isEqualTo(0xf000_000c);
        assertThat(config.read(BARS + 8, 4)).isEqualTo(-1);
        assertThat(config.read(BARS + 12, 4)).isEqualTo(0xfe00_000c);
        assertThat(config.read(BARS + 16, 4)).isEqualTo(-1);
        assertThat(config.read(BARS + 20, 4)).isZero();
    }

    @Test
    void enablingTellsTheirNumberOnce() {
        config.write(NUM_VFS, 2, 5);
        config.write(CONTROL, 2, ENABLE | MEMORY);
        config.write(CONTROL, 2, ENABLE | MEMORY);

        assertThat(heard).containsExactly("5 with memory");
    }

    @Test
    void theirNumberAndPageSizeStayWhileTheyAreEnabled() {
        config.write(NUM_VFS, 2, 5);
        config.write(CONTROL, 2, ENABLE);
        config.write(NUM_VFS, 2, 7);
        config.write(PAGE_SIZE, 4, 2);

        assertThat(config.read(NUM_VFS, 2)).isEqualTo(5);
        assertThat(config.read(PAGE_SIZE, 4)).isEqualTo(1);
        config.write(CONTROL, 2, 0);
        config.write(NUM_VFS, 2, 7);
        config.write(PAGE_SIZE, 4, 2);
        assertThat(config.read(NUM_VFS, 2)).isEqualTo(7);
        assertThat(config.read(PAGE_SIZE, 4)).isEqualTo(2);
        assertThat(heard).containsExactly("5", "0");
    }

    @Test
    void memoryIsDecodedAndNotWithoutANewNumber() {
        config.write(NUM_VFS, 2, 2);
        config.write(CONTROL, 2, ENABLE);
        config.write(CONTROL, 2, ENABLE | MEMORY);
        config.write(CONTROL, 2, ENABLE);

        assertThat(heard).containsExactly("2", "2 with memory", "2");
    }

    @Test
    void moreThanThereCanBeAreNotEnabled() {
        config.write(NUM_VFS, 2, 33);
        config.write(CONTROL, 2, ENABLE);

        assertThat(config.read(CONTROL, 2)).isZero();
        assertThat(heard).isEmpty();
    }

    @Test
    void aResetTakesThemAway() {
        config.write(NUM_VFS, 2, 3);
        config.write(CONTROL, 2, ENABLE | MEMORY);

        config.reset();

        assertThat(config.read(NUM_VFS, 2)).isZero();
        assertThat(config.read(CONTROL, 2)).isZero();
        assertThat(heard).containsExactly("3 with memory", "0");
        config.write(NUM_VFS, 2, 4);
        assertThat(config.read(NUM_VFS, 2)).isEqualTo(4);
    }

    @Test
    void savedStateHasThemAgain() {
        config.write(NUM_VFS, 2, 3);
        config.write(PAGE_SIZE, 4, 2);
        config.write(CONTROL, 2, ENABLE);
        ConfigSpace other = function();

        other.restore(config.save());

        assertThat(other.read(NUM_VFS, 2)).isEqualTo(3);
        assertThat(other.read(PAGE_SIZE, 4)).isEqualTo(2);
        assertThat(heard).containsExactly("3", "3");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sriov(0, 4, 1, 0x26b5, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Sriov(1, 4, 1, 0x1_0000, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Sriov(1, 4, 1, 0, List.of(Bar.io(16))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sriov(1, 4, 1, 0, List.of(Bar.memory64(4096), Bar.memory32(4096))));
    }
}
