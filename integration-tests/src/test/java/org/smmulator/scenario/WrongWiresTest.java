package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.CopyController;
import org.smmulator.engines.SdController;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.CpuMemory;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.userspace.Client;

/**
 * The mistakes of a board's first days: the tree says something else than the wires. What the wires
 * do stands in {@code smmulator,*} properties, which no software reads.
 */
@SuppressWarnings("NullAway.Init") // each test boots first
class WrongWiresTest {
  private static final String VIRT = "/dts-v1/;\n#include \"virt.dts\"\n";
  private static final int PAGE = 4096;

  @TempDir Path folder;

  private Machine machine;

  @AfterEach
  void close() {
    if (machine != null) {
      machine.close();
    }
  }

  @Test
  void aWrongStreamIdIsUnknownToTheSmmu() throws Exception {
    boot("&usb0 { smmulator,master = <&smmu_compute 0x5>; };"); // the tree says 0x1

    writeToUsb();

    assertThat(log()).contains("9100000.iommu: Blocked unknown Stream ID 0x5; boot with");
  }

  @Test
  void aMasterWhoseNodeLacksIommusIsBehindItsSmmuAllTheSame() throws Exception {
    boot("&usb0 { /delete-property/ iommus; smmulator,master = <&smmu_compute 0x1>; };");

    writeToUsb();

    assertThat(machine.iommu().groupOf(requireNonNull(device("a030000.usb")))).isNull();
    assertThat(log()).contains("9100000.iommu: Blocked unknown Stream ID 0x1; boot with");
  }

  @Test
  void aMasterThatIsWiredAsItsNodeSaysGetsItsBytes() throws Exception {
    boot("&usb0 { smmulator,master = <&smmu_compute 0x1>; smmulator,snoops = <0>; };");
    Client client = machine.host("client");
    int usb = client.open("/dev/sgusb0");

    assertThat(client.write(usb, new byte[] {1, 2, 3})).isEqualTo(3);
    assertThat(client.read(usb, 3)).isEqualTo(new byte[] {1, 2, 3});
    assertThat(log()).doesNotContain("Blocked");
  }

  @Test
  void aDeviceThatIsCoherentInTheTreeAloneReadsWhatWasInMemoryBefore() throws Exception {
    boot("&copy0 { smmulator,snoops = <0>; };"); // it has dma-coherent

    assertThat(copied()).isEqualTo(0);
  }

  @Test
  void aDeviceThatSnoopsAsTheTreeSaysReadsWhatTheCpuWrote() throws Exception {
    boot("");

    assertThat(copied()).isEqualTo(2);
  }

  @Test
  void anSmmusDriverOverridesWhatItsSiliconSaysOfCoherentWalks() throws Exception {
    boot("&smmu_all { smmulator,snoops = <0>; };\n&smmu3 { smmulator,snoops = <0>; };");

    assertThat(log())
        .containsMatch("9130000.iommu: \t\\(IDR0.CTTW overridden by FW configuration\\)");
    assertThat(log()).contains("9050000.iommu: IDR0.COHACC overridden by FW configuration (true)");
    assertThat(log()).doesNotContainMatch("9120000.iommu: \t\\(IDR0.CTTW overridden");
  }

  @Test
  void aRegisterSpaceOfAnotherSizeThanInTheTreeIsNoticed() throws Exception {
    boot("&smmu_all { reg = <0 0x9130000 0 0x20000>; smmulator,register-space = <0x10000>; };");

    assertThat(log())
        .contains("SMMU address space size (0x10000) differs from mapped region size (0x20000)!");
  }

  @Test
  void aBusThatShowsMemoryElsewhereThanTheTreeSaysEndsInABusError() throws Exception {
    Path board = CardOnABus.write(folder, "", "<0x0 0x0 0x40000000 0x40000000>", "");
    Files.writeString(
        board,
        "&{/soc@0/bus@c000000} { smmulator,windows = <0x80000000 0 0x40000000 0x40000000>; };\n",
        UTF_8,
        StandardOpenOption.APPEND);
    machine = Machine.on(new Boards().load(board.toString())).boot();
    SdController card = requireNonNull(device(CardOnABus.NAME).find(SdController.class));
    long pa = machine.pages().alloc(0, machine.pages().owner("test", PageZone.KERNEL));

    var e =
        assertThrows(
            ErrnoException.class,
            () -> CardOnABus.roundTrip(machine, card, pa, CardOnABus.randomBytes(512)));

    assertThat(e.errno()).isEqualTo(Errno.EIO);
  }

  private void boot(String changes) throws Exception {
    Path board = Files.writeString(folder.resolve("board.dts"), VIRT + changes, UTF_8);
    KernelConfig config = KernelConfig.defaults().with("cpu.cache", "write-back");
    machine = Machine.on(new Boards().load(board.toString())).config(config).boot();
  }

  private void writeToUsb() throws Exception {
    Client client = machine.host("client");
    int usb = client.open("/dev/sgusb0");
    assertThrows(ErrnoException.class, () -> client.write(usb, new byte[PAGE]));
    machine.settle();
  }

  /** Writes 2 by the CPU, which no driver flushes for a coherent device, and has copy0 copy it. */
  private int copied() throws Exception {
    PlatformDevice engine = device("a000000.copy");
    CpuMemory cpu = machine.pages().cpu();
    PageOwner owner = machine.pages().owner("test", PageZone.KERNEL);
    long from = machine.pages().alloc(0, owner);
    long to = machine.pages().alloc(0, owner);
    int[] found = new int[1];
    KernelThread.run(
        machine,
        () -> {
          long source = machine.dma().mapPage(engine, from, PAGE, TO_DEVICE);
          long target = machine.dma().mapPage(engine, to, PAGE, FROM_DEVICE);
          cpu.store(from, 4, 2);
          machine.dma().syncForDevice(engine, source, 4, TO_DEVICE);
          requireNonNull(engine.find(CopyController.class))
              .copy(source, target, 4, CopyController.NO_PASID);
          machine.dma().unmapPage(engine, source, PAGE, TO_DEVICE);
          machine.dma().unmapPage(engine, target, PAGE, FROM_DEVICE);
          found[0] = (int) cpu.load(to, 4);
        });
    return found[0];
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
