package org.smmulator.hw.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.regs.smmuv2.AdrenoPrr;
import org.smmulator.regs.smmuv2.SmmuPages;

/** The whole register space: finds the page that a register lies in. The rest reads as zero. */
final class RegisterPages implements MmioTarget {
  private final SmmuPages layout;
  private final MmioTarget global0;
  private final MmioTarget global1;
  private final @Nullable Mmu500 mmu500;
  private final ContextBank[] banks;

  RegisterPages(
      SmmuPages layout,
      MmioTarget global0,
      MmioTarget global1,
      @Nullable Mmu500 mmu500,
      ContextBank[] banks) {
    this.layout = layout;
    this.global0 = global0;
    this.global1 = global1;
    this.mmu500 = mmu500;
    this.banks = banks;
  }

  @Override
  public int read32(int offset) {
    if (mmu500 != null && isPrr(offset)) {
      return mmu500.prr().read32(offset);
    }
    MmioTarget page = page(offset);
    return page == null ? 0 : page.read32(inPage(offset));
  }

  @Override
  public void write32(int offset, int value) {
    if (mmu500 != null && isPrr(offset)) {
      mmu500.prr().write32(offset, value);
      return;
    }
    MmioTarget page = page(offset);
    if (page != null) {
      page.write32(inPage(offset), value);
    }
  }

  private static boolean isPrr(int offset) {
    return offset == AdrenoPrr.CFG_LADDR.offset() || offset == AdrenoPrr.CFG_UADDR.offset();
  }

  private int inPage(int offset) {
    return offset & ((1 << layout.pageShift()) - 1);
  }

  private @Nullable MmioTarget page(int offset) {
    int page = offset >>> layout.pageShift();
    if (page < 2) {
      return page == 0 ? global0 : global1;
    }
    int bank = page - layout.numPage();
    return bank >= 0 && bank < banks.length ? banks[bank].registers() : null;
  }
}
