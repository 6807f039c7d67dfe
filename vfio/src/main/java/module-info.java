/** Virtual GPUs: their types, the manager that makes them of a GPU, and the driver that serves them to virtual machines. */
@org.jspecify.annotations.NullMarked
module dev.nacre.vfio {
    requires static org.jspecify;
    requires transitive dev.nacre.core;
    requires transitive dev.nacre.pci;
    requires transitive dev.nacre.vfiouser;
    requires org.tomlj;

    exports dev.nacre.vfio.driver;
    exports dev.nacre.vfio.manager;
    exports dev.nacre.vfio.placement;
    exports dev.nacre.vfio.scrub;
    exports dev.nacre.vfio.type;
}
