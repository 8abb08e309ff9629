/**
 * The words of the language that drm/exynos understands: its ioctls, lists of the 2D engine and
 * buffers.
 *
 * <p>Start at {@link org.smmulator.script.exynos.ExynosVocabulary}. A step is a class with the name
 * of its ioctl; a command of a list is a class with the name of libdrm's call, or sets registers.
 *
 * <p>Left out: ioctls that {@link org.smmulator.userspace.exynos.ExynosDevice} does not offer yet.
 *
 * <p>Threads: a step runs in its process's own thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.exynos;

import org.jspecify.annotations.NullMarked;
