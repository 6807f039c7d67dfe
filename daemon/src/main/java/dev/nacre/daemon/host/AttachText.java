package dev.nacre.daemon.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How a GPU is attached to virtual machines; docs/qemu.md and docs/cloud-hypervisor.md explain it. */
final class AttachText {
    private AttachText() {}

    /**
     * For a VMM.
     *
     * @param heads display heads of the GPU
     * @param socket where it is served
     */
    static AttachView of(Vmm vmm, int heads, Path socket) {
        String path = socket.toAbsolutePath().normalize().toString();
        return switch (vmm) {
            case QEMU -> qemu(heads, path);
            case LIBVIRT -> libvirt(heads, path);
            case CLOUD_HYPERVISOR -> cloudHypervisor(path);
        };
    }

    private static AttachView qemu(int heads, String path) {
        List<String> arguments = new ArrayList<>(List.of(
                "-M",
                "q35",
                "-m",
                "2G",
                "-object",
                "memory-backend-memfd,id=mem,size=2G,share=on",
                "-machine",
                "memory-backend=mem",
                "-device",
                device(path)));
        if (heads > 0) {
            arguments.addAll(List.of("-vga", "none"));
        }
        return new AttachView(
                arguments,
                "# QEMU 10.1 or newer; any memory size from 1G on, the same in both places\n" + shell(arguments));
    }

    private static AttachView libvirt(int heads, String path) {
        String video = heads > 0 ? """
                    <video>
                      <model type='none'/>
                    </video>
                """ : "";
        return new AttachView(List.of(), """
                <!-- Add to the domain; 'xmlns:qemu' has to be there for libvirt to keep <qemu:commandline>. -->
                <domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
                  <memoryBacking>
                    <source type='memfd'/>
                    <access mode='shared'/>
                  </memoryBacking>
                  <devices>
                %s  </devices>
                  <qemu:commandline>
                    <qemu:arg value='-device'/>
                    <qemu:arg value='%s'/>
                  </qemu:commandline>
                </domain>
                """.formatted(video, xml(device(path))));
    }

    private static AttachView cloudHypervisor(String path) {
        List<String> arguments = List.of("--memory", "size=2G,shared=on", "--user-device", "socket=" + path);
        return new AttachView(arguments, "# any memory size from 1G on\n" + shell(arguments));
    }

    private static String device(String path) {
        return "{\"driver\":\"vfio-user-pci\",\"socket\":{\"type\":\"unix\",\"path\":\"" + json(path)
                + "\"},\"rombar\":0,\"x-msg-timeout\":60000}";
    }

    private static String json(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static String xml(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
    }

    /** In a line of a shell. */
    private static String shell(List<String> words) {
        return words.stream().map(AttachText::quoted).collect(Collectors.joining(" ")) + "\n";
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_=.,:/-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
