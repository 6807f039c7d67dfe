/** One GPU, put together from its units: a whole board's, or a guest's. */
package dev.nacre.board.gpu;
