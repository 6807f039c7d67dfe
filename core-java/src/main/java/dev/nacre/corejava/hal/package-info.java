/** What differs between chips, for the core. */
package dev.nacre.corejava.hal;
