/** DRM devices in user space: what graphics clients of this host know as /dev/dri, on the core's interface. */
@org.jspecify.annotations.NullMarked
module dev.nacre.drm {
    requires static org.jspecify;
    requires transitive dev.nacre.core;
    requires transitive dev.nacre.linux;

    exports dev.nacre.drm;
    exports dev.nacre.drm.gem;
    exports dev.nacre.drm.kms;
    exports dev.nacre.drm.nouveau;
    exports dev.nacre.drm.nova;
    exports dev.nacre.drm.server;
    exports dev.nacre.drm.sync;
    exports dev.nacre.drm.sysfs;
}
