package dev.nacre.vfio.type;

/**
 * Something wrong in a file of types.
 *
 * @param file its name
 * @param line from 1; 0 if it concerns the file as a whole
 * @param key the key, as a path; empty if it concerns no key
 * @param problem what is wrong, and what is allowed
 */
public record CatalogError(String file, int line, String key, String problem) {
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + (key.isEmpty() ? "" : ": " + key) + ": " + problem;
    }
}
