/**
 * Boards inside JUnit tests.
 *
 * <p>Start at {@link org.smmulator.junit.Board}: a test method with a parameter that carries it
 * gets a booted machine of its own, which is closed when the test ends. With {@link
 * org.smmulator.junit.Schedules} the test is run under many schedules.
 */
@NullMarked
package org.smmulator.junit;

import org.jspecify.annotations.NullMarked;
