package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.RegionMapping.Area;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegionTest {
    private static final long SIZE = 0x4000;

    private final Fd file = Memfd.ofFixedSize("region", 0x8000);
    private final EventFd event = EventFd.create();

    @AfterEach
    void close() {
        file.close();
        event.close();
    }

    @Test
    void wholeRegionIsOneArea() {
        Region region = Region.readWrite(SIZE).mappedBy(new RegionMapping(file, 0x4000, List.of()));

        assertThat(region.mapping())
                .isNotNull()
                .satisfies(mapping -> assertThat(mapping.areasOf(region.size())).containsExactly(new Area(0, SIZE)));
    }

    @Test
    void areasAreSortedAndMayTouch() {
        RegionMapping mapping = new RegionMapping(file, 0, List.of(new Area(0x2000, 0x2000), new Area(0x1000, 0x1000)));

        assertThat(Region.readWrite(SIZE).mappedBy(mapping).mapping()).isEqualTo(mapping);
        assertThat(mapping.areas()).containsExactly(new Area(0x1000, 0x1000), new Area(0x2000, 0x2000));
    }

    @ParameterizedTest
    @CsvSource({"0x800, 0x1000", "0, 0x800", "0, 0", "-4096, 0x2000", "0, -4096", "0x7ffffffffffff000, 0x1000"})
    void areaIsMadeOfPages(String offset, String size) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Area(Long.decode(offset), Long.decode(size)));
    }

    @Test
    void areasDoNotOverlap() {
        List<Area> areas = List.of(new Area(0x1000, 0x2000), new Area(0x2000, 0x1000));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionMapping(file, 0, areas))
                .withMessageContaining("overlap");
    }

    @ParameterizedTest
    @CsvSource({"-4096", "1", "0x800"})
    void offsetInTheFileIsAPage(String offset) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RegionMapping(file, Long.decode(offset), List.of()));
    }

    @Test
    void areaBeyondTheRegionIsRefused() {
        RegionMapping mapping = new RegionMapping(file, 0, List.of(new Area(SIZE - 0x1000, 0x2000)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Region.readWrite(SIZE).mappedBy(mapping))
                .withMessageContaining("beyond the region");
    }

    @Test
    void wholeRegionOfHalfAPageAndAbsentRegionCannotBeMapped() {
        RegionMapping mapping = new RegionMapping(file, 0, List.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Region.readWrite(0x800).mappedBy(mapping));
        assertThatIllegalArgumentException().isThrownBy(() -> Region.ABSENT.mappedBy(mapping));
    }

    @Test
    void mappingBeyondItsFileIsRefused() {
        RegionMapping mapping = new RegionMapping(file, 0x5000, List.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Region.readWrite(SIZE).mappedBy(mapping))
                .withMessageContaining("beyond its file");
    }

    @Test
    void doorbellsLieInTheRegion() {
        assertThat(Region.readWrite(16).withDoorbells(List.of(IoEventFd.at(8, 8, event), IoEventFd.at(15, 0, event))))
                .extracting(region -> region.doorbells().size())
                .isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Region.readWrite(16).withDoorbells(List.of(IoEventFd.at(9, 8, event))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Region.readWrite(16).withDoorbells(List.of(IoEventFd.at(16, 0, event))));
    }

    @ParameterizedTest
    @CsvSource({"-1, 4, 0, 0", "0, 3, 0, 0", "0, 16, 0, 0", "0, -1, 0, 0", "0, 4, 4, 0", "0, 4, 0, 7", "0, 0, 1, 7"})
    void doorbellsThatNoWriteCanRingAreRefused(long offset, int size, int flags, long datamatch) {
        assertThatIllegalArgumentException().isThrownBy(() -> new IoEventFd(offset, size, event, flags, datamatch));
    }
}
