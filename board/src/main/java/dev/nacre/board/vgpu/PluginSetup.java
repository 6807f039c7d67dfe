package dev.nacre.board.vgpu;

import dev.nacre.hw.vgpu.PluginConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * How a host wants a plugin to work: the payload of SETUP_CONFIG_PARAMS_AND_INIT, as far as it matters to this board.
 *
 * @param uuid id of the virtual GPU
 * @param dbdf where its virtual function is
 * @param instanceId handle of its client
 * @param typeId type
 * @param vmPid the process that the guest runs in
 * @param swizzId GPU instance
 * @param channels channels that the guest has
 * @param pluginChannels how many of them are the plugin's own
 */
record PluginSetup(
        UUID uuid, int dbdf, int instanceId, int typeId, int vmPid, int swizzId, int channels, int pluginChannels) {
    /** Reads it from a payload of at least the size of any version's. */
    static PluginSetup of(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        UUID uuid = new UUID(in.getLong(PluginConfig.UUID), in.getLong(PluginConfig.UUID + Long.BYTES));
        in.order(ByteOrder.LITTLE_ENDIAN);
        return new PluginSetup(
                uuid,
                in.getInt(PluginConfig.DBDF),
                in.getInt(PluginConfig.VGPU_DEVICE_INSTANCE_ID),
                in.getInt(PluginConfig.VGPU_TYPE),
                in.getInt(PluginConfig.VM_PID),
                in.getInt(PluginConfig.SWIZZ_ID),
                in.getInt(PluginConfig.NUM_CHANNELS),
                in.getInt(PluginConfig.NUM_PLUGIN_CHANNELS));
    }
}
