/** Virtual GPUs as the firmware knows them: their types, how their plugins are started, and how host and plugin speak. */
package dev.nacre.hw.vgpu;
