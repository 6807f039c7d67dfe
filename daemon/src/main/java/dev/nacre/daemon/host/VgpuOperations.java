package dev.nacre.daemon.host;

import dev.nacre.display.Frame;
import java.util.List;
import java.util.Optional;

/**
 * What operators do with boards and virtual GPUs, as the API sees it. Any number of threads may call, but platform threads
 * only: a core may wait in native code. What is refused is a {@link ServiceException}.
 */
public interface VgpuOperations {
    /** What happened. */
    EventLog events();

    /** All boards, in the configuration's order. */
    List<BoardView> boards();

    /** One board. */
    BoardView board(String name);

    /** What drivers asked of a board and nobody models. */
    UnknownView unknown(String board);

    /** The PCI functions of a board, the physical one first. */
    List<FunctionView> functions(String board);

    /** Boots a board again that nobody uses, or that is lost. Its virtual GPUs come back. */
    BoardView resetBoard(String board);

    /** All types that any board can have, by id. */
    List<TypeView> types();

    /** All virtual GPUs, by name. */
    List<VgpuView> vgpus();

    /** One by its name or its id. */
    VgpuView vgpu(String nameOrUuid);

    /** Creates one, starts it and serves it; it is kept when this returns. */
    VgpuView create(CreateVgpu wanted);

    /** Ends one for good; it is not kept when this returns. */
    void delete(String nameOrUuid);

    /** Makes one as it was when it was created. */
    VgpuView reset(String nameOrUuid);

    /** How one is attached to a virtual machine. */
    AttachView attach(String nameOrUuid, Vmm vmm);

    /** The logs of its firmware, as lines of text; empty if it does not run. */
    String gspLog(String nameOrUuid);

    /**
     * What a head of one shows now, its pointer apart; takes some milliseconds.
     *
     * @param head from 0
     * @return empty if the head is off
     */
    Optional<Frame> screenshot(String nameOrUuid, int head);

    /**
     * The same of a head of a board that programs of this host use.
     *
     * @param head from 0
     * @return empty if the head is off
     */
    Optional<Frame> boardScreenshot(String board, int head);

    /** Makes a fault happen to one. */
    void inject(String nameOrUuid, InjectedFault fault);

    /** Makes a fault happen to a board. */
    void injectBoard(String board, InjectedFault fault);
}
