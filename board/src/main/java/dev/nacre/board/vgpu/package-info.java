/** What the GSP of a board with virtual functions does for them: the guests' GPUs, and who asks for them. */
package dev.nacre.board.vgpu;
