package dev.nacre.daemon.host;

import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuUsage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A virtual GPU at a moment.
 *
 * @param name its name, unique over all boards
 * @param uuid its id
 * @param board the name of its board
 * @param type the name of its type
 * @param state {@code defined}, {@code starting}, {@code running}, {@code stopping} or {@code failed}
 * @param reason why it failed; empty otherwise
 * @param function its virtual function; empty if it has none, as one that could not be brought back
 * @param vfIndex the number of that function, from 0; empty likewise
 * @param socket where a VMM finds it
 * @param placement its placement id
 * @param fbBytes its guest's memory; 0 if it has no place
 * @param channels its guest's channels; 0 likewise
 * @param usage how much it uses; empty if it does not run
 * @param guest what its guest has told of itself; empty if it does not run
 * @param clientConnected whether a VMM is connected
 * @param heads its heads; none if its type is not known
 */
public record VgpuView(
        String name,
        UUID uuid,
        String board,
        String type,
        String state,
        Optional<String> reason,
        Optional<String> function,
        OptionalInt vfIndex,
        Path socket,
        OptionalInt placement,
        long fbBytes,
        int channels,
        Optional<VgpuUsage> usage,
        Optional<VgpuGuestInfo> guest,
        boolean clientConnected,
        List<HeadView> heads) {
    /** Takes the values. */
    public VgpuView {
        heads = List.copyOf(heads);
    }
}
