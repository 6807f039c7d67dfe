/** Events of Flight Recorder: what one wants to see beside what the JVM did at that moment. */
package dev.nacre.daemon.recording;
