/** Starts QEMU with vfio-user devices, and talks to the guest's serial line and to QEMU's monitor. */
package dev.nacre.testsupport.guest.qemu;
