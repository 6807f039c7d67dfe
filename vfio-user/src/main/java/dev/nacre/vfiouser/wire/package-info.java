/**
 * The messages as bytes. Offsets count from the end of the header; a message that is met on every register access has
 * static accessors, the others are records. Everything is little-endian and unaligned. Nothing here judges a value.
 */
package dev.nacre.vfiouser.wire;
