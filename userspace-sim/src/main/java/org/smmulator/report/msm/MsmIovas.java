package org.smmulator.report.msm;

import org.jspecify.annotations.Nullable;
import org.smmulator.report.look.NamedAddress;
import org.smmulator.userspace.msm.MsmBuffer;

/** The iovas of the buffers of drm/msm, as far as their processes have asked for them. */
public final class MsmIovas implements NamedAddress {
  @Override
  public @Nullable Long iovaOf(Object result) {
    if (!(result instanceof MsmBuffer buffer) || buffer.knownIova() == 0) {
      return null;
    }
    return buffer.knownIova();
  }
}
