/** The guest kit: everything needed to boot an unmodified Linux guest against a vfio-user socket. */
package dev.nacre.testsupport.guest;
