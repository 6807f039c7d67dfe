/** The interface of Linux's nova driver, as it stands. */
package dev.nacre.drm.nova;
