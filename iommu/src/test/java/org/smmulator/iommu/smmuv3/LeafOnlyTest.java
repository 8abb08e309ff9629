package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.smmuv3.V3Machine.COPIER_SID;
import static org.smmulator.iommu.smmuv3.V3Machine.DISPLAY_SID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.smmuv3.Tampering.CommandEdit;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * Where the driver has to invalidate more than a leaf: it does, and a driver that did not would be
 * found out.
 */
class LeafOnlyTest {
  private static final long IOVA = 0x1220_0000L;
  private static final long PA = 0x8300_0000L;
  private static final long OTHER_PA = 0x8310_0000L;
  private static final long STREAM_TABLE = 0x8320_0000L;
  private static final int PASID = 3000; // in the third table of the second level

  private static final int OLD = 1;
  private static final int NEW = 2;

  /** What becomes of the commands that are not for a leaf only. */
  enum Driver {
    RIGHT,
    /** It sends them for the leaf only. */
    SAYS_LEAF,
    /** It does not send them. */
    FORGETS;

    void tamper(V3Machine machine, int... opcodes) {
      CommandEdit edit =
          words -> {
            boolean concerned = false;
            for (int opcode : opcodes) {
              concerned |= Cmd.OPCODE.get(words[0]) == opcode;
            }
            if (concerned && !Cmd.CFGI_LEAF.isSet(words[1])) {
              spoil(words);
            }
          };
      machine.tampering.commands(edit);
    }

    private void spoil(long[] words) {
      switch (this) {
        case RIGHT -> {}
        case SAYS_LEAF -> words[1] |= Cmd.CFGI_LEAF.mask();
        case FORGETS -> {
          words[0] = Cmd.OPCODE.of(Cmd.SYNC);
          words[1] = 0;
        }
      }
    }
  }

  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.full());
    machine.kernel.dram.putInt(PA, OLD);
    machine.kernel.dram.putInt(OTHER_PA, NEW);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  /** The hardware has seen that there was no table, and remembers it. */
  @ParameterizedTest
  @EnumSource
  void aNewTableOfContextsIsSeenIfMoreThanItsLeafIsInvalidated(Driver driver) throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      IommuOps ops = machine.ops();
      IommuDomain.Paging table =
          ops.allocPaging(machine.copier, DomainType.UNMANAGED, IommuOps.ALLOC_PASID);
      machine.kernel.iommu.map(table, IOVA, PA, 0x1000, READ);
      ops.attachPasid(table, machine.copier, 5, null);
      BusMaster copier = machine.master(COPIER_SID);
      assertThat(copier.withSubstream(5).load32(IOVA)).isEqualTo(OLD);
      assertThat(copier.withSubstream(PASID).load32(IOVA)).isEqualTo(0);

      driver.tamper(machine, Cmd.CFGI_CD);
      ops.attachPasid(table, machine.copier, PASID, null);

      assertThat(copier.withSubstream(PASID).load32(IOVA))
          .isEqualTo(driver == Driver.RIGHT ? OLD : 0);
      assertThat(copier.withSubstream(5).load32(IOVA)).isEqualTo(OLD);
    });
  }

  @ParameterizedTest
  @EnumSource
  void whereATableWasTheNextOneIsSeenIfMoreThanLeavesAreInvalidated(Driver driver)
      throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      IommuDomain.Paging domain = machine.attached(machine.display);
      driver.tamper(machine, Cmd.TLBI_NH_VA);
      assertThat(afterItsTableWasReplaced(domain)).isEqualTo(expected(driver));
    });
  }

  @ParameterizedTest
  @EnumSource
  void soItIsWithoutRangeCommands(Driver driver) throws Exception {
    machine.close();
    machine = new V3Machine(V3Machine.config(true, true, false));
    machine.kernel.dram.putInt(OTHER_PA, NEW);
    machine.kernel.dram.putInt(PA, OLD);
    machine.kernel.run(() -> {
      machine.boot();
      IommuDomain.Paging domain = machine.attached(machine.display);
      driver.tamper(machine, Cmd.TLBI_NH_VA, Cmd.TLBI_NH_ASID);
      int seen = afterItsTableWasReplaced(domain);
      // A whole table takes too many commands: the ASID goes, and that command has no leaf.
      assertThat(seen).isEqualTo(driver == Driver.FORGETS ? 0 : NEW);
    });
  }

  @ParameterizedTest
  @EnumSource
  void inStageTwoToo(Driver driver) throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      IommuDomain.Paging parent =
          machine
              .ops()
              .allocPaging(machine.display, DomainType.UNMANAGED, IommuOps.ALLOC_NEST_PARENT);
      machine.kernel.iommu.attach(parent, machine.display);
      driver.tamper(machine, Cmd.TLBI_S2_IPA);
      assertThat(afterItsTableWasReplaced(parent)).isEqualTo(expected(driver));
    });
  }

  /** A boot loader let the display pass, and left the SMMU on. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasKnownOfAnotherStreamTableGoesAtReset(boolean forgets) throws Exception {
    machine.kernel.run(() -> {
      machine.kernel.dram.putLong(STREAM_TABLE + DISPLAY_SID * 64, 1 | 4 << 1); // V, bypass
      MmioTarget registers = machine.model.mmio();
      registers.write64(SmmuV3Regs.STRTAB_BASE.offset(), STREAM_TABLE);
      registers.write32(SmmuV3Regs.STRTAB_BASE_CFG.offset(), 6);
      registers.write32(SmmuV3Regs.CR0.offset(), 1);
      machine.settle();
      assertThat(machine.master(DISPLAY_SID).load32(PA)).isEqualTo(OLD);

      if (forgets) {
        machine.tampering.commands(words -> {
          if (Cmd.OPCODE.get(words[0]) == Cmd.CFGI_ALL) {
            Driver.FORGETS.spoil(words);
          }
        });
      }
      machine.probe();

      assertThat(machine.master(DISPLAY_SID).load32(PA)).isEqualTo(forgets ? OLD : 0);
    });
  }

  @Test
  void aLeafThatWasUnmappedNeedsNoMore() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      IommuDomain.Paging domain = machine.attached(machine.display);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(OLD);
      Driver.FORGETS.tamper(machine, Cmd.TLBI_NH_VA);

      assertThat(machine.kernel.iommu.unmap(domain, IOVA, 0x1000)).isEqualTo(0x1000);
      machine.kernel.iommu.map(domain, IOVA, OTHER_PA, 0x1000, READ);

      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(NEW);
    });
  }

  /**
   * By the table that was there the device comes into a page of zeros. If nothing but the command
   * for the block of 2 MiB is sent, which is of another level, the page itself stays too.
   */
  private static int expected(Driver driver) {
    return switch (driver) {
      case RIGHT -> NEW;
      case SAYS_LEAF -> 0;
      case FORGETS -> OLD;
    };
  }

  /** Maps 2 MiB by pages, lets the device see one, unmaps all, and maps that page elsewhere. */
  private int afterItsTableWasReplaced(IommuDomain.Paging domain) throws Exception {
    BusMaster display = machine.master(DISPLAY_SID);
    for (int page = 0; page < 512; page++) {
      machine.kernel.iommu.map(
          domain, IOVA + page * 0x1000L, PA + page % 2 * 0x8000L, 0x1000, READ);
    }
    assertThat(display.load32(IOVA)).isEqualTo(OLD);
    assertThat(machine.kernel.iommu.unmap(domain, IOVA, 0x20_0000)).isEqualTo(0x20_0000);
    // Somebody else gets the page in which the table was.
    PageOwner other = machine.kernel.pages.owner("somebody else", PageZone.KERNEL);
    assertThat(machine.kernel.pages.alloc(0, other)).isGreaterThan(0L);
    machine.kernel.iommu.map(domain, IOVA, OTHER_PA, 0x1000, READ);
    int seen = display.load32(IOVA);
    machine.settle();
    return seen;
  }
}
