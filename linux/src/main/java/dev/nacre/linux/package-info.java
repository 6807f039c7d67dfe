/**
 * Linux system calls for the rest of Nacre, typed: descriptors with one owner, UNIX sockets that carry descriptors,
 * sealed memory files, mappings with a checked lifetime, eventfds and poll. Every failure is a
 * {@link dev.nacre.linux.NativeException} with the call, the errno and the arguments.
 */
package dev.nacre.linux;
