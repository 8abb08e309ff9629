package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.CopyController;
import org.smmulator.engines.CopyJob;
import org.smmulator.engines.MsiController;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;

/** Engines in domains of their own behind one SMMUv2: what is not mapped faults, for them alone. */
class VirtFaultsTest {
  /** Two copy engines and a message device, all behind the SMMUv2 with all granules. */
  private static final String BOARD =
      """
      /dts-v1/;
      #include "virt.dts"
      &copy0 { iommus = <&smmu_all 0x10>; };
      &copy1 { iommus = <&smmu_all 0x11>; };
      &msi0 { iommus = <&smmu_all 0x20>; };
      """;

  private static final long IOVA = 0x10_0000;
  private static final int PAGE = 4096;
  private static final int READ_WRITE = IommuProt.READ | IommuProt.WRITE;

  private Machine machine;

  @BeforeEach
  void boot(@TempDir Path folder) throws Exception {
    Path board = Files.writeString(folder.resolve("one-smmu.dts"), BOARD);
    machine = Machine.on(new Boards().load(board.toString())).boot();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aMessageIsAStoreThatTheSmmuTranslatesSoTheDoorbellMustBeMapped() throws Exception {
    PlatformDevice device = device("a010000.msi");
    MsiController msi = requireNonNull(device.find(MsiController.class));
    long doorbell = msi.vector().doorbellPa();

    inKernel(() -> {
      IommuDomain.Paging domain = machine.iommu().allocPaging(device);
      machine.iommu().attach(domain, device);
      msi.trigger();
      machine.scheduler().sleep(100_000);
      assertThat(msi.lost()).isEqualTo(1);
      assertThat(msi.interrupts()).isEqualTo(0);

      long page = msi.doorbellAddress() & -PAGE;
      machine.iommu().map(domain, page, doorbell & -PAGE, PAGE, IommuProt.WRITE | IommuProt.MMIO);
      msi.trigger();
      msi.await(1, 1_000_000);
    });

    assertThat(log()).contains("Unhandled context fault");
  }

  @Test
  void aCopyThatFaultsEndsAndTheNextInItsDomainGoesOn() throws Exception {
    PlatformDevice device = device("a000000.copy");
    CopyController copy = copy(device);
    long from = pages(2);
    long to = pages(2);
    machine.dram().putLong(from + 8, 0xcafe);

    inKernel(() -> {
      IommuDomain.Paging domain = machine.iommu().allocPaging(device);
      machine.iommu().attach(domain, device);
      machine.iommu().map(domain, IOVA, from, 2 * PAGE, IommuProt.READ);
      machine.iommu().map(domain, 2 * IOVA, to, 2 * PAGE, READ_WRITE);
      CopyJob stray = copy.start(IOVA + PAGE, 2 * IOVA + PAGE, 2 * PAGE, CopyController.NO_PASID);

      ErrnoException past = assertThrows(ErrnoException.class, stray::await);
      // One after the other: while a fault is outstanding the bank refuses all, as HUPCF is 0.
      CopyJob readOnly = copy.start(2 * IOVA, IOVA, 16, CopyController.NO_PASID);
      ErrnoException refused = assertThrows(ErrnoException.class, readOnly::await);
      copy.copy(IOVA, 2 * IOVA, PAGE, CopyController.NO_PASID);
      assertThat(past.errno()).isEqualTo(Errno.EIO);
      assertThat(stray.copiedBytes()).isEqualTo(PAGE);
      assertThat(refused.errno()).isEqualTo(Errno.EIO);
    });

    assertThat(machine.dram().getLong(to + 8)).isEqualTo(0xcafe);
    assertThat(machine.dram().getLong(from + 8)).isEqualTo(0xcafe);
  }

  @Test
  void theSameAddressLeadsTwoEnginesToTheirOwnMemoryAndNeitherToTheOthers() throws Exception {
    PlatformDevice one = device("a000000.copy");
    PlatformDevice two = device("a050000.copy");
    long ofOne = pages(1);
    long ofTwo = pages(1);
    machine.dram().putLong(ofOne, 0x1111);
    machine.dram().putLong(ofTwo, 0x2222);

    inKernel(() -> {
      for (PlatformDevice device : ImmutableList.of(one, two)) {
        IommuDomain.Paging domain = machine.iommu().allocPaging(device);
        machine.iommu().attach(domain, device);
        long pa = device.name().equals(one.name()) ? ofOne : ofTwo;
        machine.iommu().map(domain, IOVA, pa, PAGE, READ_WRITE);
      }
      copy(one).copy(IOVA, IOVA + 64, 8, CopyController.NO_PASID);
      copy(two).copy(IOVA, IOVA + 64, 8, CopyController.NO_PASID);

      CopyJob physical = copy(two).start(ofOne, IOVA + 128, 8, CopyController.NO_PASID);
      assertThat(assertThrows(ErrnoException.class, physical::await).errno()).isEqualTo(Errno.EIO);
    });

    assertThat(machine.dram().getLong(ofOne + 64)).isEqualTo(0x1111);
    assertThat(machine.dram().getLong(ofTwo + 64)).isEqualTo(0x2222);
    assertThat(machine.dram().getLong(ofTwo + 128)).isEqualTo(0);
  }

  private static CopyController copy(PlatformDevice device) {
    return requireNonNull(device.find(CopyController.class));
  }

  private void inKernel(KernelThread.Body body) throws Exception {
    KernelThread.run(machine, body);
  }

  private long pages(int count) throws ErrnoException {
    return machine.pages().allocRun(count, machine.pages().owner("test", PageZone.CLIENT));
  }

  private PlatformDevice device(String name) {
    return requireNonNull(machine.devices().find(name));
  }

  private String log() {
    StringBuilder log = new StringBuilder();
    machine.dmesg().lines().forEach(line -> log.append(line).append('\n'));
    return log.toString();
  }
}
