/**
 * A hardware model of Samsung's FIMG2D v4.1, a 2D engine that executes lists of commands.
 *
 * <p>Start at {@link org.smmulator.hw.g2d.Fimg2d}, which fetches the lists. {@code Blitter} moves
 * the pixels of one command, {@code SourceRows}, {@code PatternLine} and {@code MaskLine} fetch
 * what it is made of, {@code Blender} blends, {@code G2dPixels} and {@code YcbcrRows} know the
 * formats. The driver is in another package and shares only the registers of {@code regs.g2d} with
 * it.
 *
 * <p>Not modelled: see the end of {@link org.smmulator.hw.g2d.Fimg2d}, with the reasons.
 *
 * <p>Threads: one context runs at a time; the engine is a process of its own.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.hw.g2d;

import org.jspecify.annotations.NullMarked;
