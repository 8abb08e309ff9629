package org.smmulator.iommu.pgtable;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import org.smmulator.trace.Dmesg;

/**
 * The kernel's {@code WARN_ON}s of one machine's page tables: the table logs a caller's mistake and
 * refuses it.
 */
final class PgtableWarnings {
  private final Dmesg dmesg;
  private final String file;
  private boolean toldOfPartialUnmap;

  /**
   * Tells nothing yet.
   *
   * @param file the kernel's source file of the format
   */
  PgtableWarnings(Dmesg dmesg, String file) {
    this.dmesg = dmesg;
    this.file = file;
  }

  /** Kernel: {@code WARN_ON()}; the words behind the place are ours. */
  @FormatMethod
  void warn(String function, @FormatString String format, Object... args) {
    dmesg.warn(
        "WARNING: drivers/iommu/%s at %s: %s",
        file, function, String.format(Locale.ROOT, format, args));
  }

  /** Kernel: the {@code WARN_ONCE()} in {@code __arm_lpae_unmap()} and its like. */
  void partialUnmap(String function) {
    if (!toldOfPartialUnmap) {
      toldOfPartialUnmap = true;
      warn(function, "Unmap of a partial large IOPTE is not allowed");
    }
  }

  /** Kernel: {@code pr_err()}. */
  @FormatMethod
  void err(@FormatString String format, Object... args) {
    dmesg.err("%s", String.format(Locale.ROOT, format, args));
  }

  /** Kernel: {@code __arm_v7s_alloc_table()}, in its words. */
  void tableDoesNotFit(long pa) {
    dmesg.err("Page table does not fit in PTE: 0x%x", pa);
  }
}
