package dev.nacre.daemon.host;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A program that runs virtual machines, and to which a virtual GPU can be attached. */
public enum Vmm {
    /** QEMU by its command line. */
    QEMU,
    /** QEMU by libvirt. */
    LIBVIRT,
    /** cloud-hypervisor. */
    CLOUD_HYPERVISOR;

    /** As people write it: {@code cloud-hypervisor}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one that people write so. */
    public static Optional<Vmm> of(String label) {
        return Arrays.stream(values()).filter(vmm -> vmm.label().equals(label)).findFirst();
    }
}
