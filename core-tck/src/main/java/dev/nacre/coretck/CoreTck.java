package dev.nacre.coretck;

import org.junit.jupiter.api.Nested;

/**
 * The whole kit. A test class that extends it and says what is under test runs everything, with a report of all such
 * classes at the end of JUnit's run.
 */
public abstract class CoreTck extends TckRun {
    /** For the class that says what is under test. */
    protected CoreTck() {}

    @Nested
    final class BoardAndEngines extends BoardTck {}

    @Nested
    final class Lifecycle extends LifecycleTck {}

    @Nested
    final class Handshake extends HandshakeTck {}

    @Nested
    final class Exclusivity extends ExclusivityTck {}

    @Nested
    final class GspClients extends GspClientTck {}

    @Nested
    final class ChannelIdPool extends ChannelIdsTck {}

    @Nested
    final class FbMemories extends FbMemoryTck {}

    @Nested
    final class Bar1 extends Bar1Tck {}

    @Nested
    final class CeChannels extends CeChannelTck {}

    @Nested
    final class PushBuffers extends PushBufferTck {}

    @Nested
    final class Stall extends StallTck {}

    @Nested
    final class Scrub extends ScrubTck {}

    @Nested
    final class GspLogs extends GspLogTck {}

    @Nested
    final class Vgpus extends VgpuTck {}

    @Nested
    final class Events extends EventTck {}

    @Nested
    final class Faults extends FaultTck {}

    @Nested
    final class Sleep extends SuspendTck {}

    @Nested
    final class Unbind extends UnbindTck {}

    @Nested
    final class Concurrency extends ConcurrencyTck {}

    @Nested
    final class AddressSpaces extends AddressSpaceTck {}

    @Nested
    final class MemoryObjects extends MemoryObjectTck {}

    @Nested
    final class Channels extends ChannelTck {}

    @Nested
    final class Timelines extends TimelineTck {}

    @Nested
    final class Displays extends DisplayTck {}
}
