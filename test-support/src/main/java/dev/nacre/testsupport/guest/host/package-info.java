/** What the guest kit needs of the host it runs on: other programs, and one way to say that something is missing. */
package dev.nacre.testsupport.guest.host;
