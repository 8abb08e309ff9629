package org.smmulator.hw.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/** The stages of an SMMU, with each format of tables that it reads. */
final class Stages {
  private final SmmuV2Config config;
  private final Stage stage1;
  private final Stage stage1Long;
  private final Stage stage1Short;
  private final Stage stage2;
  private final Stage stage2AArch32;

  Stages(SmmuV2Config config) {
    this.config = config;
    int ipaBits = config.stage1().outputBits();
    this.stage1 = new Stage1(config.stage1());
    this.stage1Long = new Stage1Long(ipaBits);
    this.stage1Short = new Stage1Short(ipaBits);
    this.stage2 = new Stage2(config, false);
    this.stage2AArch32 = new Stage2(config, true);
  }

  /** The first stage of a bank; null if the silicon does not have it. */
  @Nullable Stage find(Regime regime) {
    if (!reads(regime.format())) {
      return null;
    }
    SmmuV2Config.Stages has = config.stages();
    return switch (regime.type()) {
      case Gr1.CBAR_TYPE_S2_TRANS -> has.two() ? second(regime) : null;
      case Gr1.CBAR_TYPE_S1_TRANS_S2_BYPASS -> has.one() ? first(regime.format()) : null;
      case Gr1.CBAR_TYPE_S1_TRANS_S2_TRANS -> has.nested() ? first(regime.format()) : null;
      default -> null;
    };
  }

  private boolean reads(int format) {
    SmmuV2Config.Descriptors32 has = config.options().descriptors32();
    return switch (format) {
      case Cb.FSR_FORMAT_AARCH64 -> config.stage1().granules() != 0;
      case Cb.FSR_FORMAT_AARCH32_L -> has != SmmuV2Config.Descriptors32.NONE;
      default -> has == SmmuV2Config.Descriptors32.LONG_AND_SHORT;
    };
  }

  private Stage first(int format) {
    return switch (format) {
      case Cb.FSR_FORMAT_AARCH64 -> stage1;
      case Cb.FSR_FORMAT_AARCH32_L -> stage1Long;
      default -> stage1Short;
    };
  }

  private Stage second(Regime regime) {
    return regime.isAArch64() ? stage2 : stage2AArch32;
  }
}
