package dev.nacre.testsupport.driver;

/**
 * What the direct driver does, in order. Each step needs those before it; a run may end after any of them. The order is
 * that of drivers of real hardware.
 */
public enum Step {
    /** Identification, BAR sizing, capabilities; enables memory, bus mastering and MSI. */
    CONFIG_SPACE("PCI configuration"),
    /** Chip, straps, timers, the config mirror. */
    CHIP("chip identification"),
    /** The board's memory through the PRAMIN window and through BAR1 as long as that is physical. */
    MEMORY("framebuffer memory"),
    /** Interrupt tree and the self-test of the message interrupt. */
    INTERRUPTS("interrupt self-test"),
    /** VBIOS images, read as one slice and by words. */
    VBIOS("VBIOS"),
    /** The board's own firmware is up; size of the memory. */
    GFW_BOOT("board firmware"),
    /** FWSEC-FRTS on the GSP falcon. */
    FWSEC_FRTS("FWSEC-FRTS"),
    /** WPR metadata, firmware image, libos arguments and queues are laid out in system memory. */
    FIRMWARE_LAYOUT("firmware layout"),
    /** The GSP is reset into RISC-V mode. */
    GSP_RESET("GSP reset"),
    /** The booter on SEC2 releases the GSP. */
    BOOTER_LOAD("booter load"),
    /** The firmware's first messages. */
    INIT_DONE("GSP init done"),
    /** What the firmware tells of the board. */
    STATIC_INFO("static information"),
    /** Behaviour of controls: unknown ones, long ones, wrapping queues. */
    CONTROLS("RM controls"),
    /** BAR2 and BAR1 through page tables. */
    BAR_TABLES("BAR page tables"),
    /** Client, device, subdevice, address space. */
    RM_OBJECTS("RM objects"),
    /** A channel on the graphics engine's runlist. */
    GR_CHANNEL("graphics-runlist channel"),
    /** A channel on a copy engine's own runlist. */
    CE_CHANNEL("copy channel"),
    /** Copies between system memory and the board's, in all forms. */
    COPIES("copies"),
    /** A bad address kills one channel only. */
    PAGE_FAULT("page fault"),
    /** Channels and objects are freed. */
    FREE("objects freed"),
    /** The firmware is told to stop, and stops. */
    UNLOAD("unload");

    private final String title;

    Step(String title) {
        this.title = title;
    }

    /** A few words for a checklist. */
    public String title() {
        return title;
    }
}
