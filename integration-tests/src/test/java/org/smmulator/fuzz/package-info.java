/**
 * Readers of foreign bytes, fed with bytes that a fuzzer makes: scenarios, device trees, ioctls and
 * command streams.
 *
 * <p>Start at {@link org.smmulator.fuzz.ScenarioFuzz}, the smallest. Each target is a class with a
 * method {@code fuzzerTestOneInput}, which is how Jazzer calls it, and which throws whatever is not
 * an answer that the input may get. {@link org.smmulator.fuzz.Fuzzing} runs Jazzer on the targets
 * under {@code -Pfuzz}; {@link org.smmulator.fuzz.CorpusTest} replays in every build the inputs
 * that are kept in {@code src/test/resources}, among them each one that found something.
 */
@NullMarked
package org.smmulator.fuzz;

import org.jspecify.annotations.NullMarked;
