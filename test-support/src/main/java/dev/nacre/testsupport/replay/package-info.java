/** Records what a host does to a function, and plays it back without the host. */
package dev.nacre.testsupport.replay;
