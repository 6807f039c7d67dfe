/** The core's interface: what owns a GPU offers to the drivers that are stacked on it. */
package dev.nacre.core;
