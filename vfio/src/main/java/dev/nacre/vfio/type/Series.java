package dev.nacre.vfio.type;

/** What a virtual GPU is for: the last letter of its type's name. */
// HW: NVIDIA vGPU user guide, "Virtual GPU types": series and their optimal workloads; kind as in NVA081_CTRL_VGPU_INFO
public enum Series {
    /** Workstations: heads, everything that graphics and compute can do. */
    Q("Quadro"),
    /** Compute: no picture worth the name. */
    C("Compute"),
    /** Desktops: pictures, with a limited frame rate. */
    B("NVS"),
    /** Applications that are shown by a session of a server: one small head. */
    A("NVS");

    private final String kind;

    Series(String kind) {
        this.kind = kind;
    }

    /** The firmware's name of it. */
    public String kind() {
        return kind;
    }
}
