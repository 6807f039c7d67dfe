package dev.nacre.board.xve;

import dev.nacre.pci.ConfigSpace;

/** Config space as a GPU's own registers show it. Socket's thread. */
public interface MirroredConfig {
    /** Reads a dword at a multiple of 4. */
    int read(int offset);

    /** Writes a dword at a multiple of 4, with all that follows from it. */
    void write(int offset, int value);

    /** All of a config space as it is. */
    static MirroredConfig of(ConfigSpace space) {
        return new MirroredConfig() {
            @Override
            public int read(int offset) {
                return space.read(offset, 4);
            }

            @Override
            public void write(int offset, int value) {
                space.write(offset, 4, value);
            }
        };
    }
}
