/** The host engine: what lies in memory for it (USERD, instance block, GPFIFO, push buffer), and its methods. */
package dev.nacre.hw.host;
