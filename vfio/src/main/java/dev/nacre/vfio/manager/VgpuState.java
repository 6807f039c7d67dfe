package dev.nacre.vfio.manager;

/** What a virtual GPU is doing. */
public sealed interface VgpuState {
    /** It has a virtual function and a place; nothing of it runs. */
    record Defined() implements VgpuState {}

    /** It is being given what it needs. */
    record Starting() implements VgpuState {}

    /**
     * Its virtual function shows a GPU.
     *
     * @param processId the process that its guest runs in
     */
    record Running(int processId) implements VgpuState {}

    /** What it has is being taken back. */
    record Stopping() implements VgpuState {}

    /**
     * It could not start, or broke; nothing of it runs. It can be started again.
     *
     * @param reason why, for people
     */
    record Failed(String reason) implements VgpuState {}

    /** In one word, as people and programs read it: {@code defined}, {@code running}. */
    default String label() {
        return switch (this) {
            case Defined it -> "defined";
            case Starting it -> "starting";
            case Running it -> "running";
            case Stopping it -> "stopping";
            case Failed it -> "failed";
        };
    }
}
