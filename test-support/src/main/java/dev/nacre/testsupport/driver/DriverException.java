package dev.nacre.testsupport.driver;

/** The board did something that a strict driver does not accept. */
public final class DriverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Step step;
    private final String what;
    private final String expected;
    private final String got;

    /**
     * Says what is wrong.
     *
     * @param step what the driver was doing
     * @param what the register, field or effect in question
     * @param expected what a driver needs it to be
     * @param got what it was
     */
    public DriverException(Step step, String what, String expected, String got) {
        super("Step " + step + ": " + what + ": expected " + expected + ", got " + got);
        this.step = step;
        this.what = what;
        this.expected = expected;
        this.got = got;
    }

    /** What the driver was doing. */
    public Step step() {
        return step;
    }

    /** All but the step, one line. */
    public String detail() {
        return what + ": expected " + expected + ", got " + got;
    }

    /** What a driver needs. */
    public String expected() {
        return expected;
    }

    /** What there was. */
    public String got() {
        return got;
    }
}
