/** What the daemon keeps: its runtime folder while it runs, and the virtual GPUs that are to come back after a restart. */
package dev.nacre.daemon.state;
