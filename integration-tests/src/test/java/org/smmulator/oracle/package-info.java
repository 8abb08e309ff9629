/**
 * Outside judges: a C compiler on the real headers says what our layouts must be.
 *
 * <p>These tests need a container engine and carry the tag {@code containers}; {@code mvn
 * -Pcontainers verify} runs them, a plain build does not.
 */
@NullMarked
package org.smmulator.oracle;

import org.jspecify.annotations.NullMarked;
