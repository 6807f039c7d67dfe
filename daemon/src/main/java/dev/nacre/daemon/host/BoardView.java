package dev.nacre.daemon.host;

import dev.nacre.board.Telemetry;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.vfio.placement.PlacementMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A board at a moment.
 *
 * @param name its name in the configuration
 * @param chip such as {@code AD102}
 * @param product the product's name, such as {@code NVIDIA L40}
 * @param uuid such as {@code GPU-01234567-89ab-cdef-0123-456789abcdef}
 * @param state {@code running} or {@code lost}
 * @param reason why it is lost; empty while it runs
 * @param core the core's implementation: {@code java} or {@code c}
 * @param firmware the version of the firmware that runs
 * @param client what uses it: {@code vfio} or {@code drm}
 * @param programs how programs of this host use it; empty for {@code vfio}
 * @param heads its heads, for programs; none for {@code vfio}, where they are the virtual GPUs'
 * @param function where it is on its bus
 * @param memory its memory
 * @param channels how many channels virtual GPUs can have in all
 * @param channelsFree how many of them nobody has
 * @param virtualFunctions how many virtual functions it has
 * @param virtualFunctionsFree how many of them show nothing
 * @param scheduling how the engines are shared
 * @param placement which types it takes at a time
 * @param utilisation of its engines by virtual GPUs, or by programs
 * @param telemetry what its sensors say; empty once it is lost
 * @param faults how often something went wrong, by what it is
 * @param sockets the folder of its virtual GPUs' sockets, or of what programs need to use it
 */
public record BoardView(
        String name,
        String chip,
        String product,
        String uuid,
        String state,
        Optional<String> reason,
        String core,
        String firmware,
        String client,
        Optional<Programs> programs,
        List<HeadView> heads,
        String function,
        Memory memory,
        int channels,
        int channelsFree,
        int virtualFunctions,
        int virtualFunctionsFree,
        VgpuScheduling scheduling,
        PlacementMode placement,
        Utilisation utilisation,
        Optional<Telemetry> telemetry,
        Map<String, Long> faults,
        Path sockets) {
    /** Takes the values. */
    public BoardView {
        heads = List.copyOf(heads);
    }

    /**
     * How programs of this host use a board.
     *
     * @param driver by which driver
     * @param files how many files they have open
     */
    public record Programs(DrmDriverName driver, int files) {}

    /**
     * A board's memory.
     *
     * @param fbBytes all of it
     * @param fbUsableBytes what the firmware lets others have
     * @param fbGivenBytes what virtual GPUs have, with their plugins' parts
     * @param fbKeptBytes what could not be cleared, and nobody gets
     * @param segmentBytes granularity of virtual GPUs' memory
     */
    public record Memory(long fbBytes, long fbUsableBytes, long fbGivenBytes, long fbKeptBytes, long segmentBytes) {
        /** What nobody has. */
        public long fbFreeBytes() {
            return Math.max(0, fbUsableBytes - fbGivenBytes - fbKeptBytes);
        }
    }

    /**
     * Shares of engines' time in the last second, in hundredths of a percent, 0 to 10,000.
     *
     * @param graphics of the graphics engine's
     * @param copy of the copy engines'
     * @param encoder of the encoders'
     * @param decoder of the decoders'
     */
    public record Utilisation(int graphics, int copy, int encoder, int decoder) {}
}
