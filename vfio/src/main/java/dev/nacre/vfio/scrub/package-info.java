/** Memory of a GPU becomes zero by its copy engine, so that nobody reads what another has left. */
package dev.nacre.vfio.scrub;
