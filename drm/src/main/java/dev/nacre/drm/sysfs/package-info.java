/** The files of a device that programs find in {@code /dev} and {@code /sys}. */
package dev.nacre.drm.sysfs;
