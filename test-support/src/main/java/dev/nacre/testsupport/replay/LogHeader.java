package dev.nacre.testsupport.replay;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a recording is of: enough to make the same board again, and anything else worth telling.
 *
 * @param values by name: {@link #CHIP}, {@link #FB_BYTES}, {@link #HEADS} and what else there is to tell
 */
public record LogHeader(Map<String, String> values) {
    /** Name of the chip's value: its id. */
    public static final String CHIP = "chip";

    /** Name of the value that tells the size of the board's memory. */
    public static final String FB_BYTES = "fb-bytes";

    /** Name of the value that tells the number of display heads. */
    public static final String HEADS = "heads";

    /** Keeps the values in a fixed order. */
    public LogHeader {
        values = java.util.Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /** Whether the board had a display, which refreshes by itself. */
    public boolean hasDisplay() {
        return !"0".equals(values.getOrDefault(HEADS, "0"));
    }

    /**
     * A value.
     *
     * @throws IllegalArgumentException if the recording has none of that name
     */
    public String value(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Recording does not tell: name=" + name + " present=" + values.keySet());
        }
        return value;
    }
}
