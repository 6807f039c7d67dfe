/** Virtual functions, and the guests' GPUs that they show. */
package dev.nacre.board.vf;
