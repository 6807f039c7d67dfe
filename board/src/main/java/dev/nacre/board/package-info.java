/** Placeholder of the skeleton. */
package dev.nacre.board;
