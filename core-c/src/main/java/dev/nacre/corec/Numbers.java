package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.nacre.core.Capability;
import dev.nacre.core.ClientKind;
import dev.nacre.core.EngineType;
import dev.nacre.core.EventKind;
import dev.nacre.core.FaultCause;
import dev.nacre.core.Placement;
import dev.nacre.core.spi.VgpuScheduling;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Numbers and strings of C as Java's types, and back. */
final class Numbers {
    private Numbers() {}

    /** The capabilities of a mask; bits that are not known are left out. */
    static Set<Capability> capabilities(long mask) {
        EnumSet<Capability> set = EnumSet.noneOf(Capability.class);
        for (Capability capability : Capability.values()) {
            if ((mask >>> capability.bit() & 1) != 0) {
                set.add(capability);
            }
        }
        return Set.copyOf(set);
    }

    static long mask(Set<Capability> capabilities) {
        long mask = 0;
        for (Capability capability : capabilities) {
            mask |= 1L << capability.bit();
        }
        return mask;
    }

    static Optional<ClientKind> clientKind(int number) {
        for (ClientKind kind : ClientKind.values()) {
            if (kind.number() == number) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    static Optional<EventKind> eventKind(int number) {
        for (EventKind kind : EventKind.values()) {
            if (kind.number() == number) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    static EngineType engineType(int number) {
        for (EngineType type : EngineType.values()) {
            if (type.number() == number) {
                return type;
            }
        }
        return EngineType.OTHER;
    }

    static FaultCause faultCause(int number) {
        for (FaultCause cause : FaultCause.values()) {
            if (cause.number() == number) {
                return cause;
            }
        }
        return FaultCause.OTHER;
    }

    static Optional<Placement> placement(int number) {
        for (Placement placement : Placement.values()) {
            if (placement.number() == number) {
                return Optional.of(placement);
            }
        }
        return Optional.empty();
    }

    /** NACRE_VGPU_POLICY. */
    static int policy(VgpuScheduling.Policy policy) {
        return switch (policy) {
            case BEST_EFFORT -> 0;
            case EQUAL_SHARE -> 1;
            case FIXED_SHARE -> 2;
        };
    }

    /** A field of characters: what comes before its first 0, or all of it. */
    static String text(MemorySegment struct, StructLayout layout, String field) {
        long bytes = layout.select(PathElement.groupElement(field)).byteSize();
        return text(struct.asSlice(Abi.offset(layout, field), bytes));
    }

    /** What comes before a segment's first 0, or all of it. */
    static String text(MemorySegment segment) {
        int length = 0;
        while (length < segment.byteSize() && segment.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        return new String(segment.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** Puts a string into a field, cut to fit and ended with 0. */
    static void setText(MemorySegment struct, StructLayout layout, String field, String text) {
        long bytes = layout.select(PathElement.groupElement(field)).byteSize();
        setText(struct.asSlice(Abi.offset(layout, field), bytes), text);
    }

    /** Puts a string into a segment that is not empty, cut to fit and ended with 0. */
    static void setText(MemorySegment segment, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = (int) Math.min(bytes.length, segment.byteSize() - 1);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, length);
        segment.set(JAVA_BYTE, length, (byte) 0);
    }
}
