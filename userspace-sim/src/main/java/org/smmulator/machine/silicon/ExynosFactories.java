package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.decon.Decon;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.display.PictureSink;
import org.smmulator.hw.display.TimingGenerator;
import org.smmulator.hw.fimd.Fimd;
import org.smmulator.hw.g2d.Fimg2d;
import org.smmulator.hw.gsc.Gscaler;
import org.smmulator.hw.hdmi.HdmiTransmitter;
import org.smmulator.hw.mic.DispSysreg;
import org.smmulator.hw.mic.Mic;
import org.smmulator.hw.mixer.Mixer;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.regs.mic.MicRegs;

/** Makes the engines of Exynos boards from their nodes. */
final class ExynosFactories {
  private static final long NS_A_SECOND = 1_000_000_000;
  private static final int USUAL_REFRESH_HZ = 60;

  private ExynosFactories() {}

  static void g2d(DtNode node, Motherboard board) {
    Fimg2d engine =
        new Fimg2d(
            node.name(),
            Timing.ENGINES,
            board.timebase(),
            board.master(node),
            board.interrupt(node, 0));
    board.registers(node, 0, engine.mmio());
  }

  static void gsc(DtNode node, Motherboard board) {
    Gscaler engine =
        new Gscaler(
            node.name(),
            Timing.ENGINES,
            board.timebase(),
            board.master(node),
            board.interrupt(node, 0));
    board.registers(node, 0, engine.mmio());
  }

  /** Makes a DECON and its panel, which {@code smmulator,refresh-hz} gives another refresh. */
  static void decon(DtNode node, Motherboard board) {
    int ports = Math.max(1, node.references("iommus", "#iommu-cells").size());
    ImmutableList<BusMaster> masters =
        IntStream.range(0, ports)
            .mapToObj(index -> board.master(node, index))
            .collect(ImmutableList.toImmutableList());
    Panel panel = new Panel();
    Decon decon =
        new Decon(
            node.name(),
            refreshNs(node, board),
            board.timebase(),
            masters,
            interrupt(node, board, "vsync"),
            interrupt(node, board, "lcd_sys"),
            inFrontOf(panel, node, board));
    board.registers(node, 0, decon.mmio());
    board.panel(node, panel);
  }

  /** Returns the MIC that the controller's port leads to, in front of the panel; else the panel. */
  private static PictureSink inFrontOf(Panel panel, DtNode controller, Motherboard board) {
    DtNode mic = behindPort(controller);
    if (mic == null || !mic.isAvailable() || !mic.isCompatible("samsung,exynos5433-mic")) {
      return panel;
    }
    DtNode sysreg = mic.reference("samsung,disp-syscon");
    if (sysreg == null) {
      throw mic.wrong("samsung,disp-syscon", "expected the system registers of the display block");
    }
    Mic made = new Mic(board.dispSysregOf(sysreg), board.powerAndClocksOf(mic), panel);
    board.registers(mic, 0, MicRegs.WINDOW_BYTES, made.mmio(), board.powerAndClocksOf(mic));
    return made;
  }

  /** Returns the device at the other end of the node's first port; null if there is none. */
  private static @Nullable DtNode behindPort(DtNode node) {
    DtNode ports = node.child("ports");
    DtNode port = ports == null ? node.child("port") : ports.child("port@0");
    DtNode endpoint = port == null ? null : port.child("endpoint");
    DtNode remote = endpoint == null ? null : endpoint.reference("remote-endpoint");
    DtNode device = remote == null ? null : remote.parent();
    while (device != null && device.baseName().startsWith("port")) {
      device = device.parent();
    }
    return device;
  }

  /** Makes the system registers of a display block. */
  static void dispSysreg(DtNode node, Motherboard board) {
    DispSysreg made = new DispSysreg();
    board.registers(node, 0, made.mmio());
    board.dispSysreg(node, made);
  }

  /** Makes a FIMD and its panel, which {@code smmulator,refresh-hz} gives another refresh. */
  static void fimd(DtNode node, Motherboard board) {
    Panel panel = new Panel();
    Fimd fimd =
        new Fimd(
            node.name(),
            refreshNs(node, board),
            board.timebase(),
            board.master(node),
            interrupt(node, board, "vsync"),
            panel);
    board.registers(node, 0, fimd.mmio());
    board.panel(node, panel);
  }

  /**
   * Makes a mixer, which runs by the timing of HDMI and sends its lines there; the panel is that of
   * the monitor. On a board without HDMI it has one of its own, with the refresh that decon() tells
   * of.
   */
  static void mixer(DtNode node, Motherboard board) {
    HdmiTransmitter hdmi = HdmiFactories.beside(node, board);
    Panel panel = hdmi == null ? new Panel() : hdmi.monitor().panel();
    Mixer mixer =
        new Mixer(
            node.name(),
            hdmi == null ? TimingGenerator.fixed(refreshNs(node, board)) : hdmi.timing(),
            board.timebase(),
            board.master(node),
            board.interrupt(node, 0),
            hdmi == null ? panel : hdmi);
    board.registers(node, 0, mixer.mmio());
    board.panel(node, panel);
  }

  private static long refreshNs(DtNode node, Motherboard board) {
    return NS_A_SECOND / board.silicon(node).positive("smmulator,refresh-hz", USUAL_REFRESH_HZ);
  }

  private static IrqPin interrupt(DtNode node, Motherboard board, String name) {
    int index = node.strings("interrupt-names").indexOf(name);
    if (index < 0) {
      throw node.wrong("interrupt-names", "expected \"" + name + "\" among them");
    }
    return board.interrupt(node, index);
  }
}
