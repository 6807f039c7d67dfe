/** The kit: {@link dev.nacre.coretck.CoreTck} is extended for each implementation and each way to a board. */
package dev.nacre.coretck;
