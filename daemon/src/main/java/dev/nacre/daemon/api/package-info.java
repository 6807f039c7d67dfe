/** The HTTP API: {@code openapi.yaml} is its contract, and the tests hold it to that. */
package dev.nacre.daemon.api;
