/** A viewer of RFB screens for tests, written from the protocol's description and not from the server here. */
package dev.nacre.testsupport.rfb;
