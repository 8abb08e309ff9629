/**
 * {@code bind_task} of 2017 as steps of a driver: address spaces for tasks, mapped by a token.
 *
 * <p>Start at {@link org.smmulator.script.kernel.task.BoundTask}; then read {@link
 * org.smmulator.script.kernel.task.TaskVocabulary}. Each step is one call of {@link
 * org.smmulator.iommu.task.IommuTask}.
 *
 * <p>Threads: a step runs in its driver's own kernel thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.kernel.task;

import org.jspecify.annotations.NullMarked;
