package org.smmulator.attacks;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.msm.MsmContext;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.regs.adreno.A3xx;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.regs.adreno.Pm4Type3;
import org.smmulator.regs.smmuv2.Cb;

/**
 * No packet of a client reaches another file's bytes, under any design that gives each file a
 * table; those that only the kernel should send neither. Where all files share a table, any can.
 */
class PacketIsolationTest {
  private static final int SECRET = 0x5ec2_e700;
  private static final int DWORDS = 64;
  private static final int JOBS = 12;
  private static final int PACKETS_EACH = 5;

  private static Machine boot(String board, String design, Interposer wires)
      throws BadInputException {
    KernelConfig config = KernelConfig.defaults().with("msm.pagetables=" + design);
    return Machine.on(new Boards().load(board)).config(config).interpose(wires).boot();
  }

  @ParameterizedTest
  @CsvSource({
    "db845c,adreno-smmu",
    "db845c,bind-task",
    "db845c,dynamic-domains",
    "trogdor,bind-task",
    "db820c,bind-task",
    "db820c,dynamic-domains",
    "db410c,bind-task",
    "db410c,dynamic-domains"
  })
  void noPacketReachesAnotherFilesBytes(String board, String design) throws Exception {
    try (Machine machine = boot(board, design, Interposer.none())) {
      RawGpu victim = new RawGpu(machine.host("victim"));
      RawGpu evil = new RawGpu(machine.host("evil"));
      assertThat(evil.iova).isEqualTo(victim.iova);
      for (int i = 0; i < DWORDS; i++) {
        victim.store(4 * i, SECRET + i);
      }
      boolean narrow = board.equals("db410c");
      victim.run(store(narrow, victim.iova + 4 * DWORDS, 1)); // so that it is mapped
      long root = tableOf(machine, victim);
      Random random = new Random(board.hashCode() + design.hashCode());
      for (int job = 0; job < JOBS; job++) {
        evil.run(job(narrow, evil.iova, root, random));
        for (int i = 0; i < DWORDS; i++) {
          assertWithMessage("job %s", job).that(victim.load(4 * i)).isEqualTo(SECRET + i);
          assertWithMessage("job %s", job).that(evil.load(4 * i) & -256).isNotEqualTo(SECRET);
        }
      }
    }
  }

  /** Files that share a table reach each other by the address alone. */
  @Test
  void inASharedTableAnyPacketDoes() throws Exception {
    try (Machine machine = boot("db845c", "shared", Interposer.none())) {
      RawGpu victim = new RawGpu(machine.host("victim"));
      RawGpu evil = new RawGpu(machine.host("evil"));
      assertThat(evil.iova).isNotEqualTo(victim.iova);
      victim.store(0, SECRET);
      victim.run(RawGpu.write(victim.iova + 4, 1)); // so that it is mapped

      evil.run(RawGpu.write(victim.iova, 0xbad));

      assertThat(victim.load(0)).isEqualTo(0xbad);
    }
  }

  /** The wires lead to bank 0 of the GPU's: the tables of a driver in another are never used. */
  @ParameterizedTest
  @CsvSource({"db845c", "db820c", "db410c"})
  void aGpuThatIsWiredToAnotherBankMixesFilesUp(String board) throws Exception {
    try (Machine machine = boot(board, "bind-task", new WiredElsewhere())) {
      RawGpu painter = new RawGpu(machine.host("painter"));
      RawGpu reader = new RawGpu(machine.host("reader"));
      boolean narrow = board.equals("db410c");

      painter.submit(store(narrow, painter.iova, 1));
      reader.submit(store(narrow, reader.iova, 2));
      machine.settle();

      assertThat(painter.load(0) == 1 && reader.load(0) == 2).isFalse();
    }
  }

  private static long tableOf(Machine machine, RawGpu gpu) throws ErrnoException {
    DrmFile file =
        (DrmFile)
            requireNonNull(machine.processes().find(gpu.msm.client.pid()))
                .files()
                .file(gpu.msm.fd)
                .operations();
    return MsmContext.of(file).vm().mmu().ttbr0();
  }

  private static int[] store(boolean narrow, long iova, int value) {
    return narrow
        ? new int[] {Pm4Type3.packet(Pm4Opcode.MEM_WRITE, 2), (int) iova, value}
        : RawGpu.write(iova, value);
  }

  /** Packets with addresses of both files and of nobody, and now and then one of the kernel's. */
  private static int[] job(boolean narrow, long iova, long root, Random random) {
    List<Integer> dwords = new ArrayList<>();
    for (int i = 0; i < PACKETS_EACH; i++) {
      long a = address(iova, random);
      long b = address(iova, random);
      int value = random.nextInt();
      int[] packet = narrow ? narrow(a, b, value, root, random) : wide(a, b, value, root, random);
      for (int dword : packet) {
        dwords.add(dword);
      }
    }
    return dwords.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long address(long iova, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt() & 0xffff_fffcL;
      case 1 -> iova + 0x10000 + 4L * random.nextInt(DWORDS);
      default -> iova + 4L * random.nextInt(DWORDS);
    };
  }

  private static int[] wide(long a, long b, int value, long root, Random random) {
    int la = RawGpu.lo(a);
    int ha = RawGpu.hi(a);
    int lb = RawGpu.lo(b);
    int hb = RawGpu.hi(b);
    return switch (random.nextInt(14)) {
      case 0 -> new int[] {Pm4.packet(Pm4Opcode.MEM_WRITE, 3), la, ha, value};
      case 1 -> new int[] {Pm4.packet(Pm4Opcode.MEM_TO_MEM, 5), 0, la, ha, lb, hb};
      case 2 -> new int[] {Pm4.packet(Pm4Opcode.REG_TO_MEM, 3), value & 0x3ffff, la, ha};
      case 3 -> new int[] {Pm4.packet(Pm4Opcode.MEM_TO_REG, 3), value & 0x3ffff, la, ha};
      case 4 -> new int[] {Pm4.packet(Pm4Opcode.EVENT_WRITE, 4), 4, la, ha, value};
      case 5 -> new int[] {Pm4.packet(Pm4Opcode.MEMCPY, 5), 16, lb, hb, la, ha};
      case 6 ->
          new int[] {Pm4.packet(Pm4Opcode.COND_WRITE5, 8), 0x110, la, ha, 0, -1, lb, hb, value};
      case 7 -> new int[] {Pm4.packet(Pm4Opcode.SET_DRAW_STATE, 3), 0x00780004, la, ha};
      case 8 -> new int[] {Pm4.packet(Pm4Opcode.WHERE_AM_I, 2), la, ha};
      case 9 -> new int[] {Pm4.packet(Pm4Opcode.BLIT, 1), 3};
      case 10 -> new int[] {Pm4.writeRegisters(value & 0x3ffff, 1), la};
      case 11 -> new int[] {Pm4.packet(Pm4Opcode.SET_PROTECTED_MODE, 1), 0};
      case 12 ->
          new int[] {
            Pm4.packet(Pm4Opcode.SMMU_TABLE_UPDATE, 4), RawGpu.lo(root), RawGpu.hi(root), 0, 0
          };
      default ->
          new int[] {
            Pm4.packet(Pm4Opcode.SMMU_TABLE_UPDATE, 3), RawGpu.lo(root), RawGpu.hi(root), 0
          };
    };
  }

  private static int[] narrow(long a, long b, int value, long root, Random random) {
    int bank = (A3xx.BANK_WINDOW + Cb.TTBR0.offset()) >> 2;
    return switch (random.nextInt(9)) {
      case 0 -> new int[] {Pm4Type3.packet(Pm4Opcode.MEM_WRITE, 2), (int) a, value};
      case 1 -> new int[] {Pm4Type3.packet(Pm4Opcode.REG_TO_MEM, 2), value & 0x3ffff, (int) a};
      case 2 -> new int[] {Pm4Type3.packet(Pm4Opcode.MEM_TO_REG, 2), value & 0x3ffff, (int) a};
      case 3 -> new int[] {Pm4Type3.packet(Pm4Opcode.EVENT_WRITE, 3), 4, (int) b, value};
      case 4 ->
          new int[] {
            Pm4Type3.packet(Pm4Opcode.COND_WRITE5, 6), 0x110, (int) a, 0, -1, (int) b, value
          };
      case 5 -> new int[] {Pm4Type3.packet(Pm4Opcode.SET_PROTECTED_MODE, 1), 0};
      case 6 -> new int[] {Pm4Type3.packet(Pm4Opcode.INDIRECT_BUFFER, 2), (int) a, 8};
      case 7 -> new int[] {Pm4Type3.writeRegisters(bank, 2), RawGpu.lo(root), RawGpu.hi(root)};
      default ->
          new int[] {
            Pm4Type3.packet(Pm4Opcode.REG_WR_NO_CTXT, 3), bank, RawGpu.lo(root), RawGpu.hi(root)
          };
    };
  }

  /** A GPU's wires that lead to the bank after the driver's. */
  private static final class WiredElsewhere implements Interposer {
    @Override
    public ContextBankPort contextBanks(DtNode smmu, ContextBankPort port) {
      return new ContextBankPort() {
        @Override
        public void switchTable(int bank, long ttbr0, int contextIdr) {
          port.switchTable(bank + 1, ttbr0, contextIdr);
        }

        @Override
        public void invalidateAsid(int bank, int asid) {
          port.invalidateAsid(bank + 1, asid);
        }

        @Override
        public boolean isStalled(int bank) {
          return port.isStalled(bank);
        }
      };
    }

    @Override
    public MmioTarget contextBankWindow(DtNode iommu, MmioTarget window) {
      return new MmioTarget() {
        @Override
        public int read32(int offset) {
          return 0;
        }

        @Override
        public void write32(int offset, int value) {
          // another bank's register, which no stream uses
        }
      };
    }
  }
}
