/**
 * Steps of mode setting: pictures, and how they come to a display.
 *
 * <p>Start at {@link org.smmulator.script.kms.KmsVocabulary}. A step that takes a card's descriptor
 * and names no CRTC means the first one with the first connector.
 *
 * <p>Left out: what {@code script.kms.lookup}, {@code script.kms.property} and {@code
 * script.kms.lease} say; attaching modes to connectors, which Linux does no more.
 *
 * <p>Threads: each step runs in its process.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.kms;

import org.jspecify.annotations.NullMarked;
