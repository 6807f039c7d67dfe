package dev.nacre.board.ce;

import dev.nacre.hw.copy.Nvc7b5;

/** How elements of the source become elements of the destination, component by component. Set up for each launch. */
// HW: open-gpu-doc classes/dma-copy/clc7b5.h SET_REMAP_COMPONENTS
final class Remap {
    private static final int CONST_A = 4;
    private static final int CONST_B = 5;
    private static final int NO_WRITE = 6;
    private static final int SELECT_BITS = 4;

    private final int[] select = new int[4];
    private boolean identity;
    private boolean readsSource;
    private boolean keepsSome;
    private boolean zero;
    private int componentBytes;
    private int sourceComponents;
    private int destinationComponents;
    private int constantA;
    private int constantB;

    /** Elements are bytes and stay what they are. */
    void identity() {
        identity = true;
        readsSource = true;
        keepsSome = false;
        zero = false;
        componentBytes = 1;
        sourceComponents = 1;
        destinationComponents = 1;
    }

    /**
     * Sets it up.
     *
     * @param components data of SET_REMAP_COMPONENTS
     * @throws CopyError if a component comes from nowhere
     */
    void components(int components, int a, int b) {
        constantA = a;
        constantB = b;
        componentBytes = Nvc7b5.SET_REMAP_COMPONENTS_COMPONENT_SIZE.get(components) + 1;
        sourceComponents = Nvc7b5.SET_REMAP_COMPONENTS_NUM_SRC_COMPONENTS.get(components) + 1;
        destinationComponents = Nvc7b5.SET_REMAP_COMPONENTS_NUM_DST_COMPONENTS.get(components) + 1;
        identity = sourceComponents == destinationComponents;
        readsSource = false;
        keepsSome = false;
        zero = true;
        int mask = -1 >>> (Integer.SIZE - Byte.SIZE * componentBytes);
        for (int i = 0; i < destinationComponents; i++) {
            select[i] = Nvc7b5.SET_REMAP_COMPONENTS_DST_X.get(components >>> (SELECT_BITS * i));
            if (select[i] > NO_WRITE) {
                throw new CopyError("Component comes from nowhere: components=0x" + Integer.toHexString(components));
            }
            readsSource |= select[i] < CONST_A;
            keepsSome |= select[i] == NO_WRITE;
            identity &= select[i] == i;
            zero &= (select[i] == CONST_A && (a & mask) == 0) || (select[i] == CONST_B && (b & mask) == 0);
        }
    }

    /** Whether elements stay what they are. */
    boolean isIdentity() {
        return identity;
    }

    /** Whether the destination depends on the source at all. */
    boolean readsSource() {
        return readsSource;
    }

    /** Whether some of the destination stays what it is. */
    boolean keepsSome() {
        return keepsSome;
    }

    /** Whether the destination becomes zero, whatever there was. */
    boolean isZero() {
        return zero;
    }

    int sourceBytes() {
        return componentBytes * sourceComponents;
    }

    int destinationBytes() {
        return componentBytes * destinationComponents;
    }

    /** Makes elements of the destination; what stays is left as {@code out} has it. */
    void apply(byte[] in, byte[] out, int elements) {
        for (int component = 0; component < destinationComponents; component++) {
            int from = select[component];
            if (from == CONST_A || from == CONST_B) {
                fill(out, component, elements, from == CONST_A ? constantA : constantB);
            } else if (from != NO_WRITE) {
                move(in, from, out, component, elements);
            }
        }
    }

    private void fill(byte[] out, int component, int elements, int value) {
        int step = destinationBytes();
        for (int i = 0; i < componentBytes; i++) {
            byte octet = (byte) (value >>> (8 * i));
            int at = component * componentBytes + i;
            for (int element = 0; element < elements; element++, at += step) {
                out[at] = octet;
            }
        }
    }

    private void move(byte[] in, int from, byte[] out, int component, int elements) {
        if (from >= sourceComponents) {
            fill(out, component, elements, 0);
            return;
        }
        int sourceStep = sourceBytes();
        int step = destinationBytes();
        for (int i = 0; i < componentBytes; i++) {
            int source = from * componentBytes + i;
            int at = component * componentBytes + i;
            for (int element = 0; element < elements; element++, at += step, source += sourceStep) {
                out[at] = in[source];
            }
        }
    }
}
