package org.smmulator.report.trace;

import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.TlbWatch;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.smmuv2.Cb;

/** A logic analyser on the wires to all IOMMUs: it hears everything and changes nothing. */
public final class WireTap implements Interposer {
  /** The bank whose registers are in a command processor's window. */
  private static final int WINDOW_BANK = 0;

  private final WireListener listener;

  public WireTap(WireListener listener) {
    this.listener = listener;
  }

  @Override
  public Translator translator(DtNode iommu, Translator translator) {
    return new Translator() {
      @Override
      public long translate(int streamId, int substreamId, long iova, int access) {
        listener.accessBegins();
        long fills = translator.tlbFills();
        long pa = translator.translate(streamId, substreamId, iova, access);
        listener.accessed(iommu, streamId, iova, access, pa, translator.tlbFills() != fills);
        return pa;
      }

      @Override
      public void masterReset(int streamId) {
        translator.masterReset(streamId);
      }

      @Override
      public long tlbFills() {
        return translator.tlbFills();
      }

      @Override
      public void watchTlb(TlbWatch watch) {
        translator.watchTlb(watch);
      }
    };
  }

  @Override
  public ContextBankPort contextBanks(DtNode iommu, ContextBankPort port) {
    return new ContextBankPort() {
      @Override
      public void switchTable(int bank, long ttbr0, int contextIdr) {
        listener.tableSwitched(iommu, bank, ttbr0);
        port.switchTable(bank, ttbr0, contextIdr);
      }

      @Override
      public void invalidateAsid(int bank, int asid) {
        port.invalidateAsid(bank, asid);
        listener.asidInvalidated(iommu, bank, asid);
      }

      @Override
      public boolean isStalled(int bank) {
        return port.isStalled(bank);
      }
    };
  }

  /** {@inheritDoc} A table is switched when the second half of TTBR0 is written. */
  @Override
  public MmioTarget contextBankWindow(DtNode iommu, MmioTarget window) {
    return new MmioTarget() {
      private long ttbr0;

      @Override
      public int read32(int offset) {
        return window.read32(offset);
      }

      @Override
      public void write32(int offset, int value) {
        if (offset == Cb.TTBR0.offset()) {
          ttbr0 = Integer.toUnsignedLong(value);
        } else if (offset == Cb.TTBR0.offset() + Integer.BYTES) {
          ttbr0 |= (long) value << 32;
          listener.tableSwitched(iommu, WINDOW_BANK, ttbr0);
        }
        window.write32(offset, value);
      }
    };
  }
}
