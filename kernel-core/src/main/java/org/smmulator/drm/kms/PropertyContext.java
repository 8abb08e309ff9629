package org.smmulator.drm.kms;

import org.smmulator.kernel.fs.Caller;

/**
 * On whose behalf properties are set.
 *
 * @param change what they are a part of
 * @param file what the caller may name
 * @param caller whose memory and descriptors values stand for
 */
record PropertyContext(AtomicState change, KmsFile file, Caller caller) {}
