/** Placeholder of the skeleton. */
package dev.nacre.display;
