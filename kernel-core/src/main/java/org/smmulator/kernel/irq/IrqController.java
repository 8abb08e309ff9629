package org.smmulator.kernel.irq;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.smmulator.kernel.firmware.DtInterrupt;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;

/**
 * All interrupt lines of a machine, by number: those of the GIC by its own numbers, and above them
 * those of other controllers, which have no model, so that nobody drives their lines but the device
 * itself.
 */
public final class IrqController {
  /** Kernel: the {@code IRQCHIP_DECLARE()}s of {@code irq-gic.c} and {@code irq-gic-v3.c}. */
  private static final ImmutableSet<String> GICS =
      ImmutableSet.of(
          "arm,gic-400",
          "arm,gic-v3",
          "arm,arm11mp-gic",
          "arm,arm1176jzf-devchip-gic",
          "arm,cortex-a7-gic",
          "arm,cortex-a9-gic",
          "arm,cortex-a15-gic",
          "arm,eb11mp-gic",
          "arm,tc11mp-gic",
          "arm,pl390",
          "qcom,msm-8660-qgic",
          "qcom,msm-qgic2");

  private static final int FIRST_SPI = 32;
  private static final int FIRST_PPI = 16;
  private static final int FIRST_EXTENDED_PPI = 1056;
  private static final int FIRST_EXTENDED_SPI = 4096;
  private static final int FIRST_FOREIGN = 1 << 16;

  private final Scheduler scheduler;
  private final Dmesg dmesg;
  private final long latencyNs;
  private final Map<Integer, IrqLine> lines = new TreeMap<>();

  // Looked up by interrupt, never iterated.
  private final Map<DtInterrupt, Integer> foreign = new HashMap<>();

  /**
   * Makes a controller without lines.
   *
   * @param latencyNs from a pin's rise to its handler
   */
  public IrqController(Scheduler scheduler, Dmesg dmesg, long latencyNs) {
    this.scheduler = scheduler;
    this.dmesg = dmesg;
    this.latencyNs = latencyNs;
  }

  /** The line {@code number}; it exists as soon as somebody asks for it. */
  public IrqLine line(int number) {
    return lines.computeIfAbsent(number, n -> new IrqLine(scheduler, dmesg, n, latencyNs));
  }

  /**
   * The line of an interrupt of {@code node}. Kernel: {@code irq_create_of_mapping()}.
   *
   * @throws org.smmulator.kernel.firmware.DeviceTreeException if the GIC has no such interrupt
   */
  public IrqLine line(DtNode node, DtInterrupt interrupt) {
    DtNode controller = interrupt.controller();
    if (controller == null || controller.compatible().stream().anyMatch(GICS::contains)) {
      return line(gicNumber(node, interrupt.cells()));
    }
    return line(foreign.computeIfAbsent(interrupt, _ -> FIRST_FOREIGN + foreign.size()));
  }

  /** Kernel: {@code gic_irq_domain_translate()}. */
  private static int gicNumber(DtNode node, ImmutableIntArray cells) {
    if (cells.length() < 3) {
      throw node.wrong("interrupts", "expected three cells each: <type number flags>");
    }
    int number = cells.get(1);
    return switch (cells.get(0)) {
      case 0 -> FIRST_SPI + checked(node, "SPI", number, 988);
      case 1 -> FIRST_PPI + checked(node, "PPI", number, 16);
      case 2 -> FIRST_EXTENDED_SPI + checked(node, "ESPI", number, 1024);
      case 3 -> FIRST_EXTENDED_PPI + checked(node, "EPPI", number, 64);
      default ->
          throw node.wrong(
              "interrupts",
              "a GIC knows no interrupts of type %s; expected 0 (SPI) or 1 (PPI)"
                  .formatted(Integer.toUnsignedString(cells.get(0))));
    };
  }

  private static int checked(DtNode node, String kind, int number, int count) {
    if (number < 0 || number >= count) {
      throw node.wrong(
          "interrupts",
          "a GIC has no %s %s; they end at %d"
              .formatted(kind, Integer.toUnsignedString(number), count - 1));
    }
    return number;
  }
}
