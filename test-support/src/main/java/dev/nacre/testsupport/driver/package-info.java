/** A small, strict GPU driver that exercises a whole board without a guest. */
package dev.nacre.testsupport.driver;
