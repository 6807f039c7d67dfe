package dev.nacre.coretck;

/** What came of a test. */
sealed interface Result {
    /** It passed. */
    record Ok() implements Result {
        @Override
        public String toString() {
            return "ok";
        }
    }

    /**
     * It could not be run.
     *
     * @param reason why, in a few words
     */
    record Skipped(String reason) implements Result {
        @Override
        public String toString() {
            return "skipped: " + reason;
        }
    }

    /** It failed. */
    record Failed() implements Result {
        @Override
        public String toString() {
            return "FAILED";
        }
    }

    /** What both together say of an operation: one failure is enough, and so is one success without any. */
    default Result and(Result other) {
        if (this instanceof Failed || other instanceof Failed) {
            return new Failed();
        }
        return this instanceof Ok ? this : other;
    }
}
