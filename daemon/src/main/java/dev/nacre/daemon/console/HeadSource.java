package dev.nacre.daemon.console;

import dev.nacre.daemon.host.ServiceException;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.display.Frame;
import dev.nacre.display.rfb.RfbSource;
import java.util.Optional;
import java.util.UUID;

/**
 * What a head shows. One that is no more is off.
 *
 * @param service knows the head
 * @param label what viewers call it
 * @param vgpu its virtual GPU, by its id, so that a later one of the same name is another
 * @param head from 0
 */
record HeadSource(VgpuOperations service, String label, UUID vgpu, int head) implements RfbSource {
    @Override
    public String name() {
        return label + ", head " + head;
    }

    @Override
    public Optional<Frame> frame() {
        try {
            return service.screenshot(vgpu.toString(), head);
        } catch (ServiceException gone) {
            return Optional.empty();
        }
    }
}
