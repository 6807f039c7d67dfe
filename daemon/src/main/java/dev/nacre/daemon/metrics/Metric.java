package dev.nacre.daemon.metrics;

import java.util.List;

/** The metrics of the daemon, but for those of the JVM. Names and units follow Prometheus' conventions. */
public enum Metric {
    /** Which release runs. */
    BUILD_INFO(Kind.GAUGE, "nacre_build_info", "Which release runs; always 1", "version"),
    /** How many events there were. */
    EVENTS(Kind.COUNTER, "nacre_events_total", "Events since the daemon started"),
    /** How many events were forgotten before somebody read them. */
    EVENTS_DROPPED(
            Kind.COUNTER, "nacre_events_dropped_total", "Events that were forgotten before a reader came to read them"),
    /** How long requests to the API took. */
    API_REQUEST_DURATION(
            Kind.HISTOGRAM,
            "nacre_api_request_duration_seconds",
            "How long requests to the API took",
            "operation",
            "status"),
    /** How long changes of virtual GPUs took. */
    VGPU_OPERATION_DURATION(
            Kind.HISTOGRAM,
            "nacre_vgpu_operation_duration_seconds",
            "How long it took to create, delete or reset a virtual GPU",
            "operation",
            "result"),

    /** Who looks at consoles. */
    RFB_CLIENTS(Kind.GAUGE, "nacre_rfb_clients", "Viewers that look at a head", "board", "vgpu", "head"),
    /** How often somebody did. */
    RFB_SESSIONS(Kind.COUNTER, "nacre_rfb_sessions_total", "Viewers that were let in", "board", "vgpu", "head"),
    /** What they were sent. */
    RFB_FRAMES(Kind.COUNTER, "nacre_rfb_frames_total", "Updates that viewers were sent", "board", "vgpu", "head"),
    /** How much that was. */
    RFB_BYTES(
            Kind.COUNTER,
            "nacre_rfb_bytes_total",
            "Bytes of the updates that viewers were sent",
            "board",
            "vgpu",
            "head"),

    /** What a board is. */
    BOARD_INFO(
            Kind.GAUGE,
            "nacre_board_info",
            "What a board is; always 1",
            "board",
            "chip",
            "product",
            "core",
            "scheduling"),
    /** Whether it runs. */
    BOARD_UP(Kind.GAUGE, "nacre_board_up", "Whether a board runs: 0 once it is lost", "board"),
    /** How busy its engines are. */
    BOARD_ENGINE_UTILIZATION(
            Kind.GAUGE,
            "nacre_board_engine_utilization_ratio",
            "Part of the last second that engines were busy, with everybody's work",
            "board",
            "engine"),
    /** How long its engines were busy. */
    BOARD_ENGINE_BUSY(
            Kind.COUNTER,
            "nacre_board_engine_busy_seconds_total",
            "Time that engines were busy, with everybody's work; copy engines together",
            "board",
            "engine"),
    /** Its memory. */
    BOARD_FB(Kind.GAUGE, "nacre_board_fb_bytes", "Memory of a board", "board"),
    /** Its memory that virtual GPUs have. */
    BOARD_FB_GIVEN(
            Kind.GAUGE,
            "nacre_board_fb_given_bytes",
            "Memory that virtual GPUs have, with their plugins' part",
            "board"),
    /** Its memory that nobody gets. */
    BOARD_FB_KEPT(
            Kind.GAUGE, "nacre_board_fb_kept_bytes", "Memory that could not be cleared and that nobody gets", "board"),
    /** Its virtual functions. */
    BOARD_FUNCTIONS(Kind.GAUGE, "nacre_board_virtual_functions", "Virtual functions of a board", "board"),
    /** Its virtual GPUs. */
    BOARD_VGPUS(Kind.GAUGE, "nacre_board_vgpus", "Virtual GPUs of a board", "board"),
    /** How warm it is. */
    BOARD_TEMPERATURE(
            Kind.GAUGE, "nacre_board_temperature_celsius", "Temperature of a board, by a model of its load", "board"),
    /** Its power. */
    BOARD_POWER(Kind.GAUGE, "nacre_board_power_watts", "Power of a board, by a model of its load", "board"),
    /** The most power it takes. */
    BOARD_POWER_LIMIT(Kind.GAUGE, "nacre_board_power_limit_watts", "What a board's power cannot exceed", "board"),
    /** Its clocks. */
    BOARD_CLOCK(Kind.GAUGE, "nacre_board_clock_hertz", "Clocks of a board, by a model of its load", "board", "clock"),
    /** What went wrong on it. */
    BOARD_FAULTS(
            Kind.COUNTER, "nacre_board_faults_total", "How often something went wrong on a board", "board", "kind"),
    /** Registers that nobody models. */
    BOARD_UNKNOWN_REGISTERS(
            Kind.GAUGE, "nacre_board_unknown_registers", "Registers that were used and that nobody models", "board"),
    /** Accesses to them. */
    BOARD_UNKNOWN_ACCESSES(
            Kind.COUNTER,
            "nacre_board_unknown_register_accesses_total",
            "Accesses to registers that nobody models",
            "board",
            "access"),
    /** Calls that the firmware does not know. */
    BOARD_UNKNOWN_CALLS(
            Kind.COUNTER,
            "nacre_board_unknown_calls_total",
            "Calls of the driver's that the firmware does not know",
            "board"),
    /** Messages of its driver's. */
    BOARD_GSP_MESSAGES(
            Kind.COUNTER,
            "nacre_board_gsp_messages_total",
            "Messages of the driver's that the board's firmware took",
            "board",
            "function"),

    /** What a virtual GPU is. */
    VGPU_INFO(Kind.GAUGE, "nacre_vgpu_info", "What a virtual GPU is; always 1", "board", "vgpu", "uuid", "type"),
    /** Its state. */
    VGPU_STATE(Kind.GAUGE, "nacre_vgpu_state", "1 for the state that a virtual GPU has", "board", "vgpu", "state"),
    /** Whether somebody uses it. */
    VGPU_CLIENT(
            Kind.GAUGE, "nacre_vgpu_client_connected", "Whether a VMM is connected to a virtual GPU", "board", "vgpu"),
    /** How busy it keeps engines. */
    VGPU_ENGINE_UTILIZATION(
            Kind.GAUGE,
            "nacre_vgpu_engine_utilization_ratio",
            "Part of the last second of the board's engines that a virtual GPU's work ran",
            "board",
            "vgpu",
            "engine"),
    /** How long it kept engines busy. */
    VGPU_ENGINE_BUSY(
            Kind.COUNTER,
            "nacre_vgpu_engine_busy_seconds_total",
            "Time that a virtual GPU's work ran on the board's engines; copy engines together",
            "board",
            "vgpu",
            "engine"),
    /** To what it is entitled. */
    VGPU_ENGINE_ENTITLED(
            Kind.GAUGE,
            "nacre_vgpu_engine_entitled_ratio",
            "Part of each engine's time to which a virtual GPU is entitled; 1 if nothing limits it",
            "board",
            "vgpu"),
    /** Its memory. */
    VGPU_FB(Kind.GAUGE, "nacre_vgpu_fb_bytes", "Memory of a virtual GPU", "board", "vgpu"),
    /** Its memory in use. */
    VGPU_FB_USED(
            Kind.GAUGE, "nacre_vgpu_fb_used_bytes", "Memory of a virtual GPU that holds something", "board", "vgpu"),
    /** Its power. */
    VGPU_POWER(Kind.GAUGE, "nacre_vgpu_power_watts", "A virtual GPU's part of the power of its board", "board", "vgpu"),
    /** Messages of its guest's driver's. */
    VGPU_GSP_MESSAGES(
            Kind.COUNTER,
            "nacre_vgpu_gsp_messages_total",
            "Messages of the guest's driver's that a virtual GPU's firmware took",
            "board",
            "vgpu",
            "function"),
    /** What went wrong with it. */
    VGPU_FAULTS(
            Kind.COUNTER,
            "nacre_vgpu_faults_total",
            "How often something went wrong with a virtual GPU",
            "board",
            "vgpu",
            "kind"),
    /** Messages to its plugin. */
    VGPU_PLUGIN_MESSAGES(
            Kind.COUNTER,
            "nacre_vgpu_plugin_messages_total",
            "Messages of the manager's that a virtual GPU's plugin answered",
            "board",
            "vgpu"),

    /** Messages of VMMs. */
    VFIO_USER_MESSAGES(
            Kind.COUNTER,
            "nacre_vfio_user_messages_total",
            "Messages of a VMM that were served",
            "board",
            "vgpu",
            "command"),
    /** Messages of VMMs that were wrong. */
    VFIO_USER_REJECTED(
            Kind.COUNTER, "nacre_vfio_user_rejected_total", "Messages of a VMM that were wrong", "board", "vgpu"),
    /** VMMs that came. */
    VFIO_USER_CONNECTIONS(
            Kind.COUNTER,
            "nacre_vfio_user_connections_total",
            "Connections of VMMs that were accepted",
            "board",
            "vgpu"),
    /** How long messages took. */
    VFIO_USER_DURATION(
            Kind.HISTOGRAM,
            "nacre_vfio_user_request_duration_seconds",
            "How long it took to serve a message of a VMM, its answer included",
            "board",
            "vgpu");

    /** What a metric's values are. */
    public enum Kind {
        /** It goes up and down. */
        GAUGE,
        /** It only grows, until what it belongs to is gone. */
        COUNTER,
        /** How often values lay in which range. */
        HISTOGRAM
    }

    private final Kind kind;
    private final String exposedName;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of strings
    private final List<String> labels;

    Metric(Kind kind, String exposedName, String help, String... labels) {
        this.kind = kind;
        this.exposedName = exposedName;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** What its values are. */
    public Kind kind() {
        return kind;
    }

    /** Its name as Prometheus reads it, with its unit. */
    public String exposedName() {
        return exposedName;
    }

    /** What it means, in a line. */
    public String help() {
        return help;
    }

    /** Names of its labels. */
    public List<String> labels() {
        return labels;
    }
}
