package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.BindRequest;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Address spaces, and what is bound in them. */
@Needs({Capability.ADDRESS_SPACES, Capability.MEMORY_OBJECTS})
abstract class AddressSpaceTck extends TckGroup {
    private static final long PAGE = 4096;
    private static final long MIB = 1 << 20;
    private static final long HERE = 0x1_0000_0000L;
    private static final long TOP_BYTES = 4L << 30;

    @Test
    @Covers({"Attachment.createAddressSpace", "AddressSpace.addressBits", "AddressSpace.close"})
    void spaceHasAsManyBitsAsGpusHave() {
        try (Attachment attachment = attach()) {
            AddressSpace space = attachment.createAddressSpace();

            assertThat(space.addressBits()).isBetween(40, 57);
            space.close();
            space.close();
        }
    }

    @Test
    @Covers({"AddressSpace.bind", "AddressSpace.unbind", "MemoryObject.close"})
    void objectIsBusyWhileItIsBoundAnywhere() {
        try (Attachment attachment = attach()) {
            AddressSpace space = attachment.createAddressSpace();
            MemoryObject memory = attachment.createMemory(4 * PAGE, Placement.VRAM);
            space.bind(bind(HERE, memory));
            space.bind(bind(HERE + MIB, memory));

            assertError(CoreError.BUSY, memory::close);
            space.unbind(HERE, 4 * PAGE);
            assertError(CoreError.BUSY, memory::close);
            space.unbind(HERE + MIB, 4 * PAGE);
            memory.close();
        }
    }

    @Test
    @Covers("AddressSpace.bind")
    void placeWhereSomethingIsIsRefused() {
        try (Attachment attachment = attach()) {
            AddressSpace space = attachment.createAddressSpace();
            MemoryObject memory = attachment.createMemory(4 * PAGE, Placement.SYSTEM);
            space.bind(bind(HERE, memory));

            assertError(CoreError.EXISTS, () -> space.bind(bind(HERE, memory)));
            assertError(CoreError.EXISTS, () -> space.bind(bind(HERE + 3 * PAGE, memory)));
            assertError(CoreError.EXISTS, () -> space.bind(bind(HERE - 3 * PAGE, memory)));
            space.bind(bind(HERE + 4 * PAGE, memory));
            space.bind(bind(HERE - 4 * PAGE, memory));
        }
    }

    @Test
    @Covers("AddressSpace.unbind")
    void unbindCutsWhatLiesAcrossItsEnds() {
        try (Attachment attachment = attach()) {
            AddressSpace space = attachment.createAddressSpace();
            MemoryObject memory = attachment.createMemory(8 * PAGE, Placement.SYSTEM);
            MemoryObject small = attachment.createMemory(4 * PAGE, Placement.VRAM);
            space.bind(bind(HERE, memory));

            space.unbind(HERE + 2 * PAGE, 4 * PAGE);

            space.bind(bind(HERE + 2 * PAGE, small));
            assertError(CoreError.EXISTS, () -> space.bind(bind(HERE - 3 * PAGE, small)));
            assertError(CoreError.EXISTS, () -> space.bind(bind(HERE + 6 * PAGE, small)));
            assertError(CoreError.BUSY, memory::close);
            space.unbind(0, 1L << 34);
            memory.close();
            small.close();
        }
    }

    @Test
    @Covers({"AddressSpace.bindSparse", "AddressSpace.unbind"})
    void sparseRangeIsTakenUntilItIsUnbound() {
        try (Attachment attachment = attach()) {
            AddressSpace space = attachment.createAddressSpace();
            MemoryObject memory = attachment.createMemory(4 * PAGE, Placement.VRAM);
            space.bindSparse(HERE, 4 * MIB);

            assertError(CoreError.EXISTS, () -> space.bind(bind(HERE + MIB, memory)));
            assertError(CoreError.EXISTS, () -> space.bindSparse(HERE + MIB, PAGE));
            space.unbind(HERE + MIB, 4 * PAGE);
            space.bind(bind(HERE + MIB, memory));
            assertError(CoreError.EXISTS, () -> space.bind(bind(HERE + MIB + 4 * PAGE, memory)));
            assertError(CoreError.INVALID_ARGUMENT, () -> space.bindSparse(HERE, 1));
            assertError(CoreError.INVALID_ARGUMENT, () -> space.bindSparse(1L << space.addressBits(), PAGE));
            space.unbind(HERE, 4 * MIB);
            memory.close();
        }
    }

    @Test
    @Covers({"AddressSpace.bind", "AddressSpace.unbind"})
    void addressesThatAreNotTheClientsAreRefused() {
        try (Attachment attachment = attach()) {
            AddressSpace space = attachment.createAddressSpace();
            MemoryObject memory = attachment.createMemory(PAGE, Placement.SYSTEM);
            long end = 1L << space.addressBits();

            assertError(CoreError.INVALID_ARGUMENT, () -> space.bind(bind(end, memory)));
            assertError(CoreError.INVALID_ARGUMENT, () -> space.bind(bind(end - TOP_BYTES, memory)));
            assertError(CoreError.INVALID_ARGUMENT, () -> space.bind(bind(end - PAGE, memory)));
            space.bind(bind(end - TOP_BYTES - PAGE, memory));
            assertError(CoreError.INVALID_ARGUMENT, () -> space.unbind(end, PAGE));
            assertError(CoreError.INVALID_ARGUMENT, () -> space.unbind(-PAGE, PAGE));
            assertError(CoreError.INVALID_ARGUMENT, () -> space.unbind(0, 0));
            assertError(CoreError.INVALID_ARGUMENT, () -> space.unbind(1, PAGE));
            assertError(CoreError.INVALID_ARGUMENT, () -> space.unbind(0, Long.MAX_VALUE));
        }
    }

    @Test
    @Covers("AddressSpace.bind")
    void bindsThatMakeNoSenseCannotBeMade() {
        try (Attachment attachment = attach()) {
            MemoryObject memory = attachment.createMemory(2 * PAGE, Placement.SYSTEM);

            assertError(CoreError.INVALID_ARGUMENT, () -> new BindRequest(1, memory, 0, PAGE, true, 0));
            assertError(CoreError.INVALID_ARGUMENT, () -> new BindRequest(-PAGE, memory, 0, PAGE, true, 0));
            assertError(CoreError.INVALID_ARGUMENT, () -> new BindRequest(HERE, memory, PAGE, 2 * PAGE, true, 0));
            assertError(CoreError.INVALID_ARGUMENT, () -> new BindRequest(HERE, memory, 0, 0, true, 0));
            assertError(CoreError.INVALID_ARGUMENT, () -> new BindRequest(HERE, memory, 0, PAGE, true, 256));
        }
    }

    @Test
    @Covers({"AddressSpace.bind", "AddressSpace.close", "MemoryObject.close"})
    void freedSpaceIsStaleAndLetsGoOfWhatItHad() {
        try (Attachment attachment = attach()) {
            AddressSpace space = attachment.createAddressSpace();
            MemoryObject memory = attachment.createMemory(PAGE, Placement.VRAM);
            space.bind(bind(HERE, memory));

            space.close();

            assertError(CoreError.STALE, () -> space.bind(bind(HERE, memory)));
            assertError(CoreError.STALE, () -> space.unbind(HERE, PAGE));
            memory.close();
        }
    }

    @Test
    @Covers({"Attachment.createAddressSpace", "AddressSpace.bind", "AddressSpace.unbind", "AddressSpace.close"})
    void manySpacesAndBindsLeaveNothingBehind() {
        try (Attachment attachment = attach()) {
            MemoryObject memory = attachment.createMemory(4 * MIB, Placement.VRAM);
            useSpaces(attachment, memory);
            long before = Inventory.largestFb(attachment);

            for (int i = 0; i < 5; i++) {
                useSpaces(attachment, memory);
            }

            assertThat(Inventory.largestFb(attachment)).isEqualTo(before);
        }
    }

    private static void useSpaces(Attachment attachment, MemoryObject memory) {
        List<AddressSpace> spaces = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            AddressSpace space = attachment.createAddressSpace();
            space.bind(bind(HERE + i * MIB, memory));
            space.bind(bind(HERE * (i + 2), memory));
            space.unbind(HERE + i * MIB, MIB);
            spaces.add(space);
        }
        spaces.forEach(AddressSpace::close);
    }

    private static BindRequest bind(long address, MemoryObject memory) {
        return new BindRequest(address, memory, 0, memory.bytes(), true, 0);
    }
}
