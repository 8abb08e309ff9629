package org.smmulator.scenario.arguments;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.CopyController;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.scenario.CommandRun;
import org.smmulator.scenario.CopyNode;
import org.smmulator.uapi.engines.CopyAlloc;
import org.smmulator.userspace.Client;

/**
 * The argument of 2014: who makes the domain that the DMA API uses, and who shares it. The same
 * script under each {@code arch.dma-domain}: a process has a buffer for one copy engine, and
 * another process asks its own engine for what lies at that buffer's address.
 */
class WhoOwnsTheDmaDomainTest {
  @TempDir Path folder;

  private static final int SECRET = 0x5ec2e7;
  private static final ImmutableList<String> BEHIND_SMMU3 =
      ImmutableList.of(
          "a000000.copy", "a010000.msi", "a020000.mmc", "a080000.copy", "a090000.copy");

  @Test
  void perDeviceNobodyReachesAnothersBuffer() throws Exception {
    try (Trial trial = Trial.on("virt")) {
      assertThat(reads(trial, "/dev/copy0", "/dev/copy2")).isFalse();
      assertThat(reads(trial, "/dev/copy2", "/dev/copy0")).isFalse();
      assertThat(reads(trial, "/dev/copy0", "/dev/copy1")).isFalse();
      assertThat(reads(trial, "/dev/copy0", "/dev/copy0")).isTrue();

      assertThat(dmaDomains(trial)).hasSize(9); // one for each device that has an IOMMU
      assertThat(cardWorks(trial)).isTrue();
    }
  }

  @Test
  void perInstanceEveryoneBehindAnSmmuReachesWhatAnyOfThemMapped() throws Exception {
    try (Trial trial = Trial.on("virt", "arch.dma-domain=per-iommu-instance")) {
      assertThat(reads(trial, "/dev/copy0", "/dev/copy2")).isTrue();
      assertThat(reads(trial, "/dev/copy2", "/dev/copy0")).isTrue();
      // Engine 1 is behind another SMMU.
      assertThat(reads(trial, "/dev/copy0", "/dev/copy1")).isFalse();

      assertThat(dmaDomains(trial)).hasSize(5); // one for each SMMU
      IommuDomain shared = trial.group("a000000.copy").defaultDomain();
      for (String device : BEHIND_SMMU3) {
        assertWithMessage(device)
            .that(trial.group(device).defaultDomain())
            .isSameInstanceAs(shared);
      }
      assertThat(cardWorks(trial)).isTrue();
    }
  }

  @Test
  void ofTheListedDevicesOnlyTheCardHostIsInADomainAndTheOthersReachNothing() throws Exception {
    try (Trial trial = Trial.on("virt", "arch.dma-domain=listed-devices")) {
      assertThat(dmaDomains(trial)).hasSize(1);
      assertThat(trial.group("a020000.mmc").defaultDomain()).isInstanceOf(IommuDomain.Paging.class);
      assertThat(trial.group("a000000.copy").domain()).isEqualTo(IommuDomain.Fixed.BLOCKED);
      assertThat(cardWorks(trial)).isTrue();

      // Its DMA API is direct, so the address is physical, and leads nowhere: not even for itself.
      assertThat(trial.device("a000000.copy").find(DmaOps.class)).isNull();
      assertThat(reads(trial, "/dev/copy0", "/dev/copy0")).isFalse();
    }
  }

  /** A second host behind the first one's SMMU, and an engine behind a sysmmu. */
  private static final String MORE_HOSTS =
      Sysmmus.CLOCKS
          + """
          &mmc1 { iommus = <&smmu3 0x31>; };
          &soc {
            sys: sysmmu@c000000 { reg = <0x0 0xc000000 0x0 0x1000>; interrupts = <0 60 4>; SYSMMU };
          };
          &copy1 { iommus = <&sys>; };
          """
              .replace("SYSMMU", Sysmmus.V5);

  @Test
  void listedDevicesBehindOneSmmuShareTheReservedDomain() throws Exception {
    try (Trial trial =
        Trial.derived(folder, "virt", MORE_HOSTS, "arch.dma-domain=listed-devices")) {
      IommuDomain shared = requireNonNull(trial.group("a020000.mmc").domain());
      assertThat(shared).isInstanceOf(IommuDomain.Paging.class);
      assertThat(trial.group("a070000.mmc").domain()).isSameInstanceAs(shared);
      assertThat(cardWorks(trial)).isTrue();

      // What one of them maps is mapped for the other.
      trial.inKernel(() -> {
        long page = trial.pages(1);
        trial.machine.dram().putLong(page, SECRET);
        long at =
            trial
                .machine
                .dma()
                .mapPage(trial.device("a020000.mmc"), page, Trial.PAGE, DmaDirection.TO_DEVICE);
        assertThat(trial.machine.iommu().iovaToPhys(shared, at)).isEqualTo(page);
      });
    }
  }

  @Test
  void behindASysmmuWhichCannotBlockAnUnlistedDeviceIsInAnEmptyDomain() throws Exception {
    try (Trial trial =
        Trial.derived(folder, "virt", MORE_HOSTS, "arch.dma-domain=listed-devices")) {
      Iommu iommu = trial.machine.iommu();
      Device device = trial.device("a050000.copy");
      trial.inKernel(() -> {
        trial.wake("a050000.copy");
        long page = trial.pages(1);
        IommuDomain home = requireNonNull(iommu.domainOf(device));
        ((IommuDomain.Paging) home)
            .forEachLeaf((iova, size, pa, prot) -> fail("something is mapped in it"));

        IommuDomain.Paging own = iommu.allocPaging(device);
        iommu.attach(own, device);
        iommu.map(own, 0x10_0000, page, Trial.PAGE, IommuProt.READ | IommuProt.WRITE);
        trial.copy("a050000.copy").copy(0x10_0000, 0x10_0040, 8, CopyController.NO_PASID);
      });
    }
  }

  @Test
  void whatEachSideMakesIsCounted() throws Exception {
    assertThat(made("per-device")).isEqualTo(new Made(8, 8, 8));
    assertThat(made("per-iommu-instance")).isEqualTo(new Made(4, 4, 4));
    assertThat(made("listed-devices")).isEqualTo(new Made(1, 1, 1));
  }

  /** Domains of the DMA API, tables that take up memory, and allocators of iovas. */
  private record Made(int domains, int tables, int allocators) {}

  private Made made(String side) throws Exception {
    String noVideo = "&video0 { status = \"disabled\"; };"; // its driver makes a domain too
    try (Trial trial = Trial.derived(folder, "virt", noVideo, "arch.dma-domain=" + side)) {
      Set<Object> allocators = Collections.newSetFromMap(new IdentityHashMap<>());
      for (IommuDomain domain : dmaDomains(trial)) {
        allocators.add(requireNonNull(((IommuDomain.Paging) domain).cookie(Object.class)));
      }
      long tables =
          trial.machine.pages().owners().stream()
              .filter(owner -> owner.what().equals("pagetable"))
              .map(PageOwner::holder)
              .distinct()
              .count();
      return new Made(dmaDomains(trial).size(), (int) tables, allocators.size());
    }
  }

  @Test
  void anUnlistedDeviceReachesWhatItsDriverMapsOnceThatAttachesADomain() throws Exception {
    try (Trial trial = Trial.on("virt", "arch.dma-domain=listed-devices")) {
      Iommu iommu = trial.machine.iommu();
      Device device = trial.device("a000000.copy");
      CopyController copy = trial.copy("a000000.copy");
      trial.inKernel(() -> {
        long page = trial.pages(1);
        trial.machine.dram().putLong(page, SECRET);
        ErrnoException before =
            assertThrows(
                ErrnoException.class, () -> copy.copy(page, page + 64, 8, CopyController.NO_PASID));
        assertThat(before.errno()).isEqualTo(Errno.EIO);

        IommuDomain.Paging own = iommu.allocPaging(device);
        iommu.attach(own, device);
        iommu.map(own, 0x10_0000, page, Trial.PAGE, IommuProt.READ | IommuProt.WRITE);
        copy.copy(0x10_0000, 0x10_0040, 8, CopyController.NO_PASID);

        assertThat(trial.machine.dram().getLong(page + 64)).isEqualTo(SECRET);
      });
    }
  }

  @Test
  void theTreeThatBootPrintsShowsWhichGroupsShareADomain() {
    ImmutableList<String> apart = boot("virt");
    ImmutableList<String> together = boot("virt", "--set", "arch.dma-domain=per-iommu-instance");

    assertThat(apart).contains("  group 4: translated, ASID 1: a000000.copy");
    assertThat(apart).contains("  group 7: translated, ASID 4: a080000.copy");
    assertThat(together)
        .containsAtLeast(
            "9050000.iommu (arm-smmu-v3)",
            "  group 4: translated, ASID 1, shared with 5, 6, 7, 8: a000000.copy",
            "  group 5: translated, ASID 1, shared with 4, 6, 7, 8: a010000.msi",
            "  group 6: translated, ASID 1, shared with 4, 5, 7, 8: a020000.mmc",
            "  group 7: translated, ASID 1, shared with 4, 5, 6, 8: a080000.copy",
            "  group 8: translated, ASID 1, shared with 4, 5, 6, 7: a090000.copy")
        .inOrder();
    assertThat(together).contains("  group 3: translated, context bank 0: a060000.usb");
  }

  // ---- the script

  private static final ImmutableMap<String, String> ENGINES =
      ImmutableMap.of(
          "/dev/copy0", "a000000.copy", "/dev/copy1", "a050000.copy", "/dev/copy2", "a080000.copy");

  /**
   * Tells whether {@code thief}'s engine reads a buffer of {@code owner}'s engine. It is the kernel
   * that tells the engine to: a process may name its own buffers only.
   */
  private static boolean reads(Trial trial, String owner, String thief) throws ErrnoException {
    Client one = trial.machine.host("owner");
    Client other = trial.machine.host("thief");
    int ownerFd = one.open(owner);
    int thiefFd = other.open(thief);
    try {
      // Addresses count down from the same top in each domain: the owner's lies below the thief's.
      for (int i = 0; i < 4; i++) {
        var _ = new CopyNode(one, ownerFd).alloc(Trial.PAGE);
      }
      CopyAlloc secret = new CopyNode(one, ownerFd).alloc(Trial.PAGE);
      one.store32(one.mmap(ownerFd, secret.offset(), Trial.PAGE), SECRET);
      CopyAlloc mine = new CopyNode(other, thiefFd).alloc(Trial.PAGE);
      long mineVa = other.mmap(thiefFd, mine.offset(), Trial.PAGE);
      other.store32(mineVa, 0);
      CopyController engine = trial.copy(requireNonNull(ENGINES.get(thief)));
      String outcome =
          trial.outcome(() ->
              engine.copy(
                  secret.address(), mine.address(), Integer.BYTES, CopyController.NO_PASID));
      assertThat(outcome).isAnyOf(Trial.WORKS, Errno.EIO.name());
      return other.load32(mineVa) == SECRET;
    } finally {
      one.exit();
      other.exit();
      trial.machine.settle();
    }
  }

  private static boolean cardWorks(Trial trial) throws ErrnoException {
    Client client = trial.machine.host("dd");
    int card = client.open("/dev/mmcblk0");
    byte[] block = new byte[512];
    block[17] = 42;
    assertThat(client.pwrite(card, block, 0)).isEqualTo(512);
    return client.pread(card, 512, 0)[17] == 42;
  }

  private static ImmutableSet<IommuDomain> dmaDomains(Trial trial) {
    return trial.machine.iommu().groups().stream()
        .map(IommuGroup::defaultDomain)
        .filter(IommuDomain.Paging.class::isInstance)
        .collect(ImmutableSet.toImmutableSet());
  }

  private static ImmutableList<String> boot(String... args) {
    CommandRun run =
        CommandRun.of(
            ImmutableList.<String>builder().add("boot").add(args).build().toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(0);
    return run.lines();
  }
}
