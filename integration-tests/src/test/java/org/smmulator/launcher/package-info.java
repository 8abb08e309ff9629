/**
 * The script that builds what is missing and starts the command line, with a Maven and a JDK that
 * only write down what was asked of them.
 *
 * <p>Start at {@link org.smmulator.launcher.LauncherTest}.
 */
@NullMarked
package org.smmulator.launcher;

import org.jspecify.annotations.NullMarked;
