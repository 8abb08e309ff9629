package org.smmulator.drm.gem;

import static org.smmulator.kernel.errno.Errno.ENOENT;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A device's names for buffers that everybody may open who knows the number: small numbers from 1,
 * the lowest free first. Kernel: {@code drm_device.object_name_idr}.
 */
public final class GemNames {
  private final BitSet taken = new BitSet();
  private final List<@Nullable GemObject> objects = new ArrayList<>(0);

  /** Makes an empty space of names. */
  public GemNames() {
    taken.set(0);
  }

  /**
   * The name of {@code object}, the same as long as it has handles. Kernel: {@code
   * drm_gem_flink_ioctl()}.
   *
   * @throws ErrnoException ENOENT if nobody has a handle to it any more
   */
  public int nameOf(GemObject object) throws ErrnoException {
    if (object.handleCount() == 0) {
      throw ENOENT.because("the object has lost its handles");
    }
    if (object.flinkName() == 0) {
      int name = taken.nextClearBit(1);
      taken.set(name);
      while (objects.size() <= name) {
        objects.add(null);
      }
      objects.set(name, object);
      object.setName(this, name);
    }
    return object.flinkName();
  }

  /**
   * Takes a reference to the object called {@code name}, which the caller gives back. Kernel:
   * {@code drm_gem_open_ioctl()}.
   *
   * @throws ErrnoException ENOENT if there is none; no reference is taken then
   */
  public GemObject lookup(int name) throws ErrnoException {
    GemObject object = name > 0 && name < objects.size() ? objects.get(name) : null;
    if (object == null) {
      throw ENOENT.because("no object is called %d", name);
    }
    object.get();
    return object;
  }

  /** The lines of debugfs. Kernel: {@code drm_gem_name_info()}. */
  public String describe() {
    StringBuilder lines = new StringBuilder("  name     size handles refcount\n");
    for (GemObject object : objects) {
      if (object != null) {
        lines.append(
            String.format(
                Locale.ROOT,
                "%6d %8d %7d %8d\n",
                object.flinkName(),
                object.sizeBytes(),
                object.handleCount(),
                object.references()));
      }
    }
    return lines.toString();
  }

  void remove(int name) {
    objects.set(name, null);
    taken.clear(name);
  }
}
