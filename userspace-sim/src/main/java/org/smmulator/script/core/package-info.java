/**
 * The words of the language that any board understands: files, memory, time, processes, the log.
 *
 * <p>Start at {@link org.smmulator.script.core.CoreVocabulary}.
 *
 * <p>Left out: fork, poll and nodes other than those that are opened by path.
 *
 * <p>Threads: a step runs in its process's own thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.core;

import org.jspecify.annotations.NullMarked;
