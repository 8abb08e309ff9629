/**
 * Steps of mode setting: pictures, and how they come to a display.
 *
 * <p>Start at {@link org.smmulator.script.kms.KmsVocabulary}. A step that takes a card's descriptor
 * and names no CRTC means the first one with the first connector.
 *
 * <p>Left out: steps for ioctls that only tell what there is, which a test asks for, and atomic
 * commits.
 *
 * <p>Threads: each step runs in its process.
 */
@NullMarked
package org.smmulator.script.kms;

import org.jspecify.annotations.NullMarked;
