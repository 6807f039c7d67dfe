package dev.nacre.vfio.manager;

/** Something that happened to a virtual GPU. */
public sealed interface VgpuEvent {
    /** Which one. */
    Vgpu vgpu();

    /** It has been created. */
    record Created(Vgpu vgpu) implements VgpuEvent {}

    /**
     * It has another state. On the way to {@link VgpuState.Stopping} and {@link VgpuState.Failed}, nothing has been taken
     * down yet.
     */
    record StateChanged(Vgpu vgpu, VgpuState from, VgpuState to) implements VgpuEvent {}

    /**
     * Its plugin has something to say.
     *
     * @param index what, by the firmware's numbers
     */
    record Notice(Vgpu vgpu, int index) implements VgpuEvent {}

    /** It exists no more. */
    record Removed(Vgpu vgpu) implements VgpuEvent {}
}
