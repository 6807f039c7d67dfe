package dev.nacre.daemon.config;

/**
 * Something wrong in a configuration file.
 *
 * @param file the file as it was named
 * @param line from 1
 * @param column from 1
 * @param key the key, as a path; empty if the file is no TOML there
 * @param problem what is wrong
 * @param allowed what is allowed; empty if that says nothing more
 */
public record ConfigError(String file, int line, int column, String key, String problem, String allowed) {
    /** In one line: {@code FILE:LINE:COLUMN: key: what is wrong; allowed: ...}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (key.isEmpty() ? "" : key + ": ") + problem
                + (allowed.isEmpty() ? "" : "; allowed: " + allowed);
    }
}
