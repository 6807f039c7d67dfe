/** Nacre vfio-user: serves a PCI function over a UNIX socket to a VMM, and a small client of such a server. */
@org.jspecify.annotations.NullMarked
module dev.nacre.vfiouser {
    requires static org.jspecify;
    requires io.avaje.json;
    requires transitive dev.nacre.linux;
    requires transitive dev.nacre.pci;

    exports dev.nacre.vfiouser;
}
