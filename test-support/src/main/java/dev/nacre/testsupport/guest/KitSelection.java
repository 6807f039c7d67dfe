package dev.nacre.testsupport.guest;

import java.util.EnumSet;
import java.util.Set;

/** What a kit is wanted for. */
public enum KitSelection {
    /** One kernel, QEMU, and the tools for the guest's programs. */
    DEMO,
    /** Also the stable release's kernel, the Vulkan driver, libdrm's programs, a VNC viewer and a browser. */
    TESTS;

    /** The parts that belong to it. */
    public Set<KitPart> parts() {
        Set<KitPart> demo = EnumSet.of(KitPart.QEMU, KitPart.TOOLS, KitPart.KERNEL_BACKPORTS);
        return switch (this) {
            case DEMO -> demo;
            case TESTS -> {
                demo.addAll(Set.of(
                        KitPart.KERNEL_STABLE, KitPart.VULKAN, KitPart.DRM_TOOLS, KitPart.VIEWER, KitPart.BROWSER));
                yield demo;
            }
        };
    }
}
