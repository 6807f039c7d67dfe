/** Who has which part of a GPU's memory, of its channel ids, of addresses. */
package dev.nacre.corejava.memory;
