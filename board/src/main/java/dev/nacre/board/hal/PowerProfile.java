package dev.nacre.board.hal;

/**
 * Power, heat and clocks of a product. The most is the product's; what it takes when idle, and how it warms, are plausible
 * numbers of the model's.
 *
 * @param idleMilliwatts power with nothing to do
 * @param limitMilliwatts power with everything busy: the product's limit
 * @param idle clocks with nothing to do
 * @param busy clocks with something to do
 * @param idleState performance state with nothing to do; 0 with something
 */
public record PowerProfile(int idleMilliwatts, int limitMilliwatts, Clocks idle, Clocks busy, int idleState) {
    /** Temperature of the air, in degrees Celsius. */
    public static final double AMBIENT_CELSIUS = 28;

    /** Temperature in the long run at the limit of power, in degrees Celsius: some way below where boards slow down. */
    public static final double LIMIT_CELSIUS = 76;

    /** Time in which a temperature comes 63 % nearer to where it goes, in nanoseconds: that of a heat sink in moving air. */
    public static final long HEAT_NS = 30_000_000_000L;

    /** Time over which power is averaged, in the same sense. */
    public static final long AVERAGE_NS = 3_000_000_000L;

    /** Part of the power above idle that graphics takes; the rest is memory's, which copies keep busy. */
    public static final double GRAPHICS_PART = 0.7;

    /**
     * Clocks in MHz.
     *
     * @param graphics of graphics and its multiprocessors
     * @param memory of memory
     * @param video of the video engines
     */
    public record Clocks(int graphics, int memory, int video) {}

    /**
     * Power in milliwatts.
     *
     * @param graphics part of the time that graphics is busy, 0 to 1
     * @param copy part of the time that the copy engines are busy, 0 to 1
     */
    public double milliwatts(double graphics, double copy) {
        double load = GRAPHICS_PART * Math.clamp(graphics, 0, 1) + (1 - GRAPHICS_PART) * Math.clamp(copy, 0, 1);
        return idleMilliwatts + (limitMilliwatts - idleMilliwatts) * load;
    }

    /** The temperature in degrees Celsius to which a power leads in the long run. */
    public double celsius(double milliwatts) {
        return AMBIENT_CELSIUS + (LIMIT_CELSIUS - AMBIENT_CELSIUS) * milliwatts / limitMilliwatts;
    }
}
