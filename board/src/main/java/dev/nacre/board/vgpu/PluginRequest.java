package dev.nacre.board.vgpu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a host asks for when it starts a plugin, unchecked: NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK.
 *
 * @param gfid number of the virtual function
 * @param dbdf where that is
 * @param typeId type, or 0 if the plugin is told later
 * @param vmPid the process that the guest runs in
 * @param channels channels that the guest has
 * @param pluginChannels how many of them are the plugin's own
 * @param chidOffsets the guest's first channel on each engine
 * @param memory the guest's memory
 * @param heap the plugin's memory
 * @param sharedOffset where the shared area begins in it
 * @param logs init, vgpu and kernel log; without the last where a version has none
 */
public record PluginRequest(
        int gfid,
        int dbdf,
        int typeId,
        int vmPid,
        int channels,
        int pluginChannels,
        List<Integer> chidOffsets,
        List<FbRange> memory,
        FbRange heap,
        long sharedOffset,
        List<FbRange> logs) {
    /** Takes the values. */
    public PluginRequest {
        chidOffsets = List.copyOf(chidOffsets);
        memory = List.copyOf(memory);
        logs = List.copyOf(logs);
    }

    /** All of the guest's memory, or null if its pieces do not follow each other. */
    @Nullable
    FbRange guestMemory() {
        if (memory.isEmpty()) {
            return null;
        }
        long end = memory.getFirst().offset();
        for (FbRange piece : memory) {
            // GUEST: any 64 bits; an end that wraps is found when the whole is checked.
            if (piece.offset() != end || piece.bytes() <= 0) {
                return null;
            }
            end += piece.bytes();
        }
        long start = memory.getFirst().offset();
        return new FbRange(start, end - start);
    }
}
