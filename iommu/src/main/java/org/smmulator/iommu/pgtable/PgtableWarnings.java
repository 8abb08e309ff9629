package org.smmulator.iommu.pgtable;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import org.smmulator.trace.Dmesg;

/**
 * The kernel's {@code WARN_ON}s of one machine's page tables: a caller did what it should not, the
 * table says so in the log and refuses.
 */
final class PgtableWarnings {
  private final Dmesg dmesg;
  private boolean toldOfPartialUnmap;

  PgtableWarnings(Dmesg dmesg) {
    this.dmesg = dmesg;
  }

  /** Kernel: {@code WARN_ON()}; the words behind the place are ours. */
  @FormatMethod
  void warn(String function, @FormatString String format, Object... args) {
    dmesg.warn(
        "WARNING: drivers/iommu/io-pgtable-arm.c at %s: %s",
        function, String.format(Locale.ROOT, format, args));
  }

  /** Kernel: the {@code WARN_ONCE()} in {@code __arm_lpae_unmap()}. */
  void partialUnmap() {
    if (!toldOfPartialUnmap) {
      toldOfPartialUnmap = true;
      warn("__arm_lpae_unmap", "Unmap of a partial large IOPTE is not allowed");
    }
  }
}
