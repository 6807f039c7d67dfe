/** Virtual GPUs: what the firmware is told of them, and how the host speaks with their plugins. */
package dev.nacre.corejava.vgpu;
