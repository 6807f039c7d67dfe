/** The core in Java: what clients hold of it. */
package dev.nacre.corejava;
