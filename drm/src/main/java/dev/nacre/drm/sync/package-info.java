/** Fences, and the syncobjs that hold them. */
package dev.nacre.drm.sync;
