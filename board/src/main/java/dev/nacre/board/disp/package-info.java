/**
 * The display engine: core, window and cursor channels that follow their push buffers, heads that keep time, and what
 * they show. Registers and RM only note; the engine's thread works.
 */
@org.jspecify.annotations.NullMarked
package dev.nacre.board.disp;
