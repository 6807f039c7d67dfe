/**
 * PTIMER and the page of a function that user programs map: time and doorbell.
 */
package dev.nacre.board.timer;
