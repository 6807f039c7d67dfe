/** The ioctls that all drivers have in common. */
package dev.nacre.drm.ioctl;
