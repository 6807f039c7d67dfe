package dev.nacre.testsupport.guest;

import dev.nacre.testsupport.guest.fetch.PackageSet;
import dev.nacre.testsupport.guest.fetch.PackageSet.Closure;
import dev.nacre.testsupport.guest.fetch.PackageSet.Component;
import dev.nacre.testsupport.guest.fetch.PackageSet.Suite;
import java.util.List;
import java.util.regex.Pattern;

/** The parts of a guest kit, each fetched and kept on its own. */
public enum KitPart {
    /** QEMU with every library it needs. Not fetched where the host's own QEMU is new enough. */
    QEMU,
    /** The newest kernel that is built for the stable release. */
    KERNEL_BACKPORTS,
    /** The stable release's own kernel. */
    KERNEL_STABLE,
    /** The guest's shell, and a C compiler with the headers and library for the guest's programs. */
    TOOLS,
    /** Mesa's Vulkan driver for nouveau, and {@code vulkaninfo}, with their libraries. */
    VULKAN,
    /** libdrm's own programs, {@code drmdevice} and {@code modetest} among them, with their libraries. */
    DRM_TOOLS,
    /** {@code gvnccapture}, which takes a picture of what a VNC server shows, with its libraries. */
    VIEWER,
    /** Chromium without windows, which opens pages for tests, with its libraries and a font. */
    BROWSER,
    /** NVIDIA's own GSP firmware as distributions ship it; only for those who ask. */
    FIRMWARE;

    /** The packages this part is made of. */
    PackageSet packages() {
        return switch (this) {
            case QEMU ->
                new PackageSet(
                        "qemu",
                        Suite.BACKPORTS,
                        List.of("qemu-system-x86", "qemu-system-data", "seabios"),
                        // Without what the packages' installation scripts need: accounts, PAM, debconf.
                        matching("(?!libpam|libsemanage|libaudit)(lib|qemu-system-|seabios|zlib1g).*"),
                        Component.MAIN);
            case KERNEL_BACKPORTS -> kernel("kernel-backports", Suite.BACKPORTS);
            case KERNEL_STABLE -> kernel("kernel-stable", Suite.STABLE);
            case TOOLS ->
                new PackageSet(
                        "tools",
                        Suite.STABLE,
                        List.of("busybox-static", "tcc", "libc6", "musl-dev", "linux-libc-dev"),
                        new Closure.None(),
                        Component.MAIN);
            case VULKAN ->
                new PackageSet(
                        "vulkan",
                        Suite.BACKPORTS,
                        List.of("mesa-vulkan-drivers", "vulkan-tools"),
                        // LLVM serves Mesa's drivers for other vendors and is larger than all the rest.
                        matching("(?!libllvm)(lib|mesa-|vulkan-|zlib1g).*"),
                        Component.MAIN);
            case DRM_TOOLS ->
                new PackageSet(
                        "drm-tools", Suite.STABLE, List.of("libdrm-tests"), matching("(lib|zlib1g).*"), Component.MAIN);
            case VIEWER ->
                new PackageSet(
                        "viewer",
                        Suite.STABLE,
                        List.of("gvncviewer"),
                        // Its package also holds a viewer with windows, whose libraries are left out.
                        matching(
                                "(gvncviewer|zlib1g|lib(c6|gcc|stdc|atomic|gvnc|glib2|gdk-pixbuf-|gmp|gnutls|sasl2-2|ssl3"
                                        + "|pcre2|ffi|mount|selinux|blkid|png|jpeg|tiff|deflate|jbig|lerc|sharpyuv|webp|zstd|lzma"
                                        + "|p11|idn2|unistring|tasn1|nettle|hogweed|brotli)).*"),
                        Component.MAIN);
            case BROWSER ->
                new PackageSet(
                        "browser",
                        Suite.STABLE,
                        List.of("chromium-headless-shell", "fonts-dejavu-core"),
                        // LLVM is for drivers of GPUs, of which the pages here need none.
                        matching("(?!libllvm|libz3|libpam|libsemanage|libaudit)(lib|chromium|font|zlib1g).*"),
                        Component.MAIN);
            case FIRMWARE ->
                new PackageSet(
                        "firmware",
                        Suite.BACKPORTS,
                        List.of("firmware-nvidia-graphics"),
                        new Closure.None(),
                        Component.NON_FREE_FIRMWARE);
        };
    }

    private static PackageSet kernel(String name, Suite suite) {
        // The image is in linux-image-* (6.12) or linux-binary-* (7.x), the modules in linux-image-* or
        // linux-modules-*; linux-base-* lists what is built in. The rest of the closure makes an initramfs on a
        // real machine.
        Closure closure = matching("linux-(image|binary|modules|base)-\\d.*");
        return new PackageSet(name, suite, List.of("linux-image-amd64"), closure, Component.MAIN);
    }

    private static Closure matching(String names) {
        return new Closure.Matching(Pattern.compile(names));
    }
}
