package org.smmulator.report.msm;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.SmmuPages;
import org.smmulator.report.trace.WireListener;
import org.smmulator.report.trace.WireTap;

/**
 * A logic analyser on the wires of a GPU's SMMU: sees each pagetable switch, where each access of
 * the GPU leads, and what the driver writes into TTBR1 of bank 0. It changes nothing.
 */
public final class GpuProbe implements Interposer, WireListener {
  /** The compatible of the SMMUs that a GPU of Qualcomm's switches by itself. */
  static final String SMMU = "qcom,adreno-smmu";

  private static final int GPU_BANK = 0;
  private static final int PAGE_SHIFT = 12;
  private static final long UPPER_HALF = 1L << 48;

  private static final GpuEvent BEGINS = new GpuEvent.Begins();

  private final WireTap tap = new WireTap(this);
  private final Consumer<GpuEvent> listener;

  /** The physical pages behind pages of the upper half, by the TTBR0 that was loaded meanwhile. */
  private final Map<Long, Map<Long, Long>> upperHalf = new TreeMap<>();

  private long ttbr0;
  private long ttbr1;

  /**
   * Makes a probe.
   *
   * @param listener told of what happens; must not touch the machine
   */
  public GpuProbe(Consumer<GpuEvent> listener) {
    this.listener = listener;
  }

  /** The iova as the kernel writes it. Kernel: {@code msm_iommu_map()}. */
  static long extended(long iova) {
    return (iova & UPPER_HALF) == 0 ? iova : iova | -UPPER_HALF;
  }

  static boolean isInUpperHalf(long iova) {
    return (iova & UPPER_HALF) != 0;
  }

  /** Returns whether the kernel has a table of its own, in TTBR1. */
  boolean isSplit() {
    return ttbr1 != 0;
  }

  /** The value that the driver wrote last into TTBR1 of the GPU's bank; 0 before. */
  long ttbr1() {
    return ttbr1;
  }

  /**
   * A page of the upper half as the GPU saw it.
   *
   * @param pas where it led, by the TTBR0 that was loaded then
   */
  record UpperPage(long iova, ImmutableMap<Long, Long> pas) {}

  /** The page of the upper half that was used under the most pagetables; null if none was. */
  @Nullable UpperPage mostSharedUpperPage() {
    UpperPage best = null;
    for (Map.Entry<Long, Map<Long, Long>> page : upperHalf.entrySet()) {
      if (best == null || page.getValue().size() > best.pas().size()) {
        best = new UpperPage(page.getKey(), ImmutableMap.copyOf(page.getValue()));
      }
    }
    return best;
  }

  @Override
  public ContextBankPort contextBanks(DtNode iommu, ContextBankPort port) {
    return tap.contextBanks(iommu, port);
  }

  @Override
  public MmioTarget contextBankWindow(DtNode iommu, MmioTarget window) {
    return tap.contextBankWindow(iommu, window);
  }

  @Override
  public Translator translator(DtNode iommu, Translator translator) {
    return tap.translator(iommu, translator);
  }

  @Override
  public void tableSwitched(DtNode iommu, int bank, long newTtbr0) {
    ttbr0 = newTtbr0;
    listener.accept(new GpuEvent.TableSwitch(bank, newTtbr0));
  }

  @Override
  public void accessBegins() {
    listener.accept(BEGINS);
  }

  @Override
  public void accessed(DtNode iommu, int streamId, long iova, int access, long pa, boolean missed) {
    seen(extended(iova), pa, (access & BusMaster.WRITE) != 0);
  }

  private void seen(long iova, long pa, boolean write) {
    if (pa < 0) {
      listener.accept(new GpuEvent.Refused(iova, write));
      return;
    }
    if (isInUpperHalf(iova)) {
      long page = iova >>> PAGE_SHIFT << PAGE_SHIFT;
      upperHalf
          .computeIfAbsent(page, p -> new LinkedHashMap<>())
          .put(ttbr0, pa >>> PAGE_SHIFT << PAGE_SHIFT);
    }
    if (write) {
      listener.accept(new GpuEvent.Write(iova, pa));
    }
  }

  @Override
  public MmioTarget registers(DtNode device, MmioTarget registers) {
    if (!device.isCompatible(SMMU)) {
      return registers;
    }
    long sizeBytes = device.reg().getFirst().sizeBytes();
    SmmuPages pages = new SmmuPages(PAGE_SHIFT, (int) (sizeBytes >> PAGE_SHIFT) / 2);
    int low = pages.bankOffset(GPU_BANK) + Cb.TTBR1.offset();
    return new MmioTarget() {
      @Override
      public int read32(int offset) {
        return registers.read32(offset);
      }

      @Override
      public void write32(int offset, int value) {
        if (offset == low) {
          ttbr1 = (ttbr1 & ~0xffff_ffffL) | Integer.toUnsignedLong(value);
        } else if (offset == low + Integer.BYTES) {
          ttbr1 = (ttbr1 & 0xffff_ffffL) | (long) value << 32;
        }
        registers.write32(offset, value);
      }
    };
  }
}
