package dev.nacre.vfio.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Core;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfio.driver.ServedVgpu;
import dev.nacre.vfio.scrub.GuestWork;
import dev.nacre.vfio.testing.VgpuHost;
import dev.nacre.vfiouser.VfioUserFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The device that a virtual GPU's socket shows. */
class VgpuDeviceTest {
    private static final int CONFIG = PciFunction.CONFIG_REGION;
    private static final int COMMAND = 4;
    private static final int MEMORY = 0x0002;

    // HW: where the variant driver has the PCI Express capability; Device Control and Initiate Function Level Reset in
    // it
    private static final int DEVICE_CONTROL = 0x78 + 8;
    private static final int FUNCTION_LEVEL_RESET = 1 << 15;

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void guestSeesItsTypesNumbersAndAVgaController(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            ServedVgpu served = host.serve("a", "L40-1Q");
            try (VfioUserFunction function = host.connect("a")) {
                int device = served.vgpu().type().ids().device();
                int subsystem = served.vgpu().type().ids().subsystem();

                assertThat(function.readInt(CONFIG, 0)).isEqualTo(device << 16 | 0x10de);
                assertThat(function.readInt(CONFIG, 8) >>> 8).isEqualTo(0x030000);
                assertThat(function.readInt(CONFIG, 0x2c)).isEqualTo(subsystem << 16 | 0x10de);
                assertThat(function.region(1).size())
                        .isEqualTo(served.vgpu().type().memory().bar1Bytes());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void partsOfTheConfigurationSpaceReadAsTheWhole(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            host.serve("a", "L40-1Q");
            try (VfioUserFunction function = host.connect("a")) {
                byte[] whole = read(function, 0, 256);

                for (int at = 0; at < 255; at++) {
                    assertThat(read(function, at, 1)).containsExactly(whole[at]);
                    assertThat(read(function, at, 2)).containsExactly(whole[at], whole[at + 1]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void registersAnswerOnlyWhileMemoryIsDecoded(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            host.serve("a", "L40-1Q");
            try (VfioUserFunction function = host.connect("a")) {
                assertThat(function.readInt(0, 0)).isEqualTo(-1);

                function.writeInt(CONFIG, COMMAND, MEMORY);

                assertThat(function.readInt(0, 0)).isNotEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void functionLevelResetEndsAndLeavesAGpuThatBoots(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            host.serve("a", "L40-1Q");
            try (VfioUserFunction function = host.connect("a")) {
                try (Core first = host.boot(core, function);
                        GuestWork work = new GuestWork(first)) {
                    work.write(1);
                }

                function.writeInt(CONFIG, DEVICE_CONTROL, FUNCTION_LEVEL_RESET);

                VgpuHost.awaitReset(function);
                assertThat(function.readInt(CONFIG, COMMAND) & MEMORY).isZero();
                try (Core again = host.boot(core, function);
                        GuestWork work = new GuestWork(again)) {
                    assertThat(work.isClear()).isTrue();
                    assertThat(work.fills()).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void guestsLoseTheirDevicesWhenVirtualFunctionsAreTakenAway(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 2, UnaryOperator.identity())) {
            host.serve("a", "L40-1Q");
            try (VfioUserFunction function = host.connect("a")) {
                host.boot(core, function);

                host.bus.setVirtualFunctions(host.physical, 0);

                assertThat(function.readInt(0, 0)).isEqualTo(-1);
                assertThat(host.core().owner()).isEmpty();
            }
            host.bus.setVirtualFunctions(host.physical, 1);
            host.serve("b", "L40-1Q");
            try (VfioUserFunction function = host.connect("b");
                    Core guest = host.boot(core, function)) {
                assertThat(guest.board().name()).isEqualTo("NVIDIA L40-1Q");
            }
        }
    }

    private static byte[] read(VfioUserFunction function, int at, int count) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[count]);
        function.read(CONFIG, at, bytes, 0, count);
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }
}
