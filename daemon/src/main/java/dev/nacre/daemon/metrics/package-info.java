/** What is measured, for Prometheus: asked of boards and servers when somebody scrapes, and not before. */
package dev.nacre.daemon.metrics;
