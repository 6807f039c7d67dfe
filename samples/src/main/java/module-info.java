/** Nacre samples: two small PCI devices, served over vfio-user, to learn from, to test guests with and to measure. */
@org.jspecify.annotations.NullMarked
module dev.nacre.samples {
    requires static org.jspecify;
    requires transitive dev.nacre.pci;
    requires dev.nacre.linux;
    requires dev.nacre.vfiouser;
    requires info.picocli;

    exports dev.nacre.samples;

    opens dev.nacre.samples to
            info.picocli;
}
