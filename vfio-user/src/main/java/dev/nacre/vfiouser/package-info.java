/** Placeholder of the skeleton. */
package dev.nacre.vfiouser;
