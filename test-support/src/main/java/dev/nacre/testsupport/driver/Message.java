package dev.nacre.testsupport.driver;

/**
 * A message of the GSP firmware.
 *
 * @param function RPC function or event
 * @param result rpc_result
 * @param sequence the RPC header's sequence number
 * @param payload what follows the RPC header, of all its records
 */
record Message(int function, int result, int sequence, Words payload) {}
