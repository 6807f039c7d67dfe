/** How the core reaches a function and its memory: registers, waits, and bytes that nobody vouches for. */
package dev.nacre.corejava.io;
