/** What this module does with threads at several places. */
package dev.nacre.drm.thread;
