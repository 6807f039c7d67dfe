/** Virtual GPUs of one board: their resources, their order of creation and destruction, and their states. */
package dev.nacre.vfio.manager;
