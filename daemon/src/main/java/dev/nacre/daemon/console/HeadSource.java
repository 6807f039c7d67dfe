package dev.nacre.daemon.console;

import dev.nacre.daemon.host.ServiceError;
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
 * @param vgpu its virtual GPU, by its id, so that a later one of the same name is another
 * @param head from 0
 * @param gone is told when the virtual GPU is found to be no more; by the thread that looks, which holds the screen
 */
record HeadSource(VgpuOperations service, UUID vgpu, int head, Runnable gone) implements RfbSource {
    @Override
    public String name() {
        return service.vgpu(vgpu.toString()).name() + ", head " + head;
    }

    @Override
    public Optional<Frame> frame() {
        try {
            return service.screenshot(vgpu.toString(), head);
        } catch (ServiceException e) {
            if (e.error() == ServiceError.NOT_FOUND) {
                gone.run();
            }
            return Optional.empty();
        }
    }
}
