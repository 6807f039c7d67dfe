/** The copy engines' class. */
package dev.nacre.hw.copy;
