/**
 * Folders of scenarios as a test suite, for CI: {@code smmulator test}.
 *
 * <p>Start at {@link org.smmulator.cli.suite.SuiteRun}: it takes the tests of a {@link
 * org.smmulator.cli.suite.Suite}, has each run, here or by one of several {@link
 * org.smmulator.cli.suite.Workers}, compares what came of it with {@link
 * org.smmulator.cli.suite.ExpectedResults}, and tells it to {@link
 * org.smmulator.cli.suite.KtapReport} and {@link org.smmulator.cli.suite.JunitReport}.
 *
 * <table>
 *   <caption>Where the kernel's ways went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code Documentation/dev-tools/ktap.rst}</td><td>{@code KtapReport}</td></tr>
 *   <tr><td>{@code drivers/gpu/drm/ci/xfails}</td><td>{@code ExpectedResults}</td></tr>
 * </table>
 *
 * <p>Left out: time limits of the host. A machine that makes no progress stops by itself, and that
 * is told as a timeout.
 *
 * <p>Threads: one. Jobs side by side are processes of the host, each a JVM of its own.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.cli.suite;

import org.jspecify.annotations.NullMarked;
