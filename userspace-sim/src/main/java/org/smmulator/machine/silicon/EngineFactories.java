package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableList;
import java.util.stream.IntStream;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.engines.CopyEngine;
import org.smmulator.hw.engines.MsiDevice;
import org.smmulator.hw.engines.SdHost;
import org.smmulator.hw.engines.SgUsb;
import org.smmulator.hw.engines.VideoEngine;
import org.smmulator.hw.gic.V2mFrame;
import org.smmulator.kernel.firmware.DtNode;

/** Makes the engines of board {@code virt} from their nodes. */
final class EngineFactories {
  /** As the GIC counts. Kernel: {@code V2M_MAX_SPI} in {@code drivers/irqchip/irq-gic-v2m.c}. */
  private static final int LAST_SPI = 1019;

  private EngineFactories() {}

  static void copy(DtNode node, Motherboard board) {
    int channels = node.cell("dma-channels");
    int pasidBits = node.cell("pasid-num-bits", 0);
    CopyEngine engine =
        board
            .silicon(node)
            .make(
                "a copy engine",
                () ->
                    new CopyEngine(
                        node.name(),
                        channels,
                        pasidBits,
                        Timing.ENGINES,
                        board.timebase(),
                        board.master(node),
                        board.interrupt(node, 0)));
    board.registers(node, 0, engine.mmio());
  }

  static void usb(DtNode node, Motherboard board) {
    SgUsb usb =
        new SgUsb(
            node.name(),
            Timing.ENGINES,
            board.timebase(),
            board.master(node),
            board.interrupt(node, 0));
    board.registers(node, 0, usb.mmio());
  }

  static void video(DtNode node, Motherboard board) {
    VideoEngine video =
        new VideoEngine(
            node.name(),
            Timing.ENGINES,
            board.timebase(),
            board.master(node),
            board.interrupt(node, 0));
    board.registers(node, 0, video.mmio());
  }

  static void sdHost(DtNode node, Motherboard board) {
    SdHost host =
        new SdHost(
            node.name(),
            board.silicon(node).positive("smmulator,card-blocks"),
            Timing.ENGINES,
            board.timebase(),
            board.master(node),
            board.interrupt(node, 0));
    board.registers(node, 0, host.mmio());
  }

  static void msi(DtNode node, Motherboard board) {
    MsiDevice device =
        new MsiDevice(node.name(), Timing.ENGINES, board.timebase(), board.master(node));
    board.registers(node, 0, device.mmio());
  }

  static void v2m(DtNode node, Motherboard board) {
    Silicon silicon = board.silicon(node);
    int first = silicon.positive("smmulator,msi-base-spi");
    int count = silicon.positive("smmulator,msi-num-spis");
    if (first > LAST_SPI || count > LAST_SPI + 1 - first) {
      throw silicon.wrong("smmulator,msi-num-spis", "the last SPI has the number " + LAST_SPI);
    }
    ImmutableList<IrqPin> pins =
        IntStream.range(first, first + count)
            .mapToObj(board::interrupt)
            .collect(ImmutableList.toImmutableList());
    V2mFrame frame = silicon.make("a frame", () -> new V2mFrame(first, pins));
    board.registers(node, 0, frame.mmio());
  }
}
