/** Display channels: methods, push buffers, context DMAs, surface formats. */
package dev.nacre.hw.disp;
