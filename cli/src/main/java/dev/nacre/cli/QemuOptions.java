package dev.nacre.cli;

import java.nio.file.Path;

/** The QEMU options that attach a GPU. */
final class QemuOptions {
    private QemuOptions() {}

    /**
     * Text to paste; docs/qemu.md explains each option.
     *
     * @param heads display heads of the GPU
     * @param socket where it is served
     */
    static String text(int heads, Path socket) {
        return """
                To attach it, start QEMU 10.1 or newer with (docs/qemu.md explains them; any memory size from 1G on):
                  -M q35 -m 2G -object memory-backend-memfd,id=mem,size=2G,share=on -machine memory-backend=mem \\
                  -device '{"driver":"vfio-user-pci","socket":{"type":"unix","path":"%s"},"rombar":0,\
                "x-msg-timeout":60000}'%s""".formatted(
                        socket.toAbsolutePath().normalize(),
                        heads > 0 ? "\nThe guest's screen is the GPU's; add -vga none." : "");
    }
}
