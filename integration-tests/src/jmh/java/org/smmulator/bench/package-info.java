/**
 * How fast the hot paths are, beside the same work in C where a twin exists.
 *
 * <p>Start at {@link org.smmulator.bench.Benchmarks}, which compiles the C twin, runs everything
 * and prints one table of times and ratios. Run it with {@code mvn -B -Pbench verify -DskipTests};
 * {@code -Dbench.only=Pgtable} takes a pattern of names, {@code -Dbench.effort=quick} spends a
 * second on each instead of ten.
 *
 * <p>Machines are noisy: read the ratios, not the nanoseconds.
 */
@NullMarked
package org.smmulator.bench;

import org.jspecify.annotations.NullMarked;
