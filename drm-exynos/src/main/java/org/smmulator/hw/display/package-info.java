/**
 * The parts that display controllers share: windows, the scan-out of frames and its clock, and the
 * panel at the end.
 *
 * <p>Start at {@link org.smmulator.hw.display.Panel}, then {@link
 * org.smmulator.hw.display.ScanWindow} and {@link org.smmulator.hw.display.Scanner}.
 *
 * <p>Threads: one context runs at a time.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.display;

import org.jspecify.annotations.NullMarked;
