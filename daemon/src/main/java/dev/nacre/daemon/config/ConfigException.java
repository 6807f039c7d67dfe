package dev.nacre.daemon.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. The message has a line for everything that is wrong. */
public final class ConfigException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // a list of records of strings; nobody serializes it
    private final List<ConfigError> errors;

    ConfigException(List<ConfigError> errors) {
        super(errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    ConfigException(String message, Throwable cause) {
        super(message, cause);
        this.errors = List.of();
    }

    /** What is wrong, in the order of the file; none if the file could not be read at all. */
    public List<ConfigError> errors() {
        return errors;
    }
}
