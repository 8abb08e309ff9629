package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * Who has context bank 0, whose TTBR0 the GPU writes: the argument of 2018 and what came of it. The
 * same script under each combination of {@code smmu.gpu-default-domain} and {@code
 * smmu.context-banks}: the GPU's driver attaches its own domain, two tasks get tables, and the
 * command processor switches from one to the other; each then stores at the same address.
 */
class GpuBankArgumentTest {
  private static final long IOVA = 0x1_0000_0000L;
  private static final long CANVAS = 0x8200_0000L;
  private static final long PAGE = 0x8300_0000L;
  private static final int PAINTED = 0xcafe;
  private static final int READ_BACK = 0xbeef;

  private static final GpuDefaultDomain IDENTITY = new GpuDefaultDomain.Identity();
  private static final GpuDefaultDomain DMA = new GpuDefaultDomain.Dma();
  private static final GpuDefaultDomain OPT_OUT = new GpuDefaultDomain.OptOut();
  private static final ContextBanks RESERVE_BANK_0 = new ContextBanks.ReserveBankZero();
  private static final ContextBanks FIRST_FREE = new ContextBanks.FirstFree();

  /** What was seen. */
  private static final class Seen {
    @Nullable IommuDomain enumerated;
    String attached = "";
    int canvas;
    int page;
    @Nullable IommuDomain afterwards;
    ImmutableList<String> printed = ImmutableList.of();

    boolean tasksStayApart() {
      return canvas == PAINTED && page == READ_BACK;
    }
  }

  @Test
  void identityWithBank0ReservedIsToday() throws Exception {
    Seen seen = play(IDENTITY, RESERVE_BANK_0, false);

    assertThat(seen.enumerated).isEqualTo(IommuDomain.Fixed.IDENTITY);
    assertThat(seen.attached).isEqualTo("context bank 0");
    assertThat(seen.tasksStayApart()).isTrue();
    assertThat(seen.afterwards).isEqualTo(IommuDomain.Fixed.IDENTITY);
    assertThat(seen.printed).isEmpty();
  }

  @Test
  void identityAndFirstFreeWorksWhileTheGpuComesFirst() throws Exception {
    Seen seen = play(IDENTITY, FIRST_FREE, false);

    assertThat(seen.attached).isEqualTo("context bank 0");
    assertThat(seen.tasksStayApart()).isTrue();
    assertThat(seen.printed).isEmpty();
  }

  @Test
  void identityAndFirstFreeBreaksIfAnotherMasterHasBank0() throws Exception {
    Seen seen = play(IDENTITY, FIRST_FREE, true);

    assertThat(seen.attached).isEqualTo("context bank 1");
    assertThat(seen.tasksStayApart()).isFalse();
  }

  @Test
  void aReservedBankIsNobodyElsesEvenIfTheyComeFirst() throws Exception {
    Seen seen = play(IDENTITY, RESERVE_BANK_0, true);

    assertThat(seen.attached).isEqualTo("context bank 0");
    assertThat(seen.tasksStayApart()).isTrue();
  }

  @Test
  void dmaAndFirstFreeSendsTheGpusTtbr0ToTheDefaultDomain() throws Exception {
    Seen seen = play(DMA, FIRST_FREE, false);

    assertThat(seen.enumerated).isInstanceOf(ArmSmmuDomain.class);
    assertThat(seen.attached).isEqualTo("context bank 1");
    // Bank 1 never leaves the first task's table: what the second one stores is in the first's.
    assertThat(seen.canvas).isEqualTo(READ_BACK);
    assertThat(seen.page).isEqualTo(0);
    assertThat(seen.printed).isEmpty();
  }

  @Test
  void dmaWithBank0ReservedHasNoBankForTheDriver() throws Exception {
    Seen seen = play(DMA, RESERVE_BANK_0, false);

    assertThat(seen.enumerated).isInstanceOf(ArmSmmuDomain.class);
    assertThat(seen.attached).isEqualTo("ENOSPC");
    assertThat(seen.afterwards).isEqualTo(seen.enumerated);
    assertThat(seen.printed).isEmpty();
  }

  @Test
  void optOutLeavesTheGpuUnattachedAndSaysNothing() throws Exception {
    for (ContextBanks banks : ImmutableList.of(RESERVE_BANK_0, FIRST_FREE)) {
      Seen seen = play(OPT_OUT, banks, false);

      assertThat(seen.enumerated).isNull();
      assertThat(seen.attached).isEqualTo("context bank 0");
      assertThat(seen.tasksStayApart()).isTrue();
      assertThat(seen.afterwards).isNull();
      assertThat(seen.printed).isEmpty();
    }
  }

  @Test
  void optOutBreaksIfAnotherMasterTookBank0First() throws Exception {
    Seen seen = play(OPT_OUT, FIRST_FREE, true);

    assertThat(seen.attached).isEqualTo("context bank 1");
    assertThat(seen.tasksStayApart()).isFalse();
  }

  @Test
  void whoOptedOutKeepsItsDefaultDomainAndReachesNothing() throws Exception {
    try (SmmuMachine machine = SmmuMachine.arguing(RESERVE_BANK_0, OPT_OUT)) {
      machine.kernel.run(() -> {
        machine.boot();
        machine.kernel.dram.putInt(CANVAS, PAINTED);

        assertThat(requireNonNull(machine.kernel.iommu.groupOf(machine.gpu)).defaultDomain())
            .isInstanceOf(ArmSmmuDomain.class);
        assertThat(machine.master(0).load32(CANVAS)).isEqualTo(0);
        ArmSmmuDomain domain = machine.gpuDomain();
        machine.kernel.iommu.detach(domain, machine.gpu);
        assertThat(machine.master(0).load32(CANVAS)).isEqualTo(0);

        // The gate of a driver that leaves DMA to the DMA API.
        machine.kernel.iommu.bus().useDefaultDomain(machine.gpu);
        machine.kernel.iommu.bus().unuseDefaultDomain(machine.gpu);
      });
    }
  }

  private static Seen play(GpuDefaultDomain defaults, ContextBanks banks, boolean otherFirst)
      throws Exception {
    Seen seen = new Seen();
    try (SmmuMachine machine = SmmuMachine.arguing(banks, defaults)) {
      machine.kernel.run(() -> {
        if (otherFirst) {
          machine.kernel.iommu.bus().deviceAdded(machine.device("/dsp@1"));
        }
        machine.boot();
        seen.enumerated = machine.kernel.iommu.domainOf(machine.gpu);
        int before = machine.kernel.log().size();
        attachAndDraw(machine, seen);
        machine.settle();
        seen.printed = machine.kernel.log().subList(before, machine.kernel.log().size());
      });
    }
    return seen;
  }

  private static void attachAndDraw(SmmuMachine machine, Seen seen) throws ErrnoException {
    try {
      ArmSmmuDomain domain = machine.gpuDomain();
      seen.attached = domain.place();
      draw(machine);
      seen.canvas = machine.kernel.dram.getInt(CANVAS);
      seen.page = machine.kernel.dram.getInt(PAGE);
      machine.kernel.iommu.detach(domain, machine.gpu);
    } catch (ErrnoException e) {
      seen.attached = e.errno().toString();
    }
    seen.afterwards = machine.kernel.iommu.domainOf(machine.gpu);
  }

  private static void draw(SmmuMachine machine) throws ErrnoException {
    IommuTask painter =
        machine.tasks.bindTask(machine.gpu, new Task(101, "painter", false), 0, t -> {});
    IommuTask reader =
        machine.tasks.bindTask(machine.gpu, new Task(102, "reader", false), 0, t -> {});
    painter.map(IOVA, CANVAS, 0x1000, READ | WRITE);
    reader.map(IOVA, PAGE, 0x1000, READ | WRITE);
    store(machine, painter, PAINTED);
    store(machine, reader, READ_BACK);
    painter.unbind();
    reader.unbind();
  }

  /** What the command processor does for a job: its own switch, its own invalidation. */
  private static void store(SmmuMachine machine, IommuTask task, int value) {
    machine.model.switchTable(0, task.pagetableBase(), 0);
    machine.model.invalidateAsid(0, task.pasid());
    machine.master(0).store32(IOVA, value);
  }
}
