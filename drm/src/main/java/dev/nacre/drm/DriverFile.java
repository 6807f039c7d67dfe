package dev.nacre.drm;

import dev.nacre.drm.gem.GemObject;

/** What a driver keeps of an open file. */
public interface DriverFile extends AutoCloseable {
    /**
     * The file has lost its last handle of an object, by a call on this thread; not told when the file closes.
     *
     * @param object has a reference until this returns
     */
    default void lastHandleClosed(GemObject object) {}

    /**
     * Frees it. No ioctl of the file runs any more; its handles and syncobjs still exist. Must not throw, and must end
     * within a bound.
     */
    @Override
    void close();

    /** Nothing. */
    static DriverFile none() {
        return () -> {};
    }
}
