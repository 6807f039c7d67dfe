package dev.nacre.board.rm;

import dev.nacre.hw.rm.ClassKind;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** An object that a driver allocated. GSP's engine thread. */
final class RmObject {
    private final int handle;
    private final ClassTable.Entry type;
    private final @Nullable RmObject parent;
    private final ObjectState state;
    private final int depth;
    private final SequencedSet<RmObject> children = new LinkedHashSet<>();

    RmObject(int handle, ClassTable.Entry type, @Nullable RmObject parent, ObjectState state) {
        this.handle = handle;
        this.type = type;
        this.parent = parent;
        this.state = state;
        this.depth = parent == null ? 0 : parent.depth + 1;
    }

    int handle() {
        return handle;
    }

    ClassTable.Entry type() {
        return type;
    }

    ClassKind kind() {
        return type.kind();
    }

    @Nullable
    RmObject parent() {
        return parent;
    }

    ObjectState state() {
        return state;
    }

    /** Objects above it. */
    int depth() {
        return depth;
    }

    /** In the order of their making. */
    SequencedSet<RmObject> children() {
        return children;
    }

    /** The nearest object of a kind at or above this one, or null. */
    @Nullable
    RmObject nearest(ClassKind kind) {
        RmObject object = this;
        while (object != null && object.kind() != kind) {
            object = object.parent;
        }
        return object;
    }
}
