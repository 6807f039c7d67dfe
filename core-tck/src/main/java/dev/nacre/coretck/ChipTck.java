package dev.nacre.coretck;

import org.junit.jupiter.api.Nested;

/** The part of the kit in which chips differ: what there is, booting, page tables, channels, faults and sleep. */
public abstract class ChipTck extends TckRun {
    /** For the class that says what is under test. */
    protected ChipTck() {}

    @Nested
    final class BoardAndEngines extends BoardTck {}

    @Nested
    final class Bar1 extends Bar1Tck {}

    @Nested
    final class PushBuffers extends PushBufferTck {}

    @Nested
    final class Scrub extends ScrubTck {}

    @Nested
    final class Faults extends FaultTck {}

    @Nested
    final class Sleep extends SuspendTck {}

    @Nested
    final class Channels extends ChannelTck {}
}
