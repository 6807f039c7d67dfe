package dev.nacre.core;

/** Something that a core can do, or not. Those below 16 have the numbers of the Linux kernel's proposed interface. */
public enum Capability {
    /** {@link Attachment#allocGspClient}. */
    GSP_CLIENT_ALLOC(0),
    /** Controls of the firmware's resource manager as they are: {@link GspClient#read} and {@link GspClient#write}. */
    RM_PASS_THROUGH(1),
    /** {@link Attachment#allocChannelIds}. */
    CHID_ALLOC(2),
    /** {@link Attachment#allocFbMemory}. */
    FB_MEM_ALLOC(3),
    /** {@link FbMemory#mapBar1}. */
    FB_MEM_BAR1_MAP(4),
    /** {@link CeChannel#map}. */
    CHAN_MEM_MAP(5),
    /** {@link Attachment#allocCeChannel}. */
    CE_CHAN_ALLOC(6),
    /** {@link CeChannel#begin}, {@link CeChannel#emit} and {@link CeChannel#submit}. */
    PUSHBUF_SUBMIT(7),
    /** {@link CoreEvent}s of the GPU: virtual functions, channels, unbinding, sleep. */
    PF_EVENT_DELIVERY(8),
    /** {@link Attachment#gspLogs}. */
    GSP_LOGS(16),
    /** {@link Attachment#createAddressSpace}. */
    ADDRESS_SPACES(17),
    /** {@link Attachment#createMemory}. */
    MEMORY_OBJECTS(18),
    /** {@link Attachment#createChannelGroup}. */
    CHANNELS(19),
    /** {@link Attachment#createTimeline}. */
    TIMELINES(20),
    /** {@link CoreEvent.Fault}. */
    FAULT_REPORTS(21),
    /** {@link Core#suspend} and {@link Core#resume}. */
    SUSPEND(22),
    /** {@link Attachment#defineVgpuTypes} and {@link Attachment#startVgpu}. */
    VGPU_PLUGINS(23),
    /** {@link Attachment#openDisplay}. */
    DISPLAY(24);

    private final int bit;

    Capability(int bit) {
        this.bit = bit;
    }

    /** Its bit in {@code nacre_core.h}, from 0 to 63. */
    public int bit() {
        return bit;
    }

    /** What a DRM driver needs. */
    public static java.util.Set<Capability> drm() {
        return java.util.Set.of(ADDRESS_SPACES, MEMORY_OBJECTS, CHANNELS, TIMELINES, FAULT_REPORTS);
    }
}
