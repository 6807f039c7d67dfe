/** Placeholder of the skeleton. */
package dev.nacre.testsupport;
