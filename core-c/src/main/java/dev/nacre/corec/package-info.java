/**
 * The bridge between the interface of the core in Java and its form for C, {@code nacre_core.h}: a core written in C for
 * drivers in Java, and a core written in Java for programs in C.
 */
package dev.nacre.corec;
