/**
 * The distribution that {@code mvn -Pdist package} has made runs on machines without a JDK.
 *
 * <p>Start with {@link org.smmulator.distribution.DistributionTest}. Tagged {@code containers}: it
 * needs an engine, and the distribution of the same build.
 */
@NullMarked
package org.smmulator.distribution;

import org.jspecify.annotations.NullMarked;
