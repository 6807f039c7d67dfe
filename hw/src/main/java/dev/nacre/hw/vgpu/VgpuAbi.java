package dev.nacre.hw.vgpu;

/**
 * What differs between firmware versions about virtual GPUs. Offsets are bytes; -1 where a version has no such field.
 * Fields have 32 bits unless said otherwise.
 *
 * @param bootload parameters that start a plugin
 * @param typeInfo a type of virtual GPU
 * @param response what a plugin says of itself
 * @param surface what a head shows
 * @param config how a plugin is to work
 */
public record VgpuAbi(
        BootloadLayout bootload,
        TypeInfoLayout typeInfo,
        ResponseLayout response,
        SurfaceLayout surface,
        ConfigLayout config) {
    /**
     * NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK. Addresses, offsets and sizes in it have 64 bits.
     * What is the same in every version is in {@link Bootload}.
     *
     * @param bytes size of it all
     * @param engines entries of the list of channel offsets, by NV2080_ENGINE_TYPE
     * @param numGuestFbSegments used entries of the two lists that follow
     * @param guestFbPhysAddrList addresses of the guest's memory, {@link Bootload#MAX_SEGMENTS} entries
     * @param guestFbLengthList their sizes
     * @param pluginHeapMemoryPhysAddr the plugin's memory, its size 8 bytes further
     * @param ctrlBuffOffset the shared area, from the start of the plugin's memory
     * @param initTaskLogBuffOffset address of the first log, its size 8 bytes further
     * @param vgpuTaskLogBuffOffset address of the second log, its size 8 bytes further
     * @param kernelLogBuffOffset address of the third log, its size 8 bytes further
     * @param migRmHeapMemoryPhysAddr memory of a GPU instance's RM, its size 8 bytes further
     */
    public record BootloadLayout(
            int bytes,
            int engines,
            int numGuestFbSegments,
            int guestFbPhysAddrList,
            int guestFbLengthList,
            int pluginHeapMemoryPhysAddr,
            int ctrlBuffOffset,
            int initTaskLogBuffOffset,
            int vgpuTaskLogBuffOffset,
            int kernelLogBuffOffset,
            int migRmHeapMemoryPhysAddr) {}

    /**
     * NVA081_CTRL_VGPU_INFO. What is the same in every version is in {@link TypeInfo}.
     *
     * @param bytes size of it all
     * @param placementSize how much of the GPU one takes, in parts; followed by counts and lists of placements
     */
    public record TypeInfoLayout(int bytes, int placementSize) {
        /** Bytes of NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_PGPU_ADD_VGPU_TYPE, however many types are used. */
        public int addVgpuTypeBytes() {
            return TypeInfo.ADD_VGPU_INFO + TypeInfo.MAX_TYPES * bytes;
        }
    }

    /**
     * The response region, {@link SharedArea#RESPONSE}.
     *
     * @param messageSeqNumReceived the message that the plugin has begun
     * @param messageSeqNumProcessed the message that it has ended; written after all else
     * @param resultCode 0 if that went well
     * @param guestRpcVersion the interface of the guest's driver
     * @param migrationBufGspAccessOffset where in the migration region the plugin is
     * @param migrationStateSaveComplete whether it has told everything
     * @param surfaces {@link SharedArea#SURFACES} times what a head shows, see {@link SurfaceLayout}
     * @param errorBuffGspPutIdx where in the error region the plugin writes next
     * @param gridLicenseState state of the guest's license
     * @param guestOsType the guest's operating system
     * @param frlConfig the guest's frame-rate limit
     */
    public record ResponseLayout(
            int messageSeqNumReceived,
            int messageSeqNumProcessed,
            int resultCode,
            int guestRpcVersion,
            int migrationBufGspAccessOffset,
            int migrationStateSaveComplete,
            int surfaces,
            int errorBuffGspPutIdx,
            int gridLicenseState,
            int guestOsType,
            int frlConfig) {}

    /**
     * A surface. What is the same in every version is in {@link Surface}.
     *
     * @param bytes size of it all
     * @param flagBytes width of its four flags: 1 or 4
     * @param headBlanked first flag: the head shows nothing
     * @param flipPending second flag
     * @param freePending third flag
     * @param blockLinear fourth flag
     */
    public record SurfaceLayout(
            int bytes, int flagBytes, int headBlanked, int flipPending, int freePending, int blockLinear) {}

    /**
     * Payload of {@link PluginMessage#SETUP_CONFIG_PARAMS_AND_INIT}. What is the same in every version is in
     * {@link PluginConfig}; fields here have 8 bits but the placement's 16.
     *
     * @param bytes size of it all
     * @param enableUvm unified virtual memory
     * @param linuxInterruptOptimization fewer interrupts for a guest of Linux
     * @param vmmMigrationSupported whether the hypervisor can migrate
     * @param enableConsoleVnc whether the host looks at what is shown
     * @param useNonStallLinuxEvents non-stalling interrupts for a guest of Linux
     * @param placementId where on the GPU it is, 0xffff anywhere
     */
    public record ConfigLayout(
            int bytes,
            int enableUvm,
            int linuxInterruptOptimization,
            int vmmMigrationSupported,
            int enableConsoleVnc,
            int useNonStallLinuxEvents,
            int placementId) {}
}
