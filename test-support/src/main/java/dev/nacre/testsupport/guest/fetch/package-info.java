/** Fetches Debian packages into a folder of our own: private apt state, verified downloads, atomic unpacking. */
package dev.nacre.testsupport.guest.fetch;
