package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemfdTest {
    @Test
    void fixedSizeFileCanNeitherGrowNorShrinkNorTakeSeals() {
        try (Fd fd = Memfd.ofFixedSize("fixed", 8192)) {
            assertThat(Memfd.seals(fd)).containsExactlyInAnyOrder(Memfd.Seal.GROW, Memfd.Seal.SHRINK, Memfd.Seal.SEAL);
            assertThat(FileStat.of(fd).sizeBytes()).isEqualTo(8192);
            assertThatThrownBy(() -> Memfd.resize(fd, 4096)).hasMessageContaining("ftruncate failed: EPERM");
            assertThatThrownBy(() -> Memfd.resize(fd, 16384)).hasMessageContaining("EPERM");
            assertThatThrownBy(() -> Memfd.addSeals(fd, EnumSet.of(Memfd.Seal.WRITE)))
                    .hasMessageContaining("EPERM");
        }
    }

    @Test
    void plainFileHasNoSealsAndCanBeResized() {
        try (Fd fd = Memfd.create("plain", 10)) {
            Memfd.resize(fd, 20);

            assertThat(Memfd.seals(fd)).isEmpty();
            assertThat(FileStat.of(fd).sizeBytes()).isEqualTo(20);
            assertThat(FileStat.of(fd).isRegular()).isTrue();
        }
    }

    @Test
    void discardedPagesReadZeroThroughAMappingAndAreNotInUse() {
        try (Fd fd = Memfd.ofFixedSize("sparse", 1 << 20);
                Mapping mapping = Mapping.map(fd, 0, 1 << 20, Mapping.Access.READ_WRITE)) {
            mapping.segment().set(JAVA_BYTE, 0x8001, (byte) 1);
            mapping.segment().set(JAVA_BYTE, 0x40000, (byte) 2);

            Memfd.discard(fd, 0, 0x10000);

            assertThat(mapping.segment().get(JAVA_BYTE, 0x40000)).isEqualTo((byte) 2);
            assertThat(Memfd.nextData(fd, 0)).hasValue(0x40000);
            assertThat(mapping.segment().get(JAVA_BYTE, 0x8001)).isZero();
        }
    }

    @Test
    void anUntouchedFileHasNoPagesInUse() {
        try (Fd fd = Memfd.ofFixedSize("empty", 1 << 20)) {
            assertThat(Memfd.nextData(fd, 0)).isEmpty();
            assertThat(Memfd.nextData(fd, 0x8000)).isEmpty();
        }
    }

    @Test
    void aRangeThatIsNoneCannotBeDiscarded() {
        try (Fd fd = Memfd.ofFixedSize("sparse", 4096)) {
            assertThatThrownBy(() -> Memfd.discard(fd, 0, -1)).hasMessageContaining("EINVAL");
        }
    }

    @Test
    void fileThatCannotBeSealedHasNoSeals() {
        try (Fd socket = UnixSocket.pair().first()) {
            assertThat(Memfd.seals(socket)).isEmpty();
        }
    }

    @Test
    void failedCreationLeavesNoDescriptor() throws Exception {
        long before = OpenFds.count();
        assertThatThrownBy(() -> Memfd.create("negative", -1)).hasMessageContaining("EINVAL");

        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @Test
    void statOfPathDoesNotFollowLinksAndKnowsAbsence(@TempDir Path folder) throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);

        assertThat(FileStat.of(link))
                .hasValueSatisfying(stat -> assertThat(stat.isRegular()).isFalse());
        assertThat(FileStat.of(folder.resolve("absent"))).isEmpty();
        assertThat(FileStat.of(folder).orElseThrow().inode()).isEqualTo(Files.getAttribute(folder, "unix:ino"));
    }

    @Test
    void mappingSharesTheFileAndEndsWithItsClose() {
        Fd fd = Memfd.ofFixedSize("mapped", 3 * 4096);
        Mapping writer = Mapping.map(fd, 4000, 5000, Mapping.Access.READ_WRITE);
        Mapping reader = Mapping.map(fd, 0, 3 * 4096, Mapping.Access.READ);
        fd.close();

        writer.segment().set(JAVA_BYTE, 100, (byte) 42);
        byte seen = reader.segment().get(JAVA_BYTE, 4100);
        writer.close();
        writer.close();
        reader.close();

        assertThat(seen).isEqualTo((byte) 42);
        assertThat(writer.segment().byteSize()).isEqualTo(5000);
        assertThat(reader.isOpen()).isFalse();
        assertThatThrownBy(() -> reader.segment().get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readMappingRefusesWrites() {
        try (Fd fd = Memfd.create("read", 4096);
                Mapping reader = Mapping.map(fd, 0, 4096, Mapping.Access.READ)) {
            assertThatThrownBy(() -> reader.segment().fill((byte) 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void rangeOutsideTheFileIsRefused() {
        try (Fd fd = Memfd.create("short", 4096)) {
            assertThatThrownBy(() -> Mapping.map(fd, 0, 4097, Mapping.Access.READ))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Mapping.map(fd, Long.MAX_VALUE, 2, Mapping.Access.READ))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Mapping.map(fd, -4096, 4096, Mapping.Access.READ))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Mapping.map(fd, 0, 0, Mapping.Access.READ))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void closedMappingIsNoLongerInTheAddressSpace() throws Exception {
        try (Fd fd = Memfd.create("nacre-unmapped", 4096)) {
            Mapping mapping = Mapping.map(fd, 0, 4096, Mapping.Access.READ_WRITE);
            boolean mapped = Files.readString(Path.of("/proc/self/maps")).contains("nacre-unmapped");
            mapping.close();

            assertThat(mapped).isTrue();
            assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain("nacre-unmapped");
        }
    }

    @Test
    void readOnlyDescriptorCannotBeMappedWritable(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[4096]);
        try (FileInputStream stream = new FileInputStream(file.toFile());
                Fd fd = readOnlyDescriptor(file)) {
            assertThat(stream.available()).isEqualTo(4096);
            assertThat(fd.isReadWrite()).isFalse();
            assertThatThrownBy(() -> Mapping.map(fd, 0, 4096, Mapping.Access.READ_WRITE))
                    .isInstanceOfSatisfying(
                            NativeException.class,
                            e -> assertThat(e.is(Errno.EACCES)).isTrue());
        }
    }

    /** Finds the descriptor through which this JVM has a file open, and duplicates it. */
    private static Fd readOnlyDescriptor(Path file) throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            int number = fds.filter(fd -> isLinkTo(fd, file))
                    .map(fd -> Integer.parseInt(fd.getFileName().toString()))
                    .findFirst()
                    .orElseThrow();
            return duplicate(number);
        }
    }

    private static boolean isLinkTo(Path fd, Path file) {
        try {
            return Files.readSymbolicLink(fd).equals(file.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private static Fd duplicate(int number) {
        try (Frame frame = new Frame()) {
            return new Fd(
                    frame.check(Libc.fcntl(frame.state(), number, Abi.F_DUPFD_CLOEXEC, 0), "fcntl", "fd=" + number));
        }
    }
}
