/**
 * The words of the language that drm/msm understands: its ioctls, PM4 packets, buffers and jobs.
 *
 * <p>Start at {@link org.smmulator.script.msm.MsmVocabulary}. A step is a class with the name of
 * its ioctl; a packet is a class with the name of its PM4 opcode.
 *
 * <p>Left out: ioctls that {@link org.smmulator.userspace.msm.MsmDevice} does not offer yet.
 *
 * <p>Threads: a step runs in its process's own thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.msm;

import org.jspecify.annotations.NullMarked;
