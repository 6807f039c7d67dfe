package dev.nacre.board.gsp;

import dev.nacre.board.disp.DisplayControl;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A display with one head and two displays, one of them with a monitor, that remembers what it was told. */
public final class FakeDisplay implements DisplayControl {
    /** Channels that were made, with their offsets. */
    public final Map<Channel, Integer> channels = new HashMap<>();

    /** Push buffers by channel. */
    public final Map<Channel, PushBuffer> pushBuffers = new HashMap<>();

    /** Channels that were freed. */
    public final Set<Channel> freed = new HashSet<>();

    /** Where the instance memory lies. */
    public String instanceMemory = "";

    @Override
    public int heads() {
        return 1;
    }

    @Override
    public int windows() {
        return 2;
    }

    @Override
    public int supportedDisplays() {
        return 0x300;
    }

    @Override
    public int connectedDisplays() {
        return 0x200;
    }

    @Override
    public Output output(int displayId) {
        return new Output(displayId == 0x100 ? 0 : 1, 2, 1, 0x61);
    }

    @Override
    public byte[] edid(int displayId) {
        byte[] edid = new byte[displayId == 0x200 ? 128 : 0];
        for (int i = 0; i < edid.length; i++) {
            edid[i] = (byte) (i + 1);
        }
        return edid;
    }

    @Override
    public int assignSor(int displayId) {
        return displayId == 0x100 ? 0 : 1;
    }

    @Override
    public int activeDisplay(int head) {
        return 0x200;
    }

    @Override
    public void instanceMemory(long address, long sizeBytes, boolean system) {
        instanceMemory = Long.toHexString(address) + "+" + Long.toHexString(sizeBytes) + (system ? " system" : "");
    }

    @Override
    public void pushBuffer(Channel channel, PushBuffer pushBuffer) {
        pushBuffers.put(channel, pushBuffer);
    }

    @Override
    public boolean allocate(Channel channel, int offsetBytes) {
        if (channel.instance() < 0 || channel.instance() > 1) {
            return false;
        }
        channels.put(channel, offsetBytes);
        return true;
    }

    @Override
    public void free(Channel channel) {
        channels.remove(channel);
        freed.add(channel);
    }
}
