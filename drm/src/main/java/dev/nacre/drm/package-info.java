/** What a DRM device is: its files, ioctls and events, and what a driver of one has to do. */
package dev.nacre.drm;
