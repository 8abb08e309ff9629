/**
 * Boards inside JUnit tests: the library that a suite of its own depends on. Public API.
 *
 * <p>Start at {@link org.smmulator.junit.Board}: a test gets a booted machine of its own, which is
 * checked and closed when the test ends. {@link org.smmulator.junit.Set} and {@link
 * org.smmulator.junit.Seed} set switches, {@link org.smmulator.junit.ExpectFault} and {@link
 * org.smmulator.junit.ExpectWarning} say what may go wrong, {@link org.smmulator.junit.Trace} keeps
 * a trace. With {@link org.smmulator.junit.Schedules} a test is run under many schedules; {@link
 * org.smmulator.junit.ScenarioTest} runs scenario files.
 *
 * <p>Left out: machines that several tests share, because one test would see what another left.
 *
 * <p>Threads: each test has its machines to itself, so tests may run in parallel.
 */
@NullMarked
package org.smmulator.junit;

import org.jspecify.annotations.NullMarked;
