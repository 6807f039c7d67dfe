/** What the API's answers consist of, as {@code openapi.yaml} says it. */
package dev.nacre.daemon.api.json;
