package dev.nacre.vfio.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.vfio.testing.FakeCore;
import dev.nacre.vfio.testing.TestTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VgpuManagerTest {
    private static final int PID = 4711;

    private final FakeCore core = FakeCore.ofMib(6 << 10);

    @Test
    void boardWithoutVirtualGpusIsRefusedWithTheReason() {
        core.vgpuEnabled = false;

        assertRefused(CoreError.NOT_SUPPORTED, "SR-IOV", this::open);
        assertThat(core.owner()).isEmpty();
    }

    @Test
    void coreWithoutPluginsIsRefusedByName() {
        core.capabilities.remove(Capability.VGPU_PLUGINS);

        assertRefused(CoreError.NOT_SUPPORTED, "VGPU_PLUGINS", this::open);
        assertThat(core.owner()).isEmpty();
    }

    @Test
    void virtualGpuIsDefinedUntilItIsStartedAndRunsUntilItIsStopped() {
        try (VgpuManager manager = open()) {
            List<String> states = new ArrayList<>();
            manager.listen(event -> {
                if (event instanceof VgpuEvent.StateChanged changed) {
                    states.add(changed.from().label() + ">" + changed.to().label());
                }
            });
            Vgpu vgpu = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            assertThat(vgpu.state()).isEqualTo(new VgpuState.Defined());

            vgpu.start(PID);
            assertThat(vgpu.state()).isEqualTo(new VgpuState.Running(PID));
            vgpu.stop();

            assertThat(states)
                    .containsExactly("defined>starting", "starting>running", "running>stopping", "stopping>defined");
        }
    }

    @Test
    void everythingIsGivenBackWhenAVirtualGpuCloses() {
        try (VgpuManager manager = open()) {
            List<String> before = core.held();
            Vgpu vgpu = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            vgpu.start(PID);
            assertThat(core.held()).contains("plugin");

            vgpu.close();

            assertThat(core.held()).isEqualTo(before);
            assertThat(manager.vgpus()).isEmpty();
            assertRefused(CoreError.STALE, "closed", () -> vgpu.start(PID));
        }
        assertThat(core.held()).isEmpty();
        assertThat(core.owner()).isEmpty();
    }

    @Test
    void runningVirtualGpuAnswersQuestionsAndAStoppedOneDoesNot() {
        try (VgpuManager manager = open()) {
            Vgpu vgpu = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            assertThat(vgpu.usage()).isEmpty();

            vgpu.start(PID);

            assertThat(vgpu.usage())
                    .hasValueSatisfying(usage -> assertThat(usage.fbBytes()).isEqualTo(4096));
            assertThat(vgpu.guestInfo())
                    .hasValueSatisfying(info -> assertThat(info.driverLoaded()).isTrue());
            vgpu.stop();
            assertThat(vgpu.guestInfo()).isEmpty();
        }
    }

    @Test
    void firstVirtualGpuFixesTheTypeUntilAllAreGone() {
        try (VgpuManager manager = open()) {
            Vgpu first = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));

            assertRefused(
                    CoreError.INVALID_ARGUMENT,
                    "another type",
                    () -> manager.create(VgpuSpec.of("b", TestTypes.TWO.id())));
            assertThat(manager.creatable()).extracting(CreatableType::type).containsExactly(TestTypes.ONE);

            first.close();
            assertThat(manager.create(VgpuSpec.of("b", TestTypes.TWO.id())).type())
                    .isEqualTo(TestTypes.TWO);
        }
    }

    @Test
    void differentTypesExistAtATimeIfThatIsConfigured() {
        try (VgpuManager manager = open(VgpuManagerOptions.DEFAULT.withHeterogeneous(true), 4)) {
            Vgpu one = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            Vgpu two = manager.create(VgpuSpec.of("b", TestTypes.TWO.id()));

            one.start(PID);
            two.start(PID);

            assertThat(one.place().overlaps(two.place())).isFalse();
        }
    }

    @Test
    void instancesAreLimitedByMemory() {
        try (VgpuManager manager = open(VgpuManagerOptions.DEFAULT, 10)) {
            manager.create(VgpuSpec.of("a", TestTypes.TWO.id()));

            assertThat(manager.creatable()).containsExactly(new CreatableType(TestTypes.TWO, 2));
        }
    }

    @Test
    void instancesAreLimitedByVirtualFunctions() {
        try (VgpuManager manager = open(VgpuManagerOptions.DEFAULT, 2)) {
            assertThat(manager.creatable()).contains(new CreatableType(TestTypes.ONE, 2));
            manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            manager.create(VgpuSpec.of("b", TestTypes.ONE.id()));

            assertThat(manager.creatable()).isEmpty();
            assertRefused(CoreError.NO_SPACE, "no room", () -> manager.create(VgpuSpec.of("more", TestTypes.ONE.id())));
        }
    }

    @Test
    void unknownTypeIsRefused() {
        try (VgpuManager manager = open()) {
            assertRefused(CoreError.INVALID_ARGUMENT, "type=99", () -> manager.create(VgpuSpec.of("a", 99)));
        }
    }

    @Test
    void nameAndIdAreUnique() {
        try (VgpuManager manager = open()) {
            Vgpu first = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            VgpuSpec sameId = spec("b", Optional.of(first.uuid()), OptionalInt.empty(), OptionalInt.empty());

            assertRefused(CoreError.EXISTS, "a", () -> manager.create(VgpuSpec.of("a", TestTypes.ONE.id())));
            assertRefused(CoreError.EXISTS, first.uuid().toString(), () -> manager.create(sameId));
        }
    }

    @Test
    void idIsAsGivenAndElseOfItsOwn() {
        try (VgpuManager manager = open()) {
            UUID given = new UUID(1, 2);
            Vgpu first = manager.create(spec("a", Optional.of(given), OptionalInt.empty(), OptionalInt.empty()));
            Vgpu second = manager.create(VgpuSpec.of("b", TestTypes.ONE.id()));

            assertThat(first.uuid()).isEqualTo(given);
            assertThat(second.uuid()).isNotEqualTo(given);
            assertThat(manager.find(given.toString())).contains(first);
            assertThat(manager.find("b")).contains(second);
        }
    }

    @Test
    void virtualFunctionIsTheWantedOneIfItIsFree() {
        try (VgpuManager manager = open()) {
            Vgpu wanted = manager.create(spec("a", Optional.empty(), OptionalInt.of(2), OptionalInt.empty()));

            assertThat(wanted.vfIndex()).isEqualTo(2);
            assertThat(manager.create(VgpuSpec.of("b", TestTypes.ONE.id())).vfIndex())
                    .isZero();
            assertRefused(
                    CoreError.BUSY,
                    "another virtual GPU",
                    () -> manager.create(spec("c", Optional.empty(), OptionalInt.of(2), OptionalInt.empty())));
            assertRefused(
                    CoreError.INVALID_ARGUMENT,
                    "vf=9",
                    () -> manager.create(spec("c", Optional.empty(), OptionalInt.of(9), OptionalInt.empty())));
        }
    }

    @Test
    void placeIsTheWantedOneIfItIsFree() {
        try (VgpuManager manager = open()) {
            Vgpu wanted = manager.create(spec("a", Optional.empty(), OptionalInt.empty(), OptionalInt.of(3)));
            wanted.start(PID);

            assertThat(wanted.place().id()).isEqualTo(3);
            assertRefused(
                    CoreError.INVALID_ARGUMENT,
                    "id=3",
                    () -> manager.create(spec("b", Optional.empty(), OptionalInt.empty(), OptionalInt.of(3))));
        }
    }

    @Test
    void boardWithEccTakesOnlyTypesThatWorkOnItAndKeepsAPartOfTheirMemory() {
        FakeCore ecc = FakeCore.withEcc(6 << 10);
        try (VgpuManager manager = open(ecc, VgpuManagerOptions.DEFAULT, 4)) {
            assertRefused(
                    CoreError.NOT_SUPPORTED, "ECC", () -> manager.create(VgpuSpec.of("a", TestTypes.NO_ECC.id())));
            assertThat(manager.create(VgpuSpec.of("b", TestTypes.ONE.id()))
                            .place()
                            .fbBytes())
                    .isLessThan(TestTypes.ONE.memory().fbBytes());
        }
    }

    @Test
    void memoryThatCannotBeClearedIsGivenToNobody() {
        try (VgpuManager manager = open()) {
            Vgpu vgpu = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            core.copyEngine = FakeCore.CopyEngine.FAULTS;

            assertRefused(CoreError.IO, "copy engine", () -> vgpu.start(PID));

            assertThat(vgpu.state()).isInstanceOf(VgpuState.Failed.class);
            assertThat(manager.keptAsideBytes()).isEqualTo(vgpu.place().fbBytes());
            core.copyEngine = FakeCore.CopyEngine.WORKS;
            assertRefused(CoreError.IO, "cleared", () -> vgpu.start(PID));
            vgpu.close();
            Vgpu next = manager.create(VgpuSpec.of("b", TestTypes.ONE.id()));
            assertThat(next.place().overlaps(vgpu.place())).isFalse();
            next.start(PID);
        }
        assertThat(core.held()).isEmpty();
    }

    @Test
    void memoryThatAGuestLeftIsKeptAsideIfItCannotBeClearedAtTheEnd() {
        try (VgpuManager manager = open()) {
            Vgpu vgpu = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            vgpu.start(PID);
            core.copyEngine = FakeCore.CopyEngine.SILENT;

            vgpu.close();

            assertThat(manager.keptAsideBytes()).isEqualTo(vgpu.place().fbBytes());
        }
    }

    @Test
    void nextOwnerReadsNothingOfTheFormerOne() {
        try (VgpuManager manager = open()) {
            Vgpu former = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            former.start(PID);
            long at = former.place().fbOffset();
            core.memory.write(at + 12_345, (byte) 7);

            former.reset();
            assertThat(core.memory.isClear(at, former.place().fbBytes())).isTrue();
            core.memory.write(at + former.place().fbBytes() - 1, (byte) 7);
            former.close();

            assertThat(core.memory.isClear(at, former.place().fbBytes())).isTrue();
        }
    }

    @Test
    void memoryIsClearedBeforeItsFirstUse() {
        core.memory.write(4L << 30, (byte) 7);
        try (VgpuManager manager = open()) {
            Vgpu vgpu = manager.create(spec("a", Optional.empty(), OptionalInt.empty(), OptionalInt.of(4)));
            vgpu.start(PID);

            assertThat(core.memory.isClear(vgpu.place().fbOffset(), vgpu.place().fbBytes()))
                    .isTrue();
        }
    }

    @Test
    void virtualGpuIsClosedWithItsVirtualFunction() {
        try (VgpuManager manager = open()) {
            Vgpu gone = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            Vgpu stays = manager.create(VgpuSpec.of("b", TestTypes.ONE.id()));
            gone.start(PID);
            stays.start(PID);

            manager.removeFunction(gone.vfIndex());

            assertThat(manager.vgpus()).containsExactly(stays);
            assertThat(stays.state()).isInstanceOf(VgpuState.Running.class);
        }
    }

    @Test
    void listenerHearsWhatAPluginSays() {
        try (VgpuManager manager = open()) {
            List<VgpuEvent> events = new ArrayList<>();
            Vgpu vgpu = manager.create(VgpuSpec.of("a", TestTypes.ONE.id()));
            manager.listen(events::add);

            core.tell(new CoreEvent.VgpuNotice(vgpu.vfIndex(), 5));

            assertThat(events).containsExactly(new VgpuEvent.Notice(vgpu, 5));
        }
    }

    private static VgpuSpec spec(String name, Optional<UUID> uuid, OptionalInt vfIndex, OptionalInt placementId) {
        return new VgpuSpec(name, TestTypes.ONE.id(), uuid, vfIndex, placementId);
    }

    private VgpuManager open() {
        return open(VgpuManagerOptions.DEFAULT, 4);
    }

    private VgpuManager open(VgpuManagerOptions options, int functions) {
        return open(core, options, functions);
    }

    private static VgpuManager open(FakeCore core, VgpuManagerOptions options, int functions) {
        VgpuManagerOptions impatient =
                new VgpuManagerOptions(options.heterogeneous(), options.maxVgpus(), java.time.Duration.ofMillis(50));
        VgpuManager manager = VgpuManager.open(core, TestTypes.ALL, impatient);
        for (int i = 0; i < functions; i++) {
            manager.addFunction(i, new PciAddress(0, 1, 0, 4).plus(i));
        }
        return manager;
    }

    private static void assertRefused(CoreError error, String reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(reason);
    }
}
