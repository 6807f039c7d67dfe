/** Objects of graphics memory, their handles in files, and how they are mapped and shared. */
package dev.nacre.drm.gem;
