/**
 * An allocator of ranges.
 *
 * <p>Start at {@link org.smmulator.drm.mm.DrmMm}. Kernel: {@code drivers/gpu/drm/drm_mm.c}.
 *
 * <p>Left out: colours and eviction scans: no driver here uses them.
 */
@NullMarked
package org.smmulator.drm.mm;

import org.jspecify.annotations.NullMarked;
