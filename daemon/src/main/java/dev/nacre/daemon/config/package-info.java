/** The configuration file: what it can say, and how it is read. docs/daemon.md is its reference. */
package dev.nacre.daemon.config;
