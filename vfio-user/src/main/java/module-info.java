/** Nacre vfio-user. */
@org.jspecify.annotations.NullMarked
module dev.nacre.vfiouser {
    requires static org.jspecify;
    requires transitive dev.nacre.linux;
    requires transitive dev.nacre.pci;

    exports dev.nacre.vfiouser;
}
