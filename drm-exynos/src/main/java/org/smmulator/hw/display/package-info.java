/**
 * The end of a display pipeline.
 *
 * <p>Start at {@link org.smmulator.hw.display.Panel}.
 *
 * <p>Threads: one context runs at a time.
 */
@NullMarked
package org.smmulator.hw.display;

import org.jspecify.annotations.NullMarked;
