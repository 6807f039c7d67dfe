/** The driver whose user-space interface is that of Linux's nouveau, on the core's interface alone. */
package dev.nacre.drm.nouveau;
