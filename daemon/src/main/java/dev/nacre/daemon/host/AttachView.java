package dev.nacre.daemon.host;

import java.util.List;

/**
 * How a virtual GPU is attached to a virtual machine.
 *
 * @param arguments what to add to the VMM's command line, a word each; none if it is configured by a file
 * @param text the same, or the file's part, to paste
 */
public record AttachView(List<String> arguments, String text) {
    /** Takes the values. */
    public AttachView {
        arguments = List.copyOf(arguments);
    }
}
