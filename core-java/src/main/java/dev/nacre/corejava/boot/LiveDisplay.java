package dev.nacre.corejava.boot;

import dev.nacre.corejava.gpu.DisplayAccess;
import dev.nacre.corejava.gpu.DisplayModel;
import dev.nacre.corejava.intr.HeadInterrupts;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.rm.BoardControls;
import dev.nacre.hw.gsp.GspAbi;

/**
 * The display of a GPU whose firmware runs.
 *
 * @param model how it looks
 * @param abi of the firmware
 * @param controls of the firmware's own client
 * @param registers all of the GPU
 * @param events of its heads
 */
record LiveDisplay(DisplayModel model, GspAbi abi, BoardControls controls, Registers registers, HeadInterrupts events)
        implements DisplayAccess {
    @Override
    public int supportedDisplaysControl() {
        return abi.displayGetSupportedControl();
    }

    @Override
    public int pushBufferParametersBytes() {
        return abi.displayPushBufferBytes();
    }

    @Override
    public void control(int command, byte[] parameters) {
        controls.control(command, parameters);
    }

    @Override
    public int read(int address) {
        return registers.function().readInt(Registers.BAR0, address);
    }

    @Override
    public void write(int address, int value) {
        registers.function().writeInt(Registers.BAR0, address, value);
    }

    @Override
    public void vblankEvents(int head, boolean wanted) {
        events.enable(head, wanted);
    }
}
