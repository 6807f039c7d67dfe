/** One class per section of the measurements; {@code BenchMain} runs those that were asked for. */
package dev.nacre.bench;
