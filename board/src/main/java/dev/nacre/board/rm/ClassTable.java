package dev.nacre.board.rm;

import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.hal.ClassSet;
import dev.nacre.hw.rm.ClassKind;
import dev.nacre.hw.rm.RmClass;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The classes that can be allocated on one chip: those that every chip has and those of its generation. */
final class ClassTable {
    /**
     * A class.
     *
     * @param number its number
     * @param kind its role
     * @param displayChannel which display channel it is, or null
     */
    record Entry(int number, ClassKind kind, @Nullable ChannelKind displayChannel) {}

    private final Map<Integer, Entry> ofChip = new HashMap<>();

    ClassTable(ClassSet chip) {
        add(chip.threeD(), ClassKind.CHANNEL_OBJECT, null);
        add(chip.compute(), ClassKind.CHANNEL_OBJECT, null);
        add(chip.inlineToMemory(), ClassKind.CHANNEL_OBJECT, null);
        add(chip.copy(), ClassKind.CHANNEL_OBJECT, null);
        add(chip.gpFifo(), ClassKind.CHANNEL, null);
        chip.display().ifPresent(display -> {
            add(display.root(), ClassKind.DISPLAY, null);
            add(display.core(), ClassKind.DISPLAY_CHANNEL, ChannelKind.CORE);
            add(display.window(), ClassKind.DISPLAY_CHANNEL, ChannelKind.WINDOW);
            add(display.windowImmediate(), ClassKind.DISPLAY_CHANNEL, ChannelKind.WINDOW_IMMEDIATE);
            add(display.cursor(), ClassKind.DISPLAY_CHANNEL, ChannelKind.CURSOR);
        });
    }

    private void add(int number, ClassKind kind, @Nullable ChannelKind displayChannel) {
        ofChip.put(number, new Entry(number, kind, displayChannel));
    }

    /** The class with a number, or null if this chip has none. */
    @Nullable
    Entry find(int number) {
        Entry entry = ofChip.get(number);
        if (entry != null) {
            return entry;
        }
        RmClass common = RmClass.of(number);
        return common == null ? null : new Entry(number, common.kind(), null);
    }
}
