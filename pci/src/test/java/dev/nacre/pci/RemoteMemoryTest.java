package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guest memory some of which is elsewhere: a local page, a remote one behind it, and a local one again. */
class RemoteMemoryTest {
    private static final int PAGE = 0x1000;
    private static final long BASE = 0x1_0000_0000L;
    private static final long REMOTE = BASE + PAGE;

    /** A page elsewhere, and what was asked of it. */
    private static final class Far implements RemoteMemory {
        final MemorySegment bytes = MemorySegment.ofArray(new byte[PAGE]);
        final List<String> calls = new ArrayList<>();
        int errno;

        @Override
        public void read(long iova, MemorySegment dst, long dstOffset, long length) {
            calls.add("read " + (iova - REMOTE) + " " + length);
            fail(iova, length, false);
            MemorySegment.copy(bytes, iova - REMOTE, dst, dstOffset, length);
        }

        @Override
        public void write(long iova, MemorySegment src, long srcOffset, long length) {
            calls.add("write " + (iova - REMOTE) + " " + length);
            fail(iova, length, true);
            MemorySegment.copy(src, srcOffset, bytes, iova - REMOTE, length);
        }

        private void fail(long iova, long length, boolean write) {
            if (errno != 0) {
                throw new DmaFault(iova, length, write, errno);
            }
        }
    }

    private final GuestMemory memory = new GuestMemory();
    private final MemorySegment below = MemorySegment.ofArray(new byte[PAGE]);
    private final MemorySegment above = MemorySegment.ofArray(new byte[PAGE]);
    private final Far far = new Far();

    @BeforeEach
    void map() {
        memory.busMaster(true);
        memory.map(BASE, below, true, true);
        memory.mapRemote(REMOTE, PAGE, far, true, true);
        memory.map(BASE + 2 * PAGE, above, true, true);
    }

    private static MemorySegment counted(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + 1);
        }
        return MemorySegment.ofArray(bytes);
    }

    @Test
    void transferAcrossAllOfThemIsDividedAtTheirBounds() {
        MemorySegment data = counted(PAGE + 200);
        MemorySegment back = MemorySegment.ofArray(new byte[PAGE + 200]);

        memory.write(REMOTE - 100, data, 0, data.byteSize());
        memory.read(REMOTE - 100, back, 0, back.byteSize());

        assertThat(back.mismatch(data)).isEqualTo(-1);
        assertThat(far.calls).containsExactly("write 0 4096", "read 0 4096");
        assertThat(above.get(ValueLayout.JAVA_BYTE, 99)).isEqualTo(data.get(ValueLayout.JAVA_BYTE, PAGE + 199));
    }

    @Test
    void scalarsAreLittleEndianAlsoAcrossABound() {
        memory.writeLong(REMOTE - 4, 0x8877_6655_4433_2211L);
        memory.writeInt(REMOTE + 8, -2);

        assertThat(memory.readLong(REMOTE - 4)).isEqualTo(0x8877_6655_4433_2211L);
        assertThat(far.bytes.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 0x55);
        assertThat(memory.readIntAcquire(REMOTE + 8)).isEqualTo(-2);
    }

    @Test
    void copyPassesThrough() {
        MemorySegment data = counted(300);
        memory.write(BASE, data, 0, 300);

        memory.copy(BASE, REMOTE + 10, 300);
        memory.copy(REMOTE + 10, BASE + 2 * PAGE, 300);

        assertThat(above.asSlice(0, 300).mismatch(data)).isEqualTo(-1);
    }

    @Test
    void mappedMemoryIsNotAskedFor() {
        memory.writeInt(BASE, 1);
        memory.read(BASE + 2 * PAGE, counted(8), 0, 8);

        assertThat(far.calls).isEmpty();
    }

    @Test
    void whatIsNotPermittedIsRefusedBeforeAnythingIsAsked() {
        memory.unmap(REMOTE, PAGE);
        memory.mapRemote(REMOTE, PAGE, far, true, false);

        DmaFault fault = catchThrowableOfType(DmaFault.class, () -> memory.write(BASE, counted(2 * PAGE), 0, 2 * PAGE));

        assertThat(fault.iova()).isEqualTo(REMOTE);
        assertThat(fault.errno()).isZero();
        assertThat(far.calls).isEmpty();
        assertThat(below.get(ValueLayout.JAVA_BYTE, 0)).isZero();
    }

    @Test
    void refusalOfTheFarSideCarriesItsErrno() {
        far.errno = Errno.ENODEV.number();

        DmaFault fault = catchThrowableOfType(DmaFault.class, () -> memory.readInt(REMOTE));

        assertThat(fault.errno()).isEqualTo(Errno.ENODEV.number());
        assertThat(fault).hasMessageContaining("ENODEV");
    }

    @Test
    void unmappedOrWithoutBusMasteringNothingIsAsked() {
        memory.busMaster(false);
        assertThat(catchThrowableOfType(DmaFault.class, () -> memory.readInt(REMOTE)))
                .isNotNull();
        memory.busMaster(true);
        memory.unmap(REMOTE, PAGE);
        assertThat(catchThrowableOfType(DmaFault.class, () -> memory.readInt(REMOTE)))
                .isNotNull();

        assertThat(far.calls).isEmpty();
    }

    @Test
    void unmappingIsPossibleFromInsideACall() {
        GuestMemory other = new GuestMemory();
        other.busMaster(true);
        other.map(BASE, below, true, true);
        other.mapRemote(
                REMOTE,
                PAGE,
                new RemoteMemory() {
                    @Override
                    public void read(long iova, MemorySegment dst, long dstOffset, long length) {
                        // Would wait for itself if the caller still held the map.
                        assertThat(other.unmap(BASE, PAGE)).isTrue();
                    }

                    @Override
                    public void write(long iova, MemorySegment src, long srcOffset, long length) {}
                },
                true,
                true);

        assertThat(other.readInt(REMOTE)).isZero();
        assertThat(other.isMapped(BASE, 1, false)).isFalse();
    }

    @Test
    void observerSeesEachPiece() {
        List<String> seen = new ArrayList<>();
        memory.observe(new MemoryObserver() {
            @Override
            public void read(long iova, MemorySegment bytes) {
                seen.add("read " + (iova - BASE) + " " + bytes.byteSize());
            }

            @Override
            public void wrote(long iova, MemorySegment bytes) {
                seen.add("wrote " + (iova - BASE) + " " + bytes.byteSize());
            }
        });

        memory.writeLong(REMOTE - 4, 7);
        memory.readInt(REMOTE);

        assertThat(seen).containsExactly("wrote 4092 4", "wrote 4096 4", "read 4096 4");
    }
}
