package dev.nacre.daemon.host;

import java.util.Optional;

/**
 * A PCI function of a board.
 *
 * @param address where it is, such as {@code 0000:01:00.0}
 * @param vendor vendor id
 * @param device device id
 * @param subsystemVendor subsystem's vendor id
 * @param subsystemDevice subsystem's id
 * @param classCode class, subclass and programming interface in 8 bits each
 * @param revision revision
 * @param driver the driver that has it, or that failed; empty if none has
 * @param failure why the driver failed; empty if it did not
 * @param vgpu the virtual GPU that it shows; empty if none
 */
public record FunctionView(
        String address,
        int vendor,
        int device,
        int subsystemVendor,
        int subsystemDevice,
        int classCode,
        int revision,
        Optional<String> driver,
        Optional<String> failure,
        Optional<String> vgpu) {}
