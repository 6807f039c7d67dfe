/** The variant driver: binds virtual functions, and shows each as a GPU behind a socket of its own. */
package dev.nacre.vfio.driver;
