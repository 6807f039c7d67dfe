package dev.nacre.bench;

import java.io.IOException;

/** A group of measurements that belong together. */
interface Section {
    /**
     * Measures. Bounded in time.
     *
     * @param table receives the results
     * @throws IOException if it could not be measured; the table keeps what it has
     */
    void measure(Table table) throws IOException, InterruptedException;
}
