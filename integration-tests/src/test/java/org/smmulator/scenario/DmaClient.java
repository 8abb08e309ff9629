package org.smmulator.scenario;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.kernel.Initcalls;

/**
 * Board virt with two more devices that do not snoop, one behind an SMMU and one without, bound to
 * a driver whose calls of the DMA API a test makes in its name.
 */
final class DmaClient implements AutoCloseable {
  static final int PAGE = 4096;

  /** A device behind an SMMU; its iovas are allocated down from 4 GiB. */
  static final String TRANSLATED = "b000000.dma";

  /** A device without an IOMMU; its addresses are physical. */
  static final String DIRECT = "b010000.dma";

  private static final String BOARD =
      """
      /dts-v1/;
      #include "virt.dts"
      &soc {
        dma@b000000 {
          compatible = "test,dma";
          reg = <0x0 0xb000000 0x0 0x1000>;
          iommus = <&smmu3 0x40>;
        };
        dma@b010000 {
          compatible = "test,dma";
          reg = <0x0 0xb010000 0x0 0x1000>;
        };
      };
      """;

  private static final class Driver implements PlatformDriver {
    @Override
    public String name() {
      return "dma-client";
    }

    @Override
    public ImmutableList<String> compatibles() {
      return ImmutableList.of("test,dma");
    }

    @Override
    public void probe(PlatformDevice device) {}
  }

  private static final class WithDriver extends Initcalls {
    @Override
    protected ImmutableList<PlatformDriver> registered(ImmutableList<PlatformDriver> compiledIn) {
      return ImmutableList.<PlatformDriver>builder().addAll(compiledIn).add(new Driver()).build();
    }
  }

  final Machine machine;
  private final PageOwner owner;

  private DmaClient(Machine machine) {
    this.machine = machine;
    this.owner = machine.pages().owner("test", PageZone.KERNEL);
  }

  static DmaClient boot(Path folder, KernelConfig config, boolean traced) throws Exception {
    Path board = Files.writeString(folder.resolve("dma.dts"), BOARD);
    var builder =
        Machine.on(new Boards().load(board.toString())).config(config).kernel(new WithDriver());
    return new DmaClient((traced ? builder.traced() : builder).boot());
  }

  PlatformDevice device(String name) {
    return requireNonNull(machine.devices().find(name));
  }

  long page() throws Exception {
    return machine.pages().alloc(0, owner);
  }

  /** Makes a list of pages that are not adjacent. */
  ScatterList pages(int count) throws Exception {
    ScatterList list = new ScatterList();
    for (int i = 0; i < count; i++) {
      list.add(page(), PAGE);
      var _ = page();
    }
    return list;
  }

  /** Maps a page as a driver should. */
  long map(String device, long pa, DmaDirection direction) {
    long dmaAddress = machine.dma().mapPage(device(device), pa, PAGE, direction);
    if (machine.dma().mappingError(device(device), dmaAddress)) {
      throw new AssertionError("not mapped");
    }
    return dmaAddress;
  }

  @Override
  public void close() {
    machine.close();
  }
}
