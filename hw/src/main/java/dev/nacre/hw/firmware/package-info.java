/** The containers in which firmware files come. */
package dev.nacre.hw.firmware;
