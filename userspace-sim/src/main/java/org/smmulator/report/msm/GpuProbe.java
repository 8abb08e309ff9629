package org.smmulator.report.msm;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.SmmuPages;
import org.smmulator.report.trace.RegisterTap;
import org.smmulator.report.trace.WireListener;
import org.smmulator.report.trace.WireTap;

/**
 * A logic analyser on the wires of a GPU's SMMU: sees each pagetable switch, where each access of
 * the GPU leads, and what the driver writes into TTBR1 of bank 0. It changes nothing.
 */
public final class GpuProbe implements WireListener {
  /** The compatible of the SMMUs that a GPU of Qualcomm's switches by itself. */
  static final String SMMU = "qcom,adreno-smmu";

  static final int GPU_BANK = 0;
  private static final int PAGE_SHIFT = 12;

  /** Both arrays of stream mappings begin at a multiple of their longest size. */
  private static final int SMR_PAGE_MASK = 0x3ff;

  private static final int S2CR_END = Gr0.S2CR.offset() + Gr0.MAX_STREAM_MAPPINGS * Integer.BYTES;
  private static final long UPPER_HALF = 1L << 48;

  private static final GpuEvent BEGINS = new GpuEvent.Begins();

  private final Interposer wires =
      Interposer.all(List.of(new RegisterTap(this::listenerOf), new WireTap(this)));
  private final Consumer<GpuEvent> listener;

  /** The physical pages behind pages of the upper half, by the TTBR0 that was loaded meanwhile. */
  private final Map<Long, Map<Long, Long>> upperHalf = new TreeMap<>();

  private long ttbr0;
  private int bank = GPU_BANK;

  // Looked up by bank and by stream mapping, never iterated.
  private final Map<Integer, Long> ttbr1 = new HashMap<>();

  /**
   * The streams of management units behind an IOMMU, whose messages are none of the GPU's accesses.
   * Looked up by IOMMU, never iterated.
   */
  private final Map<DtNode, ImmutableSet<Integer>> unitStreams = new HashMap<>();

  private final int[] matches = new int[Gr0.MAX_STREAM_MAPPINGS];
  private final int[] leads = new int[Gr0.MAX_STREAM_MAPPINGS];

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
    return ttbr1() != 0;
  }

  /**
   * The context bank through which the GPU's accesses were translated last; the one whose TTBR0 the
   * GPU writes, before any was.
   */
  int bank() {
    return bank;
  }

  /** The value that the driver wrote last into TTBR1 of that bank; 0 before. */
  long ttbr1() {
    return ttbr1.getOrDefault(bank, 0L);
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

  /** The probe's part in the wires of the machine. */
  public Interposer wires() {
    return wires;
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
    if (unitStreams.computeIfAbsent(iommu, GpuProbe::streamsOfUnits).contains(streamId)) {
      return;
    }
    bank = bankOf(streamId);
    seen(extended(iova), pa, (access & BusMaster.WRITE) != 0);
  }

  private static ImmutableSet<Integer> streamsOfUnits(DtNode iommu) {
    DtNode root = iommu;
    for (DtNode above = root.parent(); above != null; above = root.parent()) {
      root = above;
    }
    ImmutableSet.Builder<Integer> streams = ImmutableSet.builder();
    addStreamsOfUnits(root, iommu, streams);
    return streams.build();
  }

  private static void addStreamsOfUnits(
      DtNode below, DtNode iommu, ImmutableSet.Builder<Integer> streams) {
    for (DtNode node : below.children()) {
      if (node.isCompatible("qcom,adreno-gmu")) {
        for (DtReference entry : node.references("iommus", "#iommu-cells")) {
          if (entry.node().equals(iommu) && !entry.args().isEmpty()) {
            streams.add(entry.args().get(0));
          }
        }
      }
      addStreamsOfUnits(node, iommu, streams);
    }
  }

  /** The bank that the stream mappings lead to; the one before if they lead to none. */
  private int bankOf(int streamId) {
    for (int i = 0; i < matches.length; i++) {
      int fixed = ~Gr0.SMR_MASK.get(matches[i]);
      boolean matched =
          Gr0.SMR_VALID.get(matches[i]) != 0
              && ((streamId ^ Gr0.SMR_ID.get(matches[i])) & fixed & 0x7fff) == 0;
      if (matched && Gr0.S2CR_TYPE.get(leads[i]) == Gr0.S2CR_TYPE_TRANS) {
        return Gr0.S2CR_CBNDX.get(leads[i]);
      }
    }
    return bank;
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

  private RegisterTap.@Nullable Listener listenerOf(DtNode device) {
    if (!device.isCompatible(SMMU)) {
      return null;
    }
    long sizeBytes = device.reg().getFirst().sizeBytes();
    SmmuPages pages = new SmmuPages(PAGE_SHIFT, (int) (sizeBytes >> PAGE_SHIFT) / 2);
    return (offset, value) -> written(pages, offset, value);
  }

  private void written(SmmuPages pages, int offset, int value) {
    int mapping = (offset & SMR_PAGE_MASK) / Integer.BYTES;
    if (offset >= Gr0.SMR.offset() && offset < Gr0.S2CR.offset()) {
      note(matches, mapping, value);
    } else if (offset >= Gr0.S2CR.offset() && offset < S2CR_END) {
      note(leads, mapping, value);
    } else if (offset >= pages.bankOffset(0)) {
      int written = (offset - pages.bankOffset(0)) >> PAGE_SHIFT;
      int register = offset - pages.bankOffset(written);
      long before = ttbr1.getOrDefault(written, 0L);
      if (register == Cb.TTBR1.offset()) {
        ttbr1.put(written, (before & ~0xffff_ffffL) | Integer.toUnsignedLong(value));
      } else if (register == Cb.TTBR1.offset() + Integer.BYTES) {
        ttbr1.put(written, (before & 0xffff_ffffL) | (long) value << 32);
      }
    }
  }

  private static void note(int[] mappings, int which, int value) {
    if (which < mappings.length) {
      mappings[which] = value;
    }
  }
}
