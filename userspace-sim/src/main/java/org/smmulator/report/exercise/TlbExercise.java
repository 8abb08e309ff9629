package org.smmulator.report.exercise;

import static com.google.common.base.Verify.verifyNotNull;

import com.google.common.collect.ImmutableList;
import java.util.Random;
import java.util.TreeMap;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.trace.WireListener;
import org.smmulator.report.trace.WireTap;

/** Accesses of a device and calls of its driver: which translation is there, and which is stale? */
final class TlbExercise implements Exercise {
  private static final int CALLS = 14;
  private static final long PAGE = 0x1000;
  private static final long FIRST_IOVA = 0x10_0000;
  private static final int IOVAS = 3;

  /** A carve-out of the board, which nobody else uses. */
  private static final long MEMORY = 0x7f00_0000L;

  private static final String PAGES = "ABCD";
  private static final String DEVICE = "a000000.copy";

  /** As long as the interrupt of a fault needs. */
  private static final long BUS_ERROR_NS = 20_000;

  @Override
  public Sheet make(Random random) throws BadInputException {
    Wire wire = new Wire();
    return Bench.run(
        new Boards().load("virt"),
        new WireTap(wire),
        machine -> new Run(machine, wire, random).sheet());
  }

  /** Remembers of the last access whether the IOMMU had to walk. */
  private static final class Wire implements WireListener {
    private boolean missed;

    @Override
    public void accessed(
        DtNode iommu, int streamId, long iova, int access, long pa, boolean filled) {
      missed = filled;
    }
  }

  /** A domain of a copy engine, whose driver gathers invalidations, and may forget them. */
  private static final class Run {
    private final Machine machine;
    private final Wire wire;
    private final Random random;
    private final Iommu iommu;
    private final IommuDomain.Paging domain;
    private final BusMaster port;

    /** The pages that are mapped now, by their iovas. */
    private final TreeMap<Long, Integer> mapped = new TreeMap<>();

    private final ImmutableList.Builder<Sheet.Question> questions = ImmutableList.builder();

    Run(Machine machine, Wire wire, Random random) throws ErrnoException {
      this.machine = machine;
      this.wire = wire;
      this.random = random;
      this.iommu = machine.iommu();
      PlatformDevice copy = verifyNotNull(machine.devices().find(DEVICE));
      machine.devices().unbind(copy);
      this.domain = iommu.allocPaging(copy);
      iommu.attach(domain, copy);
      this.port = machine.busPort(copy);
      for (int page = 0; page < PAGES.length(); page++) {
        machine.dram().putInt(pa(page), page);
      }
    }

    private static long pa(int page) {
      return MEMORY + page * PAGE;
    }

    Sheet sheet() throws ErrnoException {
      map(FIRST_IOVA);
      access(FIRST_IOVA);
      for (int call = 2; call < CALLS; call++) {
        long iova = FIRST_IOVA + random.nextInt(IOVAS) * PAGE;
        switch (random.nextInt(6)) {
          case 0 -> flush();
          case 1, 2 -> change(iova);
          default -> access(iova);
        }
      }
      access(FIRST_IOVA);
      return new Sheet(
          ImmutableList.of(
              "A device is behind an SMMUv3, whose TLB has room for all that happens here, and"
                  + " keeps no failed walks. It is empty at first.",
              "Pages A to D hold the letters. What does each access find: is it a hit, and is what"
                  + " it finds what the table says?"),
          questions.build());
    }

    private void map(long iova) throws ErrnoException {
      int page = random.nextInt(PAGES.length());
      iommu.map(domain, iova, pa(page), PAGE, IommuProt.READ);
      mapped.put(iova, page);
      tell("the driver maps 0x%x to %c".formatted(iova, PAGES.charAt(page)));
    }

    private void change(long iova) throws ErrnoException {
      if (!mapped.containsKey(iova)) {
        map(iova);
        return;
      }
      mapped.remove(iova);
      if (random.nextInt(3) == 0) {
        var _ = iommu.unmap(domain, iova, PAGE);
        tell("the driver unmaps 0x%x and invalidates it".formatted(iova));
      } else {
        var _ = iommu.unmapFast(domain, iova, PAGE, new IotlbGather());
        tell("the driver unmaps 0x%x and does not invalidate".formatted(iova));
      }
    }

    private void flush() {
      iommu.flushIotlbAll(domain);
      tell("the driver invalidates all");
    }

    private void tell(String what) {
      questions.add(new Sheet.Question(what, "the table maps " + listed()));
    }

    private String listed() {
      StringBuilder text = new StringBuilder();
      mapped.forEach((iova, page) ->
          text.append(text.isEmpty() ? "" : ", ")
              .append("0x%x to %c".formatted(iova, PAGES.charAt(page))));
      return text.isEmpty() ? "nothing" : text.toString();
    }

    private void access(long iova) {
      int found = port.load32(iova);
      boolean refused = port.aborted();
      boolean hit = !refused && !wire.missed;
      if (refused) {
        machine.scheduler().sleep(BUS_ERROR_NS);
      }
      questions.add(
          new Sheet.Question(
              "the device reads at 0x%x".formatted(iova), answer(iova, found, refused, hit)));
    }

    private String answer(long iova, int found, boolean refused, boolean hit) {
      if (refused) {
        return "a miss, and the table maps nothing there: translation fault";
      }
      long now = iommu.iovaToPhys(domain, iova);
      String read = "%s: %c".formatted(hit ? "a hit" : "a miss", PAGES.charAt(found));
      if (now == pa(found)) {
        return read + ", as the table says";
      }
      return read
          + (now == 0
              ? ", stale: nothing is mapped there"
              : ", stale: the table says " + PAGES.charAt((int) ((now - MEMORY) / PAGE)));
    }
  }
}
