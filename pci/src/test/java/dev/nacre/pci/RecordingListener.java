package dev.nacre.pci;

import java.util.ArrayList;
import java.util.List;

/** Notes what it is told, in words. */
final class RecordingListener implements ConfigListener {
    private final List<String> heard = new ArrayList<>();

    @Override
    public void decodeChanged(boolean memory, boolean io) {
        heard.add("memory=" + memory + " io=" + io);
    }

    @Override
    public void functionLevelReset() {
        heard.add("FLR");
    }

    List<String> heard() {
        return heard;
    }
}
