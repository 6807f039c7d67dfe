package dev.nacre.coretck;

/**
 * On what a test was run.
 *
 * @param core the implementation's name
 * @param transport how it reaches its board
 * @param chip the board's
 */
record Setting(String core, String transport, String chip) implements Comparable<Setting> {
    static Setting of(CoreUnderTest underTest) {
        return new Setting(underTest.provider().name(), underTest.transport(), underTest.chip());
    }

    @Override
    public int compareTo(Setting other) {
        int byCore = core.compareTo(other.core);
        int byTransport = transport.compareTo(other.transport);
        return byCore != 0 ? byCore : byTransport != 0 ? byTransport : chip.compareTo(other.chip);
    }

    @Override
    public String toString() {
        return core + ", " + transport + ", " + chip;
    }
}
