/** Modes, connectors, planes, frame buffers and their events, on a core's display. */
package dev.nacre.drm.kms;
