package dev.nacre.vfio.type;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** Files of types that cannot be used: tells everything that is wrong with them, a line for each. */
public final class CatalogException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // a list of records of strings; nobody serializes it
    private final List<CatalogError> errors;

    CatalogException(List<CatalogError> errors) {
        super(errors.stream().map(CatalogError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    /** What is wrong, in the order of files and lines; at least one. */
    public List<CatalogError> errors() {
        return errors;
    }
}
