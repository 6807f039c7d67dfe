/** The copy engines: what LAUNCH_DMA does. */
package dev.nacre.board.ce;
