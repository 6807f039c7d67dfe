package dev.nacre.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nacre.board.state.StateException;
import dev.nacre.board.vgpu.GuestGpuSpec;
import dev.nacre.board.vgpu.GuestGpuType;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.LocalFunction;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciBus;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.pci.bus.PciDriver;
import dev.nacre.pci.bus.PciIds;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualFunctionTest {
    private static final long GIB = VfRig.GIB;
    private static final int PRAMIN = 0x700000;
    private static final int FLR_REGISTER = 0x80;

    private final VfRig rig = new VfRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aBoardWithThemIsA3dControllerWithTheCapability() {
        assertThat(rig.host.config(8)).isEqualTo(0x030200a1);
        assertThat(rig.host.config(VfRig.SRIOV)).isEqualTo(0xc14 << 20 | 0x1_0010);
        assertThat(rig.host.config(VfRig.SRIOV + 0xc)).isEqualTo(32 << 16 | 32);
        assertThat(rig.host.read(0x88000 + VfRig.SRIOV)).isEqualTo(rig.host.config(VfRig.SRIOV));
        try (BoardRig without = new BoardRig()) {
            assertThat(without.config(0x100)).isZero();
            assertThat(without.config(VfRig.SRIOV)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"AD102, 2048, 33", "AD102, 1024, 1", "GA102, 4096, 1", "GB202, 4096, 49", "AD102, 4096, -1"})
    void moreThanAChipCanHaveAreRefused(Chip chip, long fbMib, int vfs) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoardConfig(chip, fbMib << 20, 0).withVfs(vfs))
                .withMessageContaining("vfs=" + vfs);
    }

    @Test
    void aBlackwellBoardHas96GibAnd48OfThem() {
        try (VfRig large = new VfRig(new BoardConfig(Chip.GB202, 96 * GIB, 0, 48))) {
            large.show(48);

            assertThat(large.host.board.virtualFunctions()).hasSize(48);
            assertThat(large.started(VfRig.spec(48, 92 * GIB, 4 * GIB)).read(0)).isEqualTo(Chip.GB202.boot0());
        }
    }

    @Test
    void theyShowAsManyAsEnabled() {
        assertThat(rig.host.board.virtualFunctions()).isEmpty();

        rig.show(3);

        assertThat(rig.guests.count()).isEqualTo(3);
        FunctionRig first = rig.function(0);
        assertThat(first.config(0)).isEqualTo(0x26b5 << 16 | 0x10de);
        assertThat(first.config(8)).isEqualTo(0x030200a1);
        assertThat(first.config(0x10)).isZero();
        assertThat(first.function.region(1).size()).isEqualTo(256 << 20);
        rig.show(0);
        assertThat(rig.host.board.virtualFunctions()).isEmpty();
        assertThat(first.config(0)).isEqualTo(-1);
    }

    @Test
    void theBusHasThemComeAndGo() {
        List<PciIds> bound = new ArrayList<>();
        try (PciBus bus = new PciBus()) {
            bus.register(new Taker(bound));
            PciDevice physical = bus.add(PciAddress.parse("0000:01:00.0"), new LocalFunction(rig.host.board));

            bus.setVirtualFunctions(physical, 2);

            assertThat(physical.virtualFunctions())
                    .extracting(device -> device.address().toString())
                    .containsExactly("0000:01:00.4", "0000:01:00.5");
            assertThat(bound).hasSize(3);
            FunctionAccess second = physical.virtualFunctions().get(1).access();
            assertThat(second.local())
                    .contains(rig.host.board.virtualFunctions().get(1));
            assertThat(rig.guests.start(VfRig.spec(2, 0, GIB))).isTrue();
            assertThat(second.readInt(0, 0)).isEqualTo(Chip.AD102.boot0());
            bus.setVirtualFunctions(physical, 0);
            assertThat(physical.virtualFunctions()).isEmpty();
            assertThat(rig.guests.state(2)).isEmpty();
        }
    }

    private record Taker(List<PciIds> bound) implements PciDriver {
        @Override
        public String name() {
            return "taker";
        }

        @Override
        public boolean matches(PciIds ids) {
            return true;
        }

        @Override
        public void probe(PciDevice device) {
            bound.add(device.ids());
        }

        @Override
        public void remove(PciDevice device, RemoveCause cause) {}

        @Override
        public void configureVirtualFunctions(PciDevice device, int count) {}
    }

    @Test
    void itsBarsAnswerOnlyWhileAGpuIsBehindIt() {
        rig.show(1);
        FunctionRig function = rig.function(0);
        function.write(0x1438, 5);
        assertThat(function.read(0)).isEqualTo(-1);

        assertThat(rig.guests.start(VfRig.spec(1, 0, GIB))).isTrue();

        assertThat(function.read(0)).isEqualTo(Chip.AD102.boot0());
        assertThat(function.read(0x1438)).isZero();
        function.write(0x1438, 5);
        assertThat(function.read(0x1438)).isEqualTo(5);
        rig.guests.stop(1);
        assertThat(function.read(0)).isEqualTo(-1);
        assertThat(function.read(1, 0)).isEqualTo(-1);
        assertThat(function.config(0)).isEqualTo(0x26b5 << 16 | 0x10de);
        assertThat(rig.guests.start(VfRig.spec(1, 0, GIB))).isTrue();
        assertThat(function.read(0x1438)).isZero();
    }

    @Test
    void itsBarsAnswerOnlyWhileThePhysicalFunctionDecodesThem() {
        rig.show(1);
        FunctionRig function = rig.started(VfRig.spec(1, 0, GIB));

        rig.host.configWrite(VfRig.SRIOV + 8, 1);
        assertThat(function.read(0)).isEqualTo(-1);
        rig.host.configWrite(VfRig.SRIOV + 8, 9);

        assertThat(function.read(0)).isEqualTo(Chip.AD102.boot0());
    }

    @Test
    void theGuestSeesItsTypesIdsInItsRegisters() {
        rig.show(1);
        GuestGpuType type = new GuestGpuType("NVIDIA L40-1Q", 0x1eb8, 0x1234, 2, 0, 0, 0, 64 << 20, 32);
        FunctionRig function = rig.started(new GuestGpuSpec(1, new UUID(1, 2), 0, GIB, 64, type));

        assertThat(function.read(0x88000)).isEqualTo(0x1eb8 << 16 | 0x10de);
        assertThat(function.read(0x88008)).isEqualTo(0x030000a1);
        assertThat(function.read(0x8802c)).isEqualTo(0x1234 << 16 | 0x10de);
        assertThat(function.read(0x88078)).isEqualTo(function.config(0x78));
        assertThat(function.read(0x100ce0)).as("memory").isNotEqualTo(rig.host.read(0x100ce0));
    }

    @Test
    void onlyItsTypesPartOfBar1Answers() {
        rig.show(1);
        FunctionRig function = rig.started(VfRig.spec(1, 0, GIB));

        function.write(1, (64 << 20) - 4, 7);
        function.write(1, 64 << 20, 8);

        assertThat(function.read(1, (64 << 20) - 4)).isEqualTo(7);
        assertThat(function.read(1, 64 << 20)).isEqualTo(-1);
        assertThat(rig.host.read(1, 64 << 20)).isZero();
    }

    @Test
    void whatIsNoGpuIsRefused() {
        rig.show(2);
        assertThat(rig.guests.start(VfRig.spec(1, GIB, GIB))).isTrue();

        assertThat(rig.guests.start(VfRig.spec(1, 2 * GIB, GIB))).as("runs").isFalse();
        assertThat(rig.guests.start(VfRig.spec(3, 2 * GIB, GIB)))
                .as("no function")
                .isFalse();
        assertThat(rig.guests.start(VfRig.spec(0, 2 * GIB, GIB)))
                .as("the board")
                .isFalse();
        assertThat(rig.guests.start(VfRig.spec(-1, 2 * GIB, GIB))).isFalse();
        assertThat(rig.guests.start(VfRig.spec(2, GIB / 2, GIB))).as("overlaps").isFalse();
        assertThat(rig.guests.start(VfRig.spec(2, 8 * GIB, GIB))).as("outside").isFalse();
        assertThat(rig.guests.start(VfRig.spec(2, 2 * GIB + 4096, GIB))).isFalse();
        assertThat(rig.guests.start(VfRig.spec(2, 2 * GIB, 256 << 20)))
                .as("too small")
                .isFalse();
        assertThat(rig.guests.start(withChannels(0))).isFalse();
        assertThat(rig.guests.start(withChannels(4096))).isFalse();
        assertThat(rig.guests.start(withChannels(2048))).isTrue();
    }

    private static GuestGpuSpec withChannels(int channels) {
        return new GuestGpuSpec(2, new UUID(1, 2), 2 * GIB, GIB, channels, VfRig.type());
    }

    @ParameterizedTest
    @CsvSource({
        "5, 67108864, 1, 1",
        "-1, 67108864, 1, 1",
        "1, 33554432, 1, 1",
        "1, 536870912, 1, 1",
        "1, 100000000, 1, 1",
        "1, 67108864, 0, 1",
        "1, 67108864, 1, 65536"
    })
    void aTypeThatCannotBeIsRefused(int heads, long bar1Bytes, int maxInstances, int deviceId) {
        rig.show(1);
        GuestGpuType type = new GuestGpuType("L40", deviceId, 1, heads, 0, 0, 0, bar1Bytes, maxInstances);

        assertThat(rig.guests.start(new GuestGpuSpec(1, new UUID(1, 2), 0, GIB, 64, type)))
                .isFalse();
    }

    @Test
    void takingTheFunctionsAwayEndsTheirGpus() {
        rig.show(2);
        List<Integer> told = new ArrayList<>();
        rig.guests.onChange(told::add);
        FunctionRig function = rig.started(VfRig.spec(2, 0, GIB));

        rig.show(0);

        assertThat(told).containsExactly(2);
        assertThat(function.read(0)).isEqualTo(-1);
        assertThat(rig.guests.state(2)).isEmpty();
        rig.show(2);
        assertThat(function.read(0)).isEqualTo(-1);
        assertThat(rig.guests.start(VfRig.spec(1, 0, GIB))).isTrue();
    }

    @Test
    void aResetOfTheBoardEndsAllGpus() {
        rig.show(2);
        FunctionRig function = rig.started(VfRig.spec(1, 0, GIB));
        function.write(1, 0, 7);

        rig.host.configWrite(FLR_REGISTER, 0x8000);

        assertThat(rig.host.board.virtualFunctions()).isEmpty();
        assertThat(function.config(0)).isEqualTo(-1);
        assertThat(function.read(0)).isEqualTo(-1);
        rig.host.enable();
        assertThat(rig.host.read(1, 0)).isZero();
    }

    @Test
    void aBoardWhosePeerHasGoneHasNoneAnyMore() {
        rig.show(2);
        FunctionRig function = rig.started(VfRig.spec(1, 0, GIB));

        rig.host.board.disconnected();

        assertThat(rig.guests.count()).isZero();
        assertThat(function.read(0)).isEqualTo(-1);
    }

    @Test
    void aFunctionLevelResetResetsTheGpuButLeavesItsMemoryAndTheOthers() {
        rig.show(2);
        FunctionRig first = rig.started(VfRig.spec(1, 0, GIB));
        FunctionRig second = rig.started(VfRig.spec(2, GIB, GIB));
        first.write(0x1438, 5);
        second.write(0x1438, 6);
        first.write(1, 0x100, 7);

        first.configWrite(FLR_REGISTER, 0x8000);

        assertThat(first.config(4) & 4).isZero();
        assertThat(first.read(0x1438)).isZero();
        assertThat(first.read(1, 0x100)).isEqualTo(7);
        assertThat(second.read(0x1438)).isEqualTo(6);
        rig.guests.reset(2);
        assertThat(second.read(0x1438)).isZero();
    }

    @Test
    void itsStateTellsOfItsMemory() {
        rig.show(1);
        FunctionRig function = rig.started(VfRig.spec(1, GIB, GIB));
        assertThat(rig.guests.state(1)).hasValueSatisfying(state -> {
            assertThat(state.driverLoaded()).isFalse();
            assertThat(state.fbBytesInUse()).isZero();
            assertThat(state.surfaces()).isEmpty();
        });

        function.write(0x1700, 0x100);
        function.write(PRAMIN, 1);

        assertThat(rig.guests.state(1))
                .hasValueSatisfying(state -> assertThat(state.fbBytesInUse()).isPositive());
    }

    @Test
    void whatAGuestAsksForThatNobodyModelsIsToldByItsFunction() {
        rig.show(2);
        rig.started(VfRig.spec(1, 0, GIB));
        FunctionRig second = rig.started(VfRig.spec(2, GIB, GIB));

        second.write(0xb00000, 5);

        assertThat(rig.host.board.guestUnknowns()).containsOnlyKeys(0, 1);
        assertThat(rig.host.board.guestUnknowns().values())
                .extracting(unknowns -> unknowns.registers().stream()
                        .map(UnknownRegister::address)
                        .toList())
                .containsExactly(List.of(), List.of(0xb00000));
        assertThat(rig.host.board.unknownRegisters())
                .extracting(UnknownRegister::address)
                .doesNotContain(0xb00000);
        rig.guests.stop(2);
        assertThat(rig.host.board.guestUnknowns()).containsOnlyKeys(0);
    }

    @Test
    void faultsOfAGuestAreToldByItsFunction() {
        rig.show(2);
        rig.started(VfRig.spec(1, 0, GIB));
        FunctionRig second = rig.started(VfRig.spec(2, GIB, GIB));

        // HW: its GSP's falcon loads 256 bytes from behind the end of its memory.
        second.write(0x110624, 0x80);
        second.write(0x110600, 4);
        second.write(0x110110, (int) (GIB >>> 8));
        second.write(0x110118, 0x600);

        assertThat(rig.host.board.faults())
                .containsEntry("virtual function 0: falcon transfer reached nothing", 0L)
                .containsEntry("virtual function 1: falcon transfer reached nothing", 1L)
                .containsEntry("falcon transfer reached nothing", 0L)
                .containsEntry("virtual function 1: defects", 0L)
                .containsEntry("defects", 0L);
    }

    @Test
    void aBoardIsNotSavedWhileItHasAny() throws Exception {
        rig.show(1);

        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> rig.host.board.save(OutputStream.nullOutputStream()))
                .withMessageContaining("virtual functions");

        rig.show(0);
        rig.host.board.save(OutputStream.nullOutputStream());
    }

    @Test
    void anyAccessesWhateverOfBothSidesAreSurvived() throws Exception {
        rig.show(1);
        FunctionRig function = rig.started(VfRig.spec(1, 0, GIB));
        java.util.Random random = new java.util.Random(4);
        for (int i = 0; i < 20_000; i++) {
            int bar = List.of(0, 1, 3).get(random.nextInt(3));
            long offset = random.nextLong(function.function.region(bar).size()) & ~3L;
            if (random.nextBoolean()) {
                function.write(bar, offset, random.nextInt());
            } else {
                int _ = function.read(bar, offset);
            }
        }

        rig.guests.stop(1);
        assertThat(rig.defects()).containsOnly(0L);
        assertThat(function.function.region(PciFunction.CONFIG_REGION).size()).isEqualTo(4096);
    }
}
