package dev.nacre.drm.kms;

import java.util.List;

/** A property that mode objects have values of. */
final class Property extends ModeObject {
    // HW: DRM_MODE_PROP_* of drm_mode.h
    static final int RANGE = 1 << 1;
    static final int IMMUTABLE = 1 << 2;
    static final int ENUM = 1 << 3;
    static final int BLOB = 1 << 4;
    static final int OBJECT = 1 << 6;
    static final int SIGNED_RANGE = 2 << 6;
    static final int ATOMIC = 0x8000_0000;
    private static final int KINDS = RANGE | ENUM | BLOB | OBJECT | SIGNED_RANGE;

    private final Prop key;

    /** The property of a name. */
    Property(Prop key) {
        super(ObjectType.PROPERTY);
        this.key = key;
    }

    Prop key() {
        return key;
    }

    int flags() {
        return key.flags();
    }

    boolean is(int kind) {
        return (flags() & KINDS) == kind;
    }

    boolean isImmutable() {
        return (flags() & IMMUTABLE) != 0;
    }

    boolean isAtomic() {
        return (flags() & ATOMIC) != 0;
    }

    /** What it may be: least and most, the numbers of names, or the kind of objects. */
    List<Long> values() {
        return is(ENUM) ? key.names().stream().map(Prop.Name::value).toList() : key.bounds();
    }

    /** Whether a value is possible, but for objects and blobs, which have to exist. */
    boolean admits(long value) {
        if (is(ENUM)) {
            return key.names().stream().anyMatch(name -> name.value() == value);
        }
        if (is(RANGE)) {
            return Long.compareUnsigned(value, values().get(0)) >= 0
                    && Long.compareUnsigned(value, values().get(1)) <= 0;
        }
        return !is(SIGNED_RANGE) || (value >= values().get(0) && value <= values().get(1));
    }
}
