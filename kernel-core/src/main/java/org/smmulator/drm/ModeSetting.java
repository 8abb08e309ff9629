package org.smmulator.drm;

import com.google.common.collect.ImmutableMap;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.PlainDirectory;

/**
 * The part of a device that shows pictures. A device without it refuses all that has to do with
 * displays. Kernel: {@code DRIVER_MODESET}.
 */
public interface ModeSetting {
  /** The ioctls on displays, which stand in the place of the core's refusals. */
  IoctlTable ioctls();

  /** The directories of the connectors in sysfs, by their names, such as {@code HDMI-A-1}. */
  ImmutableMap<String, PlainDirectory> connectorNodes();

  /** Makes the part of a new file, which {@link DrmFile#modeSetting} then gives. */
  Object open(DrmFile file);

  /** The file is closed; gives back what {@link #open} made. It may block. */
  void close(DrmFile file);

  /**
   * Answers a capability of {@link org.smmulator.uapi.drm.DrmGetCap} that has to do with displays.
   *
   * @throws ErrnoException EINVAL for an unknown one
   */
  long capability(long which) throws ErrnoException;
}
