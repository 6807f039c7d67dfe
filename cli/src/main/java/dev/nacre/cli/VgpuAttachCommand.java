package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.AttachmentJson;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu attach}. */
@Command(
        name = "attach",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Print what to give a VMM so that its virtual machine has a virtual GPU.")
final class VgpuAttachCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "its name or its UUID")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
            names = "--vmm",
            paramLabel = "VMM",
            defaultValue = "qemu",
            description = "qemu, libvirt (XML) or cloud-hypervisor (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String vmm;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String path = vgpu(name) + "/attach?vmm=" + segment(vmm);
        json.print(
                out(),
                client,
                toVgpu(client, name, () -> client.get(path)),
                AttachmentJson.class,
                AttachmentJson::text);
        return ExitCode.OK;
    }
}
