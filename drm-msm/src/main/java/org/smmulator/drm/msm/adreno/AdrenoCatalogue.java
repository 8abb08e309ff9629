package org.smmulator.drm.msm.adreno;

import static org.smmulator.kernel.errno.Errno.ENXIO;

import org.smmulator.drm.msm.AdrenoInfo;
import org.smmulator.kernel.errno.ErrnoException;

/** The GPUs that the driver knows, by chip id. Kernel: {@code a6xx_catalog.c}. */
// The 4 GiB of addresses are ADRENO_QUIRK_4GB_VA; the layout of compressed buffers is SDM845's in
// drivers/soc/qcom/ubwc_config.c.
public final class AdrenoCatalogue {
  private static final AdrenoInfo ADRENO_630 =
      new AdrenoInfo(
          "6.3.0.2",
          630,
          0x06030002,
          1 << 20,
          0x100000,
          710_000_000,
          1,
          true,
          1L << 32,
          1L << 32,
          15,
          6,
          0x0001_ffff_ffff_f000L);

  private AdrenoCatalogue() {}

  /**
   * Looks up the GPU with the compatible {@code qcom,adreno-REVISION}.
   *
   * @throws ErrnoException ENXIO if nothing is
   */
  public static AdrenoInfo find(String compatible) throws ErrnoException {
    if (compatible.equals("qcom,adreno-630.2")) {
      return ADRENO_630;
    }
    throw ENXIO.because("unknown GPU %s", compatible);
  }
}
