package org.smmulator.drm.syncobj;

import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;

/**
 * A fence that files name by handle. Kernel: {@code struct drm_syncobj}.
 *
 * @param fence the present fence; null if it has none
 */
public record Syncobj(@Nullable Fence fence) {}
