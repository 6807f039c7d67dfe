/** How pictures lie in memory. */
package dev.nacre.hw.surface;
