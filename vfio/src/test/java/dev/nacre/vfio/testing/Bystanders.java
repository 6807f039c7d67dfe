package dev.nacre.vfio.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.vfio.driver.ServedVgpu;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.manager.VgpuState;
import dev.nacre.vfio.scrub.GuestWork;
import dev.nacre.vfiouser.VfioUserFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who must not notice what a hostile guest does: another guest, whose copies run all the time, and the board's core. */
public final class Bystanders implements AutoCloseable {
    private static final int GUESTS = 11;
    private static final int BOARDS = 12;

    private final VgpuHost host;
    private final ServedVgpu served;
    private final VfioUserFunction function;
    private final Core guest;
    private final GuestWork kept;
    private final GuestWork busy;
    private final GuestWork physical;
    private final CompletableFuture<Integer> fills = new CompletableFuture<>();
    private final Thread copies;
    private volatile boolean going = true;

    /**
     * Makes a board, and has them begin.
     *
     * @param core the implementation's name
     * @param config the board
     * @param type of the guest's virtual GPU
     */
    public Bystanders(String core, BoardConfig config, String type) {
        // Before virtual GPUs take all that there is.
        List<GuestWork> first = new ArrayList<>();
        host = new VgpuHost(core, config, VgpuManagerOptions.DEFAULT, plain -> {
            first.add(new GuestWork(plain, ClientKind.VFIO));
            return plain;
        });
        physical = first.getFirst();
        physical.write(BOARDS);
        served = host.serve("good", type);
        function = host.connect("good");
        guest = host.boot(core, function);
        kept = new GuestWork(guest);
        kept.write(GUESTS);
        busy = new GuestWork(guest);
        copies = Thread.ofPlatform().name("bystander").start(this::copy);
    }

    private void copy() {
        int done = 0;
        while (going && busy.fills()) {
            done++;
        }
        fills.complete(going ? -1 : done);
    }

    /** The host of all. */
    public VgpuHost host() {
        return host;
    }

    /** Where what they keep lies in the board's memory. */
    public List<Long> places() {
        return List.of(served.vgpu().place().fbOffset() + kept.offset(), physical.offset());
    }

    /** Ends their copies and finds all as it was. */
    public void assertUnharmed() throws InterruptedException {
        going = false;
        copies.join();
        assertThat(fills).as("copies").isCompletedWithValueMatching(done -> done >= 0);
        assertThat(kept.holds(GUESTS)).as("the guest's memory").isTrue();
        assertThat(physical.holds(BOARDS)).as("the board's memory").isTrue();
        assertThat(kept.fills()).as("the guest's channel").isTrue();
        assertThat(physical.fills()).as("the board's channel").isTrue();
        assertThat(served.vgpu().state()).isInstanceOf(VgpuState.Running.class);
        assertThat(host.board.faults()).containsEntry("defects", 0L);
    }

    @Override
    public void close() {
        going = false;
        try {
            copies.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        guest.close();
        function.close();
        physical.close();
        host.close();
    }
}
