/** The numbers and layouts of NVIDIA's resource manager: statuses, classes, controls, functions, parameters. */
package dev.nacre.hw.rm;
