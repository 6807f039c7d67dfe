/** Pictures of what a board shows. */
package dev.nacre.display;
