package dev.nacre.drm;

/**
 * Who a driver is, as DRM_IOCTL_VERSION tells.
 *
 * @param name such as {@code nouveau}
 * @param date of the driver; kernels from 6.14 say 0
 * @param description for people
 * @param major of its version
 * @param minor of its version
 * @param patch of its version
 */
public record DriverInfo(String name, String date, String description, int major, int minor, int patch) {}
