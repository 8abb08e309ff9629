package org.smmulator.script;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;

/**
 * One step of a process.
 *
 * @param keyword the word it was written with, such as {@code gem_new}
 * @param as the name of its result; null if nobody needs it
 * @param errno the error that it must end with; null if it must succeed
 */
public record Step(
    SourceLocation place,
    String keyword,
    Action action,
    @Nullable String as,
    @Nullable Errno errno) {}
