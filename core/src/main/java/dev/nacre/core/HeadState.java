package dev.nacre.core;

import java.util.List;
import java.util.Optional;

/**
 * All that a head shows.
 *
 * @param output where and how; empty if the head is off
 * @param windows by their number, of {@link Display#windowsPerHead}; empty ones are off
 * @param cursor empty if it is off
 */
public record HeadState(Optional<Output> output, List<Optional<WindowState>> windows, Optional<CursorState> cursor) {
    /** A head that is off. */
    public static final HeadState OFF = new HeadState(Optional.empty(), List.of(), Optional.empty());

    /**
     * Where a head's picture goes.
     *
     * @param connector {@link DisplayConnector#index}
     * @param mode how it scans
     */
    public record Output(int connector, DisplayMode mode) {}

    /**
     * Checks it.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if a head that is off shows something, or two windows
     *     have the same depth
     */
    public HeadState {
        windows = List.copyOf(windows);
        List<WindowState> shown = windows.stream().flatMap(Optional::stream).toList();
        if (output.isEmpty() && (!shown.isEmpty() || cursor.isPresent())) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "A head that is off shows something");
        }
        if (shown.stream().map(WindowState::depth).distinct().count() < shown.size()) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "Windows have the same depth: windows=" + shown);
        }
    }
}
