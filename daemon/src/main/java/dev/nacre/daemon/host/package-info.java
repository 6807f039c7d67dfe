/** Boards, the virtual GPUs that share them, and everything that can be asked of them or done to them. */
package dev.nacre.daemon.host;
