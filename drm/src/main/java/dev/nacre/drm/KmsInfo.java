package dev.nacre.drm;

/**
 * What DRM_IOCTL_GET_CAP tells of a display.
 *
 * @param preferredDepth bits of colour that a dumb buffer best has; 0 for no preference
 * @param preferShadow whether clients should draw elsewhere and copy into dumb buffers
 * @param asyncPageFlip whether a flip need not wait for vblank
 * @param atomicAsyncPageFlip whether that can be an atomic commit
 * @param cursorWidth pixels of the largest cursor
 * @param cursorHeight lines of it
 * @param modifiers whether DRM_IOCTL_MODE_ADDFB2 takes modifiers
 */
public record KmsInfo(
        int preferredDepth,
        boolean preferShadow,
        boolean asyncPageFlip,
        boolean atomicAsyncPageFlip,
        int cursorWidth,
        int cursorHeight,
        boolean modifiers) {}
