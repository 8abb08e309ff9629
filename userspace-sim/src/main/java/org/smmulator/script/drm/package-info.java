/**
 * The words of the language that any DRM device understands: ioctls of the DRM core.
 *
 * <p>Start at {@link org.smmulator.script.drm.DrmVocabulary}.
 *
 * <p>Left out: ioctls of displays, event descriptors, and descriptors of sync objects: a process of
 * a scenario has nobody to hand them to.
 *
 * <p>Threads: a step runs in its process's own thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.drm;

import org.jspecify.annotations.NullMarked;
