/** The daemon as it is shipped, as a process. */
package dev.nacre.testsupport.daemon;
