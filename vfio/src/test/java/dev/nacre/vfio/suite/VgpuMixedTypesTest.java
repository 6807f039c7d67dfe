package dev.nacre.vfio.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.hw.chip.Chip;
import dev.nacre.vfio.manager.CreatableType;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.scrub.GuestWork;
import dev.nacre.vfio.testing.VgpuHost;
import dev.nacre.vfiouser.VfioUserFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which types a board takes beside each other, and which with memory that corrects errors. */
class VgpuMixedTypesTest {
    private static final long GIB = 1L << 30;
    private static final BoardConfig L40 = new BoardConfig(Chip.AD102, 48 * GIB, 1, 8);

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void guestsOfDifferentTypesWorkBesideEachOther(String core) {
        try (VgpuHost host = host(core, L40, true)) {
            List<Vgpu> all = new ArrayList<>();
            for (String type : List.of("L40-2Q", "L40-12C", "L40-1B", "L40-6Q")) {
                all.add(host.serve(type, type).vgpu());
            }

            // The board's halves, quarters, eighths and sixteenths begin at multiples of their size.
            assertThat(all).allMatch(vgpu -> vgpu.place().id() % vgpu.place().sizeGib() == 0);
            for (Vgpu one : all) {
                assertThat(all)
                        .filteredOn(vgpu -> vgpu.place().overlaps(one.place()))
                        .hasSize(1);
            }
            List<GuestWork> works = new ArrayList<>();
            for (Vgpu vgpu : all) {
                VfioUserFunction function = host.connect(vgpu.name());
                Core guest = host.boot(core, function);
                assertThat(guest.board().name()).isEqualTo("NVIDIA " + vgpu.name());
                assertThat(guest.board().fbBytes()).isEqualTo(vgpu.place().fbBytes());
                works.add(new GuestWork(guest));
                works.getLast().write(works.size());
            }
            for (int i = 0; i < works.size(); i++) {
                assertThat(works.get(i).holds(i + 1)).as(all.get(i).name()).isTrue();
                assertThat(works.get(i).fills()).as(all.get(i).name()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void placeThatAnotherTypeHasLeftIsTakenByAnyThatFits(String core) {
        try (VgpuHost host = host(core, L40, true)) {
            Vgpu half = host.serve("half", "L40-24Q").vgpu();
            Vgpu other = host.serve("other", "L40-24Q").vgpu();
            assertThat(host.manager().creatable()).isEmpty();
            int place = half.place().id();
            other.close();

            Vgpu small = host.serve("small", "L40-3Q").vgpu();

            assertThat(small.place().id()).isNotEqualTo(place);
            assertThat(small.place().overlaps(half.place())).isFalse();
            assertThat(host.manager().creatable())
                    .extracting(CreatableType::type)
                    .extracting(type -> type.name())
                    .contains("L40-12Q", "L40-1B")
                    .doesNotContain("L40-24Q", "L40-48Q");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void typesMayNotDifferUnlessThatIsConfigured(String core) {
        try (VgpuHost host = host(core, L40, false)) {
            Vgpu first = host.serve("first", "L40-2Q").vgpu();

            assertRefused(CoreError.INVALID_ARGUMENT, "another type", () -> host.serve("second", "L40-1Q"));
            first.close();

            assertThat(host.serve("second", "L40-1Q").vgpu().type().name()).isEqualTo("L40-1Q");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void boardThatCorrectsErrorsTakesOnlyTypesThatWorkOnItWithAnEvenShareOfItsMemory(String core) {
        try (VgpuHost host = host(core, L40.withEcc(true), false)) {
            assertThat(host.core().board().ecc()).isTrue();
            assertRefused(CoreError.NOT_SUPPORTED, "ECC", () -> host.serve("b", "L40-1B"));
            assertThat(host.manager().creatable())
                    .extracting(CreatableType::type)
                    .allMatch(type -> type.share().ecc())
                    .isNotEmpty();

            Vgpu vgpu = host.serve("q", "L40-24Q").vgpu();

            assertThat(vgpu.place().fbBytes())
                    .isLessThanOrEqualTo(vgpu.type().memory().fbBytes())
                    .isLessThan(24 * GIB);
            assertThat(host.serve("r", "L40-24Q").vgpu().place().overlaps(vgpu.place()))
                    .isFalse();
            try (VfioUserFunction function = host.connect("q");
                    Core guest = host.boot(core, function);
                    GuestWork work = new GuestWork(guest)) {
                assertThat(guest.board().fbBytes()).isEqualTo(vgpu.place().fbBytes());
                assertThat(guest.board().ecc()).isFalse();
                assertThat(work.fills()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void boardThatCorrectsNoneTakesThemAll(String core) {
        try (VgpuHost host = host(core, L40, false)) {
            assertThat(host.core().board().ecc()).isFalse();
            assertThat(host.serve("b", "L40-1B").vgpu().place().fbBytes())
                    .isEqualTo(host.manager().vgpus().getFirst().type().memory().fbBytes());
        }
    }

    private static VgpuHost host(String core, BoardConfig board, boolean mixed) {
        return new VgpuHost(core, board, VgpuManagerOptions.DEFAULT.withHeterogeneous(mixed), UnaryOperator.identity());
    }

    private static void assertRefused(CoreError error, String reason, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(CoreException.class)
                .hasMessageContaining(reason)
                .extracting(e -> ((CoreException) e).error())
                .isEqualTo(error);
    }
}
