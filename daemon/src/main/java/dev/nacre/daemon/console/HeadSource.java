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
 * @param head what is looked at
 * @param gone is told when whose head it is is found to be no more; by the thread that looks, which holds the screen
 */
record HeadSource(VgpuOperations service, Head head, Runnable gone) implements RfbSource {
    @Override
    public String name() {
        String whose = switch (head) {
            case Head.OfVgpu(UUID vgpu, int _) -> service.vgpu(vgpu.toString()).name();
            case Head.OfBoard(String board, int _) -> board;
        };
        return whose + ", head " + head.index();
    }

    @Override
    public Optional<Frame> frame() {
        try {
            return switch (head) {
                case Head.OfVgpu(UUID vgpu, int index) -> service.screenshot(vgpu.toString(), index);
                case Head.OfBoard(String board, int index) -> service.boardScreenshot(board, index);
            };
        } catch (ServiceException e) {
            if (e.error() == ServiceError.NOT_FOUND) {
                gone.run();
            }
            return Optional.empty();
        }
    }
}
