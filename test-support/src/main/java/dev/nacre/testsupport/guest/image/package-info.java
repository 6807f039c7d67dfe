/** Makes what a guest boots from: an initramfs with kernel modules, firmware and programs. */
package dev.nacre.testsupport.guest.image;
