/** What an implementation of the core provides, and what it is given. */
package dev.nacre.core.spi;
