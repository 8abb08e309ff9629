package org.smmulator.report.exercise;

import static com.google.common.base.Verify.verifyNotNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;

/** A dump of a pagetable, and addresses to walk. */
final class WalkExercise implements Exercise {
  private static final long PAGE = 0x1000;

  /**
   * Whose domain has the table.
   *
   * @param blockBytes the size of a leaf above the last level
   */
  private record Master(String board, String device, long blockBytes, String format) {}

  private static final ImmutableList<Master> MASTERS =
      ImmutableList.of(
          new Master(
              "virt",
              "a080000.copy",
              2 << 20,
              "VMSAv8-64, stage 1, granule 4 KiB, entries of 8 bytes; bit 0: valid, bit 1: table or"
                  + " page, bits 47:12: address (Arm ARM D8.3)"),
          new Master(
              "snow",
              "10850000.g2d",
              1 << 20,
              "Samsung's sysmmu up to v3, entries of 4 bytes; bits 1:0 at level 1: 1 a table, 2 a"
                  + " section of 1 MiB; at level 2: 1 a large page of 64 KiB, 2 a page"
                  + " (drivers/iommu/exynos-iommu.c)"));

  @Override
  public Sheet make(Random random) throws BadInputException {
    Master master = MASTERS.get(random.nextInt(MASTERS.size()));
    return Bench.run(new Boards().load(master.board()), machine -> sheet(machine, master, random));
  }

  private static Sheet sheet(Machine machine, Master master, Random random) throws ErrnoException {
    Iommu iommu = machine.iommu();
    PlatformDevice device = verifyNotNull(machine.devices().find(master.device()));
    IommuDomain.Paging domain = iommu.allocPaging(device);
    try {
      List<Long> asked = map(iommu, domain, master, random);
      ImmutableList.Builder<Sheet.Question> questions = ImmutableList.builder();
      for (long iova : asked) {
        PgtableWalk walk = domain.explain(iova);
        questions.add(
            new Sheet.Question(
                "iova 0x%08x: which physical address, or a fault at which level?".formatted(iova),
                walk.pa().isPresent()
                    ? walk.toString()
                    : "%s: translation fault at level %d"
                        .formatted(walk, walk.steps().getLast().level())));
      }
      return new Sheet(task(domain, master), questions.build());
    } finally {
      iommu.free(domain);
    }
  }

  /** Maps pages and a block; returns addresses, mapped and not. */
  private static List<Long> map(
      Iommu iommu, IommuDomain.Paging domain, Master master, Random random) throws ErrnoException {
    List<Long> asked = new ArrayList<>();
    long region = (1L + random.nextInt(7)) << 28;
    for (int run = 0; run < 2; run++) {
      long iova = region + random.nextInt(0x100) * PAGE + run * (master.blockBytes() << 4);
      long pages = 1L + random.nextInt(3);
      long pa = 0x5000_0000L + random.nextInt(0x1000) * PAGE;
      iommu.map(domain, iova, pa, pages * PAGE, prot(random));
      asked.add(iova + random.nextInt((int) (pages * PAGE)));
      asked.add(iova + pages * PAGE + random.nextInt((int) PAGE));
    }
    long block = region + (3 + random.nextInt(8)) * master.blockBytes();
    long blockPa = 0x6000_0000L + random.nextInt(0x20) * master.blockBytes();
    iommu.map(domain, block, blockPa, master.blockBytes(), prot(random));
    asked.add(block + random.nextInt((int) master.blockBytes()));
    asked.add((region ^ 0x8000_0000L) | random.nextInt(0x1000));
    return asked;
  }

  private static int prot(Random random) {
    return random.nextBoolean() ? IommuProt.READ | IommuProt.WRITE : IommuProt.READ;
  }

  // ---- the dump

  private static ImmutableList<String> task(IommuDomain.Paging domain, Master master) {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    lines.add(
        "A table of %s. Its root is at 0x%x.".formatted(master.format(), domain.pagetableBase()));
    lines.add("All entries that are not zero:");
    Map<Long, PgtableWalk.Step> entries = new TreeMap<>();
    domain.forEachLeaf((iova, sizeBytes, pa, prot) ->
        domain.explain(iova).steps().forEach(step -> entries.put(step.entryPa(), step)));
    entries.values().forEach(step -> lines.add(line(step)));
    PgtableWalk first = domain.explain(0);
    if (first.steps().size() > 1 && !entries.containsKey(first.steps().get(0).entryPa())) {
      lines.add(
          "Every other entry of the root is 0x%08x, which points to a table of zeros."
              .formatted(first.steps().get(0).bits()));
    }
    return lines.build();
  }

  private static String line(PgtableWalk.Step step) {
    String digits = step.entryBits() == Long.SIZE ? "0x%016x" : "0x%08x";
    return "  0x%x  (entry %4d of its table)  %s"
        .formatted(step.entryPa(), step.index().value(), digits.formatted(step.bits()));
  }
}
