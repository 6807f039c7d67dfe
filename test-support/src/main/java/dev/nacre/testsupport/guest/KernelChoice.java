package dev.nacre.testsupport.guest;

/** Which of a kit's kernels a guest boots. */
public enum KernelChoice {
    /** The newest one built for the stable release; its nouveau asks for firmware 570.144 first. */
    BACKPORTS(KitPart.KERNEL_BACKPORTS),
    /** The stable release's own; its nouveau knows firmware 535.113.01. */
    STABLE(KitPart.KERNEL_STABLE);

    private final KitPart part;

    KernelChoice(KitPart part) {
        this.part = part;
    }

    /** The part that holds it. */
    KitPart part() {
        return part;
    }
}
