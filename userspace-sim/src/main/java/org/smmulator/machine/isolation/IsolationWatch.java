package org.smmulator.machine.isolation;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.TlbWatch;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.process.ProcessTable;
import org.smmulator.kernel.task.Task;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.sysmmu.SysmmuRegs;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/** A watch over the memory of processes, in the wires to all IOMMUs. It changes nothing. */
public final class IsolationWatch implements Interposer {
  private static final String SYSMMU = "samsung,exynos-sysmmu";
  private static final long TABLE_ADDRESS = 0x0000_ffff_ffff_ffffL;

  /** The parts of a booted machine that tell whose memory is whose. */
  public record Sources(
      Dram dram, PageAllocator pages, IommuTasks tokens, ProcessTable processes) {}

  /** How a process gets at memory. */
  private enum Door {
    CPU,
    DEVICE
  }

  /** The table that an IOMMU walks for a device that says itself which. */
  private static final class Loaded {
    private long root;
  }

  // Looked up by IOMMU, never iterated.
  private final Map<DtNode, Loaded> loaded = new HashMap<>();

  // Looked up by PASID, never iterated: who had it last.
  private final Map<Integer, Task> byPasid = new HashMap<>();

  private final List<Trespass> trespasses = new ArrayList<>();
  private final List<Consumer<Trespass>> listeners = new ArrayList<>();

  /** Null until the machine has booted. */
  private @Nullable Sources sources;

  /** Begins to look; the machine has booted. */
  public void begin(Sources booted) {
    sources = booted;
  }

  /** Has {@code listener} hear of the first trespass of each process against each other one. */
  public void listen(Consumer<Trespass> listener) {
    listeners.add(listener);
  }

  /** The first trespass of each process against each other one, the oldest first. */
  public ImmutableList<Trespass> trespasses() {
    return ImmutableList.copyOf(trespasses);
  }

  /** Looks at whose memory a process's own table, and those of its tokens, lead to. */
  public void lookAt(Process process) {
    Sources from = sources;
    if (from == null || !process.isInside()) {
      return;
    }
    process
        .mm()
        .forEachPage(
            pa -> reached(from, process.task(), Door.CPU, pa, "has in its memory pa 0x%x"));
    for (IommuTask token : from.tokens().bound()) {
      if (token.task().pid() == process.pid() && !token.sharesProcessTable()) {
        token.forEachLeaf((iova, sizeBytes, pa, prot) -> {
          for (long at = pa; at < pa + sizeBytes; at += PageAllocator.PAGE_SIZE) {
            reached(from, process.task(), Door.DEVICE, at, "has in a device's table pa 0x%x");
          }
        });
      }
    }
  }

  private void reached(Sources from, Task by, Door through, long pa, String how) {
    PageOwner account = accountOf(from, pa);
    if (account != null && !isHeldBy(by, account)) {
      judge(from, by, through, pa, account, how.formatted(pa));
    }
  }

  // ---- stores of devices

  @Override
  public Translator translator(DtNode iommu, Translator translator) {
    Loaded table = tableOf(iommu);
    String name = DriverCore.nameOf(iommu);
    return new Translator() {
      @Override
      public long translate(int streamId, int substreamId, long iova, int access) {
        long pa = translator.translate(streamId, substreamId, iova, access);
        if ((access & BusMaster.WRITE) != 0 && pa >= 0 && sources != null) {
          stored(sources, table, name, substreamId, iova, pa);
        }
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

  private Loaded tableOf(DtNode iommu) {
    return loaded.computeIfAbsent(iommu, _ -> new Loaded());
  }

  private void stored(Sources from, Loaded table, String iommu, int substream, long iova, long pa) {
    if (table.root == 0 && substream == Translator.NO_SUBSTREAM) {
      return; // no process's table
    }
    PageOwner account = accountOf(from, pa);
    if (account == null) {
      return;
    }
    if (substream == Translator.NO_SUBSTREAM) {
      PageOwner ofTable = accountOf(from, table.root);
      if (ofTable != null && ofTable.holder().equals(account.holder()) && ofProcess(account)) {
        return;
      }
    }
    Task by =
        substream == Translator.NO_SUBSTREAM ? byTable(from, table.root) : by(from, substream);
    if (by != null && !isHeldBy(by, account)) {
      judge(
          from,
          by,
          Door.DEVICE,
          pa,
          account,
          "writes by iova 0x%x through %s to pa 0x%x".formatted(iova, iommu, pa));
    }
  }

  private static boolean ofProcess(PageOwner account) {
    return account.holder() instanceof Holder.OfProcess;
  }

  private static boolean isHeldBy(Task task, PageOwner account) {
    return account.holder() instanceof Holder.OfProcess holder && holder.pid() == task.pid();
  }

  private static @Nullable PageOwner accountOf(Sources from, long pa) {
    return from.dram().covers(pa, 1) ? from.pages().ownerOf(pa) : null;
  }

  /**
   * The task whose table a device has loaded; null if it is dead, and its file lives on with others
   * who have not used it since.
   */
  private static @Nullable Task byTable(Sources from, long root) {
    for (IommuTask token : from.tokens().bound()) {
      if (token.pagetableBase() == root) {
        return token.task().isDead() ? null : token.task();
      }
    }
    return null;
  }

  /** The task that has a PASID, or had it last. */
  private @Nullable Task by(Sources from, int pasid) {
    for (IommuTask token : from.tokens().bound()) {
      if (token.sharesProcessTable() && token.pasid() == pasid) {
        byPasid.put(pasid, token.task());
        return token.task();
      }
    }
    return byPasid.get(pasid);
  }

  private void judge(Sources from, Task by, Door through, long pa, PageOwner account, String what) {
    PrivateMemory memory = new PrivateMemory(from.processes());
    Process victim = memory.ownerOf(pa, account);
    if (victim == null
        || victim.pid() == by.pid()
        || (through == Door.DEVICE && memory.mayHandOn(victim, by))) {
      return;
    }
    Task of = victim.task();
    if (trespasses.stream().noneMatch(each -> each.by() == by && each.of() == of)) {
      Trespass found = new Trespass(by, of, what);
      trespasses.add(found);
      listeners.forEach(listener -> listener.accept(found));
    }
  }

  // ---- which table a device has loaded

  @Override
  public ContextBankPort contextBanks(DtNode smmu, ContextBankPort port) {
    Loaded table = tableOf(smmu);
    return new ContextBankPort() {
      @Override
      public void switchTable(int bank, long ttbr0, int contextIdr) {
        table.root = ttbr0 & TABLE_ADDRESS;
        port.switchTable(bank, ttbr0, contextIdr);
      }

      @Override
      public void invalidateAsid(int bank, int asid) {
        port.invalidateAsid(bank, asid);
      }

      @Override
      public boolean isStalled(int bank) {
        return port.isStalled(bank);
      }
    };
  }

  @Override
  public MmioTarget contextBankWindow(DtNode iommu, MmioTarget window) {
    Loaded table = tableOf(iommu);
    return new Tap(window) {
      private long low;

      @Override
      void written(int offset, int value) {
        if (offset == Cb.TTBR0.offset()) {
          low = Integer.toUnsignedLong(value);
        } else if (offset == Cb.TTBR0.offset() + Integer.BYTES) {
          table.root = ((long) value << 32 | low) & TABLE_ADDRESS;
        }
      }
    };
  }

  @Override
  public MmioTarget registers(DtNode device, MmioTarget registers) {
    if (!device.isCompatible(SYSMMU)) {
      return registers;
    }
    int version = registers.read32(SysmmuRegs.VERSION.offset());
    SysmmuVariant variant = SysmmuVariant.ofVersion(version, reg -> registers.read32(reg.offset()));
    int shift = variant == SysmmuVariant.V1 ? 0 : PageAllocator.PAGE_SHIFT;
    Loaded table = tableOf(device);
    return new Tap(registers) {
      @Override
      void written(int offset, int value) {
        if (offset == variant.ptBase().offset()) {
          table.root = Integer.toUnsignedLong(value) << shift;
        }
      }
    };
  }

  /** Registers whose stores are heard. */
  private abstract static class Tap implements MmioTarget {
    private final MmioTarget behind;

    Tap(MmioTarget behind) {
      this.behind = behind;
    }

    abstract void written(int offset, int value);

    @Override
    public int read32(int offset) {
      return behind.read32(offset);
    }

    @Override
    public void write32(int offset, int value) {
      written(offset, value);
      behind.write32(offset, value);
    }
  }
}
