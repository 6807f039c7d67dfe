/** The server by which programs of this host, under the preload shim, use DRM devices. */
package dev.nacre.drm.server;
