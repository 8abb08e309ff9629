/**
 * The UAPI of the engines of board {@code virt}: ioctl numbers and structs.
 *
 * <p>Start at {@link org.smmulator.uapi.engines.EngineIoctl}. They are of our own design, as the
 * engines are; no Linux has them.
 *
 * <p>Left out: versions.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.uapi.engines;

import org.jspecify.annotations.NullMarked;
