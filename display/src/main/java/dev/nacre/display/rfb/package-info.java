/**
 * Screens for viewers: an RFB server (RFC 6143) over any pair of byte streams, so that TCP, UNIX sockets and WebSocket
 * frames all carry it.
 *
 * <p>{@link dev.nacre.display.rfb.RfbSource} is what is looked at, {@link dev.nacre.display.rfb.RfbScreen} is what all
 * its viewers share, {@link dev.nacre.display.rfb.RfbSession} serves one viewer, and
 * {@link dev.nacre.display.rfb.RfbServer} listens for viewers at an address.
 *
 * <p>Nothing here takes input: keys, pointers and clipboards of viewers are read, counted and dropped, because the
 * keyboard and the mouse of a virtual machine are its hypervisor's.
 */
package dev.nacre.display.rfb;
