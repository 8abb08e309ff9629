package org.smmulator.drm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The clients of a card node under one master, which vouches for them. Kernel: {@code struct
 * drm_master}.
 */
final class DrmMaster {
  private final List<@Nullable DrmFile> byMagic = new ArrayList<>(1);
  private String unique = "";

  /** The name of the device, once the master has asked for an interface that has it. */
  String unique() {
    return unique;
  }

  void setUnique(String name) {
    unique = name;
  }

  /** Takes the lowest free number, from 1, for {@code file}. */
  int newMagic(DrmFile file) {
    int index = byMagic.indexOf(null);
    if (index < 0) {
      byMagic.add(file);
      return byMagic.size();
    }
    byMagic.set(index, file);
    return index + 1;
  }

  /** Vouches for the file with that number, once; false if there is none. */
  boolean authenticate(int magic) {
    DrmFile file = magic > 0 && magic <= byMagic.size() ? byMagic.get(magic - 1) : null;
    if (file == null || file.isVouchedFor()) {
      return false;
    }
    file.vouchFor();
    return true;
  }

  /** The file with that number is closed. */
  void remove(int magic) {
    byMagic.set(magic - 1, null);
  }
}
