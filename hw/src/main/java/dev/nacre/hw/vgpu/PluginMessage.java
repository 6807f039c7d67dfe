package dev.nacre.hw.vgpu;

import org.jspecify.annotations.Nullable;

/** What a host asks of a plugin. Names and numbers are NVIDIA's. */
// HW: nvidia-vgpu drivers as proposed for Linux, enumeration of messages of the plugin's communication
public enum PluginMessage {
    /** Which versions of the messages both know; see {@link PluginPayload.VersionNegotiation}. */
    VERSION_NEGOTIATION(1),
    /** Makes the virtual GPU; see {@link PluginConfig}. */
    SETUP_CONFIG_PARAMS_AND_INIT(2),
    /** Makes the virtual GPU anew; no payload. */
    RESET(3),
    /** Migration: no new work. */
    MIGRATION_STOP_WORK(4),
    /** Migration: work again. */
    MIGRATION_CANCEL_STOP(5),
    /** Migration: tells its state. */
    MIGRATION_SAVE_STATE(6),
    /** Migration: no more of its state. */
    MIGRATION_CANCEL_SAVE(7),
    /** Migration: takes state. */
    MIGRATION_RESTORE_STATE(8),
    /** Migration: takes what can wait. */
    MIGRATION_RESTORE_DEFERRED_STATE(9),
    /** Migration: work. */
    MIGRATION_RESUME_WORK(10),
    /** Brings the surfaces in the response region up to date; no payload. */
    // HW: payload not published; ours: none either way
    CONSOLE_VNC_STATE(11),
    /** Reaches a register. */
    VF_BAR0_REG_ACCESS(12),
    /** Whether the guest lets its GPU reach memory; see {@link PluginPayload.BusMaster}. */
    UPDATE_BME_STATE(13),
    /** What the guest has told of itself; see {@link PluginPayload.GuestInfo}. */
    GET_GUEST_INFO(14);

    private static final PluginMessage[] ALL = values();

    private final int number;

    PluginMessage(int number) {
        this.number = number;
    }

    /** The number in the control region. */
    public int number() {
        return number;
    }

    /** The message with a number, or null. */
    public static @Nullable PluginMessage of(int number) {
        return number >= 1 && number <= ALL.length ? ALL[number - 1] : null;
    }
}
