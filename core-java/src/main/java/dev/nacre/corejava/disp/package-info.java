/** The display engine: RM's objects, display channels, and what heads are told by them. */
package dev.nacre.corejava.disp;
