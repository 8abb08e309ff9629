package org.smmulator.report.msm;

import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.explain.NumberExplainer;
import org.smmulator.report.explain.Numbers;

/**
 * Explains FSYNR1 of an Adreno's SMMU, whose low byte says which block of an A6xx was refused.
 * Kernel: {@code a6xx_fault_block()}, {@code a6xx_uche_fault_block()}.
 */
final class Fsynr1Explainer implements NumberExplainer {
  private static final int BLOCK = 0xff;

  @Override
  public String explain(String value) throws BadInputException {
    int word = Numbers.word32(value);
    return "FSYNR1 0x%08x: implementation defined; behind an A6xx, %s".formatted(word, block(word));
  }

  private static String block(int word) {
    int id = word & BLOCK;
    return switch (id) {
      case 0 -> "the command processor (CP)";
      case 1, 2, 3 -> "UCHE; UCHE_CLIENT_PF has which of its clients";
      case 4 -> "the colour cache (CCU)";
      case 6 -> "CDP Prefetch";
      case 7 -> "the management unit (GMU)";
      default -> "no block that the driver knows (%d)".formatted(id);
    };
  }
}
