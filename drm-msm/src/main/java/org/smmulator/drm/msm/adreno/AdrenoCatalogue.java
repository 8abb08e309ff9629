package org.smmulator.drm.msm.adreno;

import static org.smmulator.drm.msm.AdrenoInfo.Family.ADRENO_3XX;
import static org.smmulator.drm.msm.AdrenoInfo.Family.ADRENO_5XX;
import static org.smmulator.drm.msm.AdrenoInfo.Family.ADRENO_6XX_GEN1;
import static org.smmulator.kernel.errno.Errno.ENXIO;

import com.google.common.collect.ImmutableList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smmulator.drm.msm.AdrenoInfo;
import org.smmulator.drm.msm.AdrenoInfo.Ubwc;
import org.smmulator.drm.msm.vm.FileAddresses;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The GPUs that the driver knows, by chip id. Kernel: {@code a3xx_catalog.c}, {@code
 * a5xx_catalog.c}, {@code a6xx_catalog.c}; the fastest operating points are those of the SoCs'
 * device trees, the layouts of compressed buffers those of {@code drivers/soc/qcom/ubwc_config.c}.
 *
 * <p>In Linux no file of an A306 or A530 has a table of its own. Where {@code msm.pagetables} gives
 * it one, the A530's addresses are those of Crouse's patches of 2018, and the A306's are what its
 * IOMMU translates.
 */
public final class AdrenoCatalogue {
  private static final long KIB = 1 << 10;
  private static final long MHZ = 1_000_000;
  private static final long GIB = 1 << 30;

  /** {@code ADRENO_QUIRK_4GB_VA}, and the place of files on a GPU with 64-bit addresses. */
  private static final FileAddresses FOUR_GIB = new FileAddresses(4 * GIB, 4 * GIB);

  /** Files on a GPU with 32-bit addresses, behind the first 16 MiB. */
  private static final FileAddresses BITS_32 = new FileAddresses(16 << 20, 4 * GIB - (16 << 20));

  private static final Ubwc NO_UBWC = new Ubwc(0, 0);
  private static final Ubwc MSM8998 = new Ubwc(15, 7);
  private static final Ubwc SC7180 = new Ubwc(14, 6);
  private static final Ubwc SDM845 = new Ubwc(15, 6);

  private static final long A5XX_TRAP = 0x0001_ffff_ffff_0000L;
  private static final long A6XX_TRAP = 0x0001_ffff_ffff_f000L;

  // One GPU a row: chip id, family, revision, on-chip memory, clock; rings, cached-coherent
  // buffers, addresses, compression, traps. The A530's microcode knows WHERE_AM_I, without which
  // Linux has one ring.
  private static final ImmutableList<AdrenoInfo> GPUS =
      ImmutableList.of(
          new AdrenoInfo(
              0x03000600, ADRENO_3XX, 307, 128 * KIB, 400 * MHZ, 1, false, BITS_32, NO_UBWC, 0),
          new AdrenoInfo(
              0x05030002,
              ADRENO_5XX,
              530,
              1024 * KIB,
              624 * MHZ,
              4,
              false,
              FOUR_GIB,
              MSM8998,
              A5XX_TRAP),
          new AdrenoInfo(
              0x06010800,
              ADRENO_6XX_GEN1,
              618,
              512 * KIB,
              825 * MHZ,
              1,
              true,
              FOUR_GIB,
              SC7180,
              A6XX_TRAP),
          new AdrenoInfo(
              0x06030002,
              ADRENO_6XX_GEN1,
              630,
              1024 * KIB,
              710 * MHZ,
              1,
              true,
              FOUR_GIB,
              SDM845,
              A6XX_TRAP));

  private static final Pattern COMPATIBLE = Pattern.compile("qcom,adreno-(\\d)(\\d)(\\d)\\.(\\d+)");

  private AdrenoCatalogue() {}

  /**
   * Looks up the GPU with the compatible {@code qcom,adreno-REVISION.PATCH}. Kernel: {@code
   * find_chipid()}.
   *
   * @throws ErrnoException ENXIO if the catalogue has none
   */
  public static AdrenoInfo find(String compatible) throws ErrnoException {
    Matcher matcher = COMPATIBLE.matcher(compatible);
    if (matcher.matches()) {
      int chipId = 0;
      for (int i = 1; i <= matcher.groupCount(); i++) {
        chipId = (chipId << 8) | (Integer.parseInt(matcher.group(i)) & 0xff);
      }
      for (AdrenoInfo info : GPUS) {
        if (info.chipId() == chipId) {
          return info;
        }
      }
    }
    throw ENXIO.because("unknown GPU %s", compatible);
  }
}
