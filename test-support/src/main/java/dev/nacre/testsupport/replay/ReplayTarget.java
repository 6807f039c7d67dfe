package dev.nacre.testsupport.replay;

import dev.nacre.pci.PciFunction;

/**
 * A fresh function to play to.
 *
 * @param function the function
 * @param drain returns when it has nothing left to do but wait
 */
public record ReplayTarget(PciFunction function, Runnable drain) {}
