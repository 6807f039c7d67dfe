/** Where a virtual GPU lies on its board: placement ids, memory and channels. Pure functions. */
package dev.nacre.vfio.placement;
