package dev.nacre.drm.kms;

/** Something that clients name by a number. */
abstract class ModeObject {
    private final ObjectType type;
    private int id;

    ModeObject(ObjectType type) {
        this.type = type;
    }

    final ObjectType type() {
        return type;
    }

    final int id() {
        return id;
    }

    final void id(int given) {
        id = given;
    }
}
