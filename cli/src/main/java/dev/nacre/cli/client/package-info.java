/**
 * The way to a daemon: where it is ({@link dev.nacre.cli.client.ApiTarget}), requests over HTTP/1.1 on a UNIX socket or TLS
 * ({@link dev.nacre.cli.client.ApiClient}), its stream of events, and what goes wrong. HTTP itself is httpcore's.
 */
package dev.nacre.cli.client;
