package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.linux.Mapping;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Memory for graphics clients. */
@Needs(Capability.MEMORY_OBJECTS)
abstract class MemoryObjectTck extends TckGroup {
    private static final int PAGE = 4096;
    private static final long MIB = 1 << 20;

    @Test
    @Covers({
        "Attachment.createMemory",
        "MemoryObject.bytes",
        "MemoryObject.placement",
        "MemoryObject.read",
        "MemoryObject.write"
    })
    void objectsOfEitherPlaceAreZeroAndKeepWhatIsWritten() {
        try (Attachment attachment = attach()) {
            for (Placement placement : Placement.values()) {
                MemoryObject memory = attachment.createMemory(3L * PAGE, placement);
                assertThat(memory.bytes()).isEqualTo(3L * PAGE);
                assertThat(memory.placement()).isEqualTo(placement);
                assertThat(Bytes.read(memory, 0, 3 * PAGE)).containsOnly(0);
                byte[] data = Bytes.random(8, 5001);

                Bytes.write(memory, 1234, data);

                assertThat(Bytes.read(memory, 1234, 5001)).isEqualTo(data);
                assertThat(Bytes.read(memory, 0, 1234)).containsOnly(0);
                memory.close();
                memory.close();
            }
        }
    }

    @Test
    @Covers({"Attachment.createMemory", "MemoryObject.close"})
    void nextOwnerFindsNothingOfTheLast() {
        try (Attachment attachment = attach()) {
            for (int i = 0; i < 3; i++) {
                MemoryObject memory = attachment.createMemory(MIB, Placement.VRAM);
                assertThat(Bytes.read(memory, 0, (int) MIB)).isEqualTo(new byte[(int) MIB]);
                Bytes.write(memory, 0, Bytes.random(i, (int) MIB));
                memory.close();
            }
        }
    }

    @Test
    @Covers("MemoryObject.file")
    void fileOfTheHostsMemoryIsItsContent() {
        try (Attachment attachment = attach()) {
            MemoryObject memory = attachment.createMemory(2L * PAGE, Placement.SYSTEM);
            try (Mapping mapping = Mapping.map(memory.file().orElseThrow(), 0, 2L * PAGE, Mapping.Access.READ_WRITE)) {
                mapping.segment().set(ValueLayout.JAVA_BYTE, PAGE + 1, (byte) 77);

                assertThat(Bytes.read(memory, PAGE, 2)).containsExactly(0, 77);
                Bytes.write(memory, 5, new byte[] {9});
                assertThat(mapping.segment().get(ValueLayout.JAVA_BYTE, 5)).isEqualTo((byte) 9);
            }
            assertThat(attachment.createMemory(PAGE, Placement.VRAM).file()).isEmpty();
        }
    }

    @Test
    @Covers("Attachment.createMemory")
    void sizesThatMakeNoSenseAreRefused() {
        try (Attachment attachment = attach()) {
            for (Placement placement : Placement.values()) {
                for (long bytes : new long[] {0, -PAGE, 1, PAGE + 1, Long.MIN_VALUE}) {
                    assertError(CoreError.INVALID_ARGUMENT, () -> attachment.createMemory(bytes, placement));
                }
            }
        }
    }

    @Test
    @Covers({"Attachment.createMemory", "MemoryObject.close"})
    void memoryRunsOutAndComesBack() {
        try (Attachment attachment = attach()) {
            assertError(
                    CoreError.NO_SPACE,
                    () -> attachment.createMemory(attachment.totalFbBytes() + PAGE, Placement.VRAM));
            long most = Inventory.largestFb(attachment);
            FbMemory rest = attachment.allocFbMemory(FbRequest.of(most));
            assertError(CoreError.NO_SPACE, () -> attachment.createMemory(most, Placement.VRAM));
            rest.close();

            assertThat(attachment.createMemory(MIB, Placement.VRAM).bytes()).isEqualTo(MIB);
        }
    }

    @Test
    @Covers({"MemoryObject.read", "MemoryObject.write"})
    void bytesThatAreNotInItAreRefused() {
        try (Attachment attachment = attach()) {
            for (Placement placement : Placement.values()) {
                MemoryObject memory = attachment.createMemory(PAGE, placement);
                MemorySegment bytes = MemorySegment.ofArray(new byte[2 * PAGE]);
                for (long offset : new long[] {-1, PAGE, PAGE - 7, Long.MAX_VALUE, Long.MIN_VALUE}) {
                    assertError(CoreError.INVALID_ARGUMENT, () -> memory.read(offset, bytes, 0, 8));
                    assertError(CoreError.INVALID_ARGUMENT, () -> memory.write(offset, bytes, 0, 8));
                }
                assertError(CoreError.INVALID_ARGUMENT, () -> memory.read(0, bytes, 0, PAGE + 1));
            }
        }
    }

    @Test
    @Covers({"MemoryObject.close", "MemoryObject.read", "MemoryObject.write"})
    void freedObjectIsStale() {
        try (Attachment attachment = attach()) {
            MemoryObject memory = attachment.createMemory(PAGE, Placement.SYSTEM);
            MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
            memory.close();

            assertError(CoreError.STALE, () -> memory.read(0, bytes, 0, 8));
            assertError(CoreError.STALE, () -> memory.write(0, bytes, 0, 8));
        }
    }
}
