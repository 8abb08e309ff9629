package org.smmulator.iommu.smmuv2;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.firmware.DtNode;

/**
 * The default domain of a device whose driver brings its own: {@code smmu.gpu-default-domain}.
 *
 * <p>The core attaches a default domain when it finds a device, long before the device's driver. If
 * that domain takes a context bank, it is the one that the GPU's own domain needs.
 */
public sealed interface GpuDefaultDomain {
  /** The type of default domain that {@code device} needs; null for any. */
  @Nullable DomainType typeFor(Device device);

  /** True if an attach of {@code device} to {@code domain} fails with ENOTSUPP. */
  boolean refuses(Device device, IommuDomain domain);

  /**
   * {@code identity}: today. Such devices get no translation until their driver attaches a domain.
   * Kernel: {@code qcom_smmu_def_domain_type()}, {@code qcom_smmu_client_of_match}.
   */
  record Identity() implements GpuDefaultDomain {
    private static final ImmutableList<String> CLIENTS =
        ImmutableList.of(
            "qcom,adreno",
            "qcom,adreno-gmu",
            "qcom,glymur-mdss",
            "qcom,mdp4",
            "qcom,mdss",
            "qcom,qcm2290-mdss",
            "qcom,sar2130p-mdss",
            "qcom,sc7180-mdss",
            "qcom,sc7180-mss-pil",
            "qcom,sc7280-mdss",
            "qcom,sc7280-mss-pil",
            "qcom,sc8180x-mdss",
            "qcom,sc8280xp-mdss",
            "qcom,sdm670-mdss",
            "qcom,sdm845-mdss",
            "qcom,sdm845-mss-pil",
            "qcom,sm6115-mdss",
            "qcom,sm6350-mdss",
            "qcom,sm6375-mdss",
            "qcom,sm8150-mdss",
            "qcom,sm8250-mdss",
            "qcom,x1e80100-mdss");

    @Override
    public @Nullable DomainType typeFor(Device device) {
      return isListed(device, CLIENTS) ? DomainType.IDENTITY : null;
    }

    @Override
    public boolean refuses(Device device, IommuDomain domain) {
      return false;
    }
  }

  /** {@code dma}: before. Such devices get the DMA domain of any device. */
  record Dma() implements GpuDefaultDomain {
    @Override
    public @Nullable DomainType typeFor(Device device) {
      return null;
    }

    @Override
    public boolean refuses(Device device, IommuDomain domain) {
      return false;
    }
  }

  /**
   * {@code opt-out}: the proposal of 2018. The driver lists devices that it attaches to no DMA
   * domain: the GPU, and not the GMU beside it, which may then take bank 0 first.
   */
  record OptOut() implements GpuDefaultDomain {
    private static final ImmutableList<String> OPTED_OUT = ImmutableList.of("qcom,adreno");

    @Override
    public @Nullable DomainType typeFor(Device device) {
      return null;
    }

    @Override
    public boolean refuses(Device device, IommuDomain domain) {
      return domain.type().isDma() && isListed(device, OPTED_OUT);
    }
  }

  private static boolean isListed(Device device, ImmutableList<String> compatibles) {
    DtNode node = device.of();
    return node != null && compatibles.stream().anyMatch(node::isCompatible);
  }
}
