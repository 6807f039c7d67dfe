package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DMA_MAP;
import static dev.nacre.vfiouser.RawClient.DMA_UNMAP;
import static dev.nacre.vfiouser.RawClient.EACCES;
import static dev.nacre.vfiouser.RawClient.EEXIST;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.ENOSPC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import dev.nacre.vfiouser.RawClient.Reply;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class DmaMapTest {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final String FILE = "nacre-dma-map-test";
    private static final long FILE_SIZE = 1 << 20;

    private final Served served = Served.negotiated();
    private final GuestMemory memory = served.function.memory();
    private final Fd file = Memfd.ofFixedSize(FILE, FILE_SIZE);
    private final Mapping view = Mapping.map(file, 0, FILE_SIZE, Mapping.Access.READ_WRITE);

    @AfterEach
    void close() {
        served.close();
        view.close();
        file.close();
    }

    @Test
    void functionReachesTheFileAtItsOffset() {
        view.segment().set(ValueLayout.JAVA_INT, 0x2010, 42);

        Reply reply = map(0x1_0000_0000L, 0x1000, 0x2000, READ | WRITE, file);
        memory.writeInt(0x1_0000_0020L, 7);

        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).isEmpty();
        assertThat(memory.readInt(0x1_0000_0010L)).isEqualTo(42);
        assertThat(view.segment().get(ValueLayout.JAVA_INT, 0x2020)).isEqualTo(7);
    }

    @Test
    void offsetNeedNotBePageAligned() {
        view.segment().set(ValueLayout.JAVA_INT, 0x30, 42);

        assertThat(map(0x5000, 0x100, 0x30, READ, file).errno()).isZero();

        assertThat(memory.readInt(0x5000)).isEqualTo(42);
    }

    @Test
    void readOnlyRangeRefusesTheFunctionsWrites() {
        map(0x5000, 0x1000, 0, READ, file);

        assertThat(memory.readInt(0x5000)).isZero();
        assertThatThrownBy(() -> memory.writeInt(0x5000, 1)).isInstanceOf(DmaFault.class);
    }

    @Test
    void rangeWithoutFileIsKeptButFaults() {
        assertThat(map(0xe000_0000L, 4L << 30, 0, READ | WRITE).errno()).isZero();

        assertThatThrownBy(() -> memory.readInt(0xe000_0000L)).isInstanceOf(DmaFault.class);
        assertThat(map(0xe000_1000L, 0x1000, 0, READ, file).errno()).isEqualTo(EEXIST);
        assertThat(unmap(0xe000_0000L, 4L << 30)).isZero();
    }

    @Test
    void oneMappingServesAllRangesOfAFileAndGoesWithTheLast() throws Exception {
        long before = OpenFds.mappingsOf(FILE);
        map(0x0, 0x1000, 0, READ | WRITE, file);
        map(0x1000, 0x1000, 0x1000, READ, file);
        map(0x2000, 0x1000, 0, READ | WRITE, file);
        long mapped = OpenFds.mappingsOf(FILE);
        unmap(0x0, 0x1000);
        unmap(0x2000, 0x1000);
        long stillMapped = OpenFds.mappingsOf(FILE);
        unmap(0x1000, 0x1000);

        assertThat(mapped - before).isEqualTo(1);
        assertThat(stillMapped - before).isEqualTo(1);
        assertThat(OpenFds.mappingsOf(FILE)).isEqualTo(before);
    }

    @Test
    void fileThatHasGrownIsMappedAgain() throws Exception {
        try (Fd growing = Memfd.create("nacre-growing", 0x1000)) {
            map(0x0, 0x1000, 0, READ | WRITE, growing);
            Memfd.resize(growing, 0x3000);

            assertThat(map(0x1000, 0x2000, 0x1000, READ | WRITE, growing).errno())
                    .isZero();
            memory.writeInt(0x2ffc, 5);
            assertThat(memory.readInt(0x2ffc)).isEqualTo(5);
            unmap(0x0, 0x1000);
            unmap(0x1000, 0x2000);
            assertThat(OpenFds.mappingsOf("nacre-growing")).isZero();
        }
    }

    @Test
    void descriptorIsClosedOnceMapped() throws Exception {
        long before = OpenFds.count();

        map(0x0, 0x1000, 0, READ, file);
        map(0x0, 0x1000, 0, READ, file);
        map(0x0, 0x2000, 0, READ, file);

        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @Test
    void exactDuplicateIsAcceptedAndCountsOnce() {
        map(0x4000, 0x1000, 0x1000, READ, file);

        assertThat(map(0x4000, 0x1000, 0x1000, READ, file).errno()).isZero();
        assertThat(unmap(0x4000, 0x1000)).isZero();
        assertThat(unmap(0x4000, 0x1000)).isEqualTo(RawClient.ENOENT);
    }

    @Test
    void duplicateThatDiffersIsRefused() {
        try (Fd other = Memfd.ofFixedSize("other", FILE_SIZE)) {
            map(0x4000, 0x1000, 0x1000, READ, file);

            assertThat(map(0x4000, 0x1000, 0x2000, READ, file).errno()).isEqualTo(EEXIST);
            assertThat(map(0x4000, 0x1000, 0x1000, READ | WRITE, file).errno()).isEqualTo(EEXIST);
            assertThat(map(0x4000, 0x1000, 0x1000, READ, other).errno()).isEqualTo(EEXIST);
            assertThat(map(0x4000, 0x1000, 0x1000, READ).errno()).isEqualTo(EEXIST);
        }
    }

    @ParameterizedTest
    @CsvSource({"0x8000, 0x2000", "0x7000, 0x1001", "0x7000, 0x4000", "0x8fff, 1", "0x9fff, 0x1000", "0x8800, 0x100"})
    void overlapIsRefusedAndTheOldRangeStays(String iova, String size) {
        map(0x8000, 0x2000, 0, READ, file);

        assertThat(map(Long.decode(iova), Long.decode(size), 0x3000, READ, file).errno())
                .isEqualTo(EEXIST);
        assertThat(memory.readInt(0x9ffc)).isZero();
    }

    @Test
    void neighboursAreNoOverlap() {
        map(0x8000, 0x2000, 0, READ, file);

        assertThat(map(0x7000, 0x1000, 0, READ, file).errno()).isZero();
        assertThat(map(0xa000, 0x1000, 0, READ, file).errno()).isZero();
        assertThat(memory.readLong(0x7ffc)).isZero();
    }

    @Test
    void lastPageOfTheAddressSpaceCanBeMapped() {
        assertThat(map(-0x1000, 0x1000, 0, READ, file).errno()).isZero();
        assertThat(map(0x0, 0x1000, 0, READ, file).errno()).isZero();
        assertThat(memory.readInt(-4)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0x1000, 0",
        "-0x1000, 0x1001",
        "-1, 2",
        "0x7fffffffffffffff, -1",
    })
    void emptyOrWrappingRangeIsRefused(String iova, String size) {
        assertThat(map(Long.decode(iova), Long.decode(size), 0, READ, file).errno())
                .isIn(EINVAL, ENOSPC);
        served.client.assertUsable();
    }

    @Test
    void hugeRangeIsRefused() {
        assertThat(map(0, (8L << 40) + 1, 0, READ).errno()).isEqualTo(ENOSPC);
        try (Fd huge = Memfd.create("huge", (8L << 40) + 4096)) {
            assertThat(map(0, 0x1000, 0, READ, huge).errno()).isEqualTo(ENOSPC);
        }
    }

    @ParameterizedTest
    @CsvSource({"0x100000, 0x1000", "0xff000, 0x1001", "0x7fffffffffffffff, 0x1000", "-0x1000, 0x1000"})
    void rangeBeyondTheFilesEndIsRefused(String offset, String size) throws Exception {
        long before = OpenFds.count();

        assertThat(map(0x1000, Long.decode(size), Long.decode(offset), READ, file)
                        .errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @Test
    void thingsThatAreNoFilesAreRefused() {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (EventFd event = EventFd.create();
                Fd socket = pair.first();
                Fd peer = pair.second()) {
            assertThat(map(0x1000, 0x1000, 0, READ, peer).errno()).isEqualTo(EINVAL);
            assertThat(map(0x1000, 0x1000, 0, READ, event.fd()).errno()).isEqualTo(EINVAL);
            assertThat(map(0x1000, 0x1000, 0, READ, socket).errno()).isEqualTo(EINVAL);
        }
    }

    @Test
    void twoDescriptorsAreRefusedAndClosed() throws Exception {
        long before = OpenFds.count();

        assertThat(map(0x1000, 0x1000, 0, READ, file, file).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();

        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 8, 7, 0x8000_0000L})
    void unknownFlagIsRefused(long flags) {
        assertThat(map(0x1000, 0x1000, 0, flags, file).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void wrongLengthOrArgszIsRefused() {
        byte[] sound = request(0x1000, 0x1000, 0, READ);
        byte[] smallArgsz = sound.clone();
        smallArgsz[0] = 31;

        assertThat(served.client.call(DMA_MAP, Arrays.copyOf(sound, 31), file).errno())
                .isEqualTo(EINVAL);
        assertThat(served.client.call(DMA_MAP, Arrays.copyOf(sound, 33), file).errno())
                .isEqualTo(EINVAL);
        assertThat(served.client.call(DMA_MAP, smallArgsz, file).errno()).isEqualTo(EINVAL);
        assertThat(served.client.call(DMA_MAP, Bytes.none(), file).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void sealedSharedMemoryGivesNoWarning() {
        map(0, 0x1000, 0, READ | WRITE, file);
        map(0xfffc_0000L, 0x40000, 0, READ);
        map(0xe000_0000L, 0x1000, 0, READ | WRITE);

        assertThat(served.warnings).isEmpty();
    }

    @Test
    void memoryThatIsNotSharedIsReportedOnce() {
        map(0, 0x1000, 0, READ | WRITE);
        map(0x1000, 0x1000, 0, READ | WRITE);

        assertThat(served.warnings).singleElement().asString().contains("not shared");
    }

    @Test
    void memoryThatMayShrinkIsReportedOnce() {
        try (Fd unsealed = Memfd.create("unsealed", 0x2000)) {
            map(0, 0x1000, 0, READ | WRITE, unsealed);
            map(0x1000, 0x1000, 0x1000, READ | WRITE, unsealed);

            assertThat(served.warnings).singleElement().asString().contains("shorter");
        }
    }

    @Test
    void tooManyRangesAreRefused() {
        for (int i = 0; i < 65535; i++) {
            served.client.post(DMA_MAP, request(i * 0x1000L, 0x1000, 0, READ));
        }

        assertThat(map(65535 * 0x1000L, 0x1000, 0, READ).errno()).isEqualTo(EINVAL);
        assertThat(unmap(0, 0x1000)).isZero();
        assertThat(map(65535 * 0x1000L, 0x1000, 0, READ).errno()).isZero();
    }

    @Test
    void stormOfTenThousandRemapsLeavesNothingBehind() throws Exception {
        long fds = OpenFds.count();
        long mappings = OpenFds.mappingsOf(FILE);
        map(0, 0x1000, 0, READ | WRITE, file);
        for (int i = 0; i < 10_000; i++) {
            served.client.post(DMA_MAP, request(0x1000, 0x1000, (i % 255) * 0x1000L, READ), file);
            served.client.post(DMA_UNMAP, unmapRequest(0x1000, 0x1000));
        }
        int last = unmap(0, 0x1000);

        assertThat(last).isZero();
        assertThat(OpenFds.count()).isEqualTo(fds);
        assertThat(OpenFds.mappingsOf(FILE)).isEqualTo(mappings);
    }

    @Test
    void clientThatLeavesAtOnceLeavesNoMapping() throws Exception {
        served.client.post(DMA_MAP, request(0x1000, 0x1000, 0, READ), file);

        served.leave();

        // This test's own view of the file is the only mapping left.
        assertThat(OpenFds.mappingsOf(FILE)).isEqualTo(1);
        assertThatThrownBy(() -> memory.readInt(0x1000)).isInstanceOf(DmaFault.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 9, 15})
    void accessModesWithoutAFileAreRefused(long flags) {
        assertThat(map(0x1000, 0x1000, 0, flags).errno()).isEqualTo(EINVAL);
    }

    @Test
    void readOnlyFileCannotBeMappedForWriting() throws Exception {
        Path path = Files.createTempFile("nacre", "ro");
        try (RandomAccessFile backing = new RandomAccessFile(path.toFile(), "rw")) {
            backing.setLength(0x2000);
        }
        try (RandomAccessFile opened = new RandomAccessFile(path.toFile(), "r");
                Fd readOnly = descriptorOf(path)) {
            assertThat(opened.length()).isEqualTo(0x2000);
            assertThat(map(0, 0x1000, 0, READ | WRITE, readOnly).errno()).isEqualTo(EACCES);
            assertThat(map(0, 0x1000, 0, READ, readOnly).errno()).isZero();
            assertThat(memory.readInt(0)).isZero();
        } finally {
            Files.delete(path);
        }
    }

    private static Fd descriptorOf(Path path) throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(fd -> leadsTo(fd, path))
                    .map(fd -> Fd.adopt(Integer.parseInt(fd.getFileName().toString())))
                    .findFirst()
                    .orElseThrow()
                    .duplicate();
        }
    }

    private static boolean leadsTo(Path fd, Path path) {
        try {
            return Files.readSymbolicLink(fd).equals(path.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private Reply map(long iova, long size, long offset, long flags, Fd... fds) {
        return served.client.call(DMA_MAP, request(iova, size, offset, flags), fds);
    }

    private int unmap(long iova, long size) {
        return served.client.call(DMA_UNMAP, unmapRequest(iova, size)).errno();
    }

    private static byte[] request(long iova, long size, long offset, long flags) {
        return Bytes.of().u32(32, flags).u64(offset).u64(iova).u64(size).get();
    }

    private static byte[] unmapRequest(long iova, long size) {
        return Bytes.of().u32(24, 0).u64(iova).u64(size).get();
    }
}
