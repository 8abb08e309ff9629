/**
 * An allocator of ranges.
 *
 * <p>Start at {@link org.smmulator.drm.mm.DrmMm}. Kernel: {@code drivers/gpu/drm/drm_mm.c}.
 *
 * <p>Left out: colours and eviction scans: no driver here uses them.
 *
 * <p>Threads: nothing here locks or blocks; the owner of the allocator serialises its calls.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.mm;

import org.jspecify.annotations.NullMarked;
