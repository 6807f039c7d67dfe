package dev.nacre.core;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One GPU that has been booted, and everything that is shared of it. Drivers attach to it; only they get at its resources.
 *
 * <p>Any thread may call, and calls may wait for each other. Every method that reaches the GPU throws {@link CoreException}
 * with {@link CoreError#GONE} once the GPU has gone or the core was closed, and with {@link CoreError#SUSPENDED} between
 * {@link #suspend} and {@link #resume}.
 */
public interface Core extends AutoCloseable {
    /** The implementation's name, as the switch that chose it names it: {@code java} or {@code c}. */
    String implementation();

    /** What this implementation can do on this GPU. */
    Set<Capability> capabilities();

    /** What the GPU is. It never changes; answered also when the GPU has gone. */
    BoardInfo board();

    /** All engines that are present, in the order of {@link Engine#bit}. It never changes. */
    List<Engine> engines();

    /**
     * Whether the GPU can be shared by virtual functions: it has the capability, its chip and firmware support it, and it
     * was booted so.
     */
    boolean isVgpuEnabled();

    /**
     * Lets a client use the GPU. Before this returns, the client has been told {@link CoreEvent.DriverStart}.
     *
     * @param client who wants it
     * @throws CoreException with {@link CoreError#BUSY} if clients of another kind are attached: the message names one;
     *     with {@link CoreError#VERSION} if there is no version that both sides know; with
     *     {@link CoreError#NOT_SUPPORTED} if the client requires capabilities that are missing: the message names them
     */
    Attachment attach(Client client);

    /** The kind of clients that have the GPU now; empty if none is attached. */
    Optional<ClientKind> owner();

    /**
     * Tells clients that the number of virtual functions is about to be, or for 0 has become, another one.
     *
     * @param count how many, from 0
     * @throws CoreException with {@link CoreError#NOT_SUPPORTED} for a number above 0 if {@link #isVgpuEnabled} is false
     */
    void configureVirtualFunctions(int count);

    /**
     * Saves the GPU's state for the host's sleep. Clients are told {@link CoreEvent.Suspend} first, and their listeners
     * have returned before the GPU is touched. What they have stays theirs.
     *
     * @throws CoreException with {@link CoreError#BUSY} while a virtual GPU runs, whose guest does not sleep, or if a channel does
     *     not come to rest within a second; nothing has changed then, and clients are told {@link CoreEvent.Resume} if
     *     they were told the other
     */
    void suspend();

    /**
     * Brings the state back. Clients are told {@link CoreEvent.Resume} when they can go on. Without effect if the core
     * is not suspended.
     *
     * @throws CoreException if the GPU does not come back; the core is as closed then
     */
    void resume();

    /**
     * Ends the core: clients are told {@link CoreEvent.DriverUnbind} and have five seconds to detach; those that do not
     * are detached. The firmware is unloaded, and the GPU is left as after a reset. Idempotent.
     */
    @Override
    void close();
}
