/** How the CPU reaches the GPU's memory, and translations that the GPU keeps. */
package dev.nacre.corejava.mem;
