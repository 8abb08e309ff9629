package org.smmulator.iommu.smmuv2;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.regs.smmuv2.Cb;

/**
 * The hooks that all of Qualcomm's SMMUs share. Kernel: {@code arm-smmu-qcom.c}.
 *
 * <p>Left out: the call that has a SDM845's firmware turn its wait-for-safe logic off.
 */
abstract class QcomSmmu implements ArmSmmuImpl {
  private static final int SHALLOW = prefetch(1);
  private static final int DEEP = prefetch(3);
  private static final int NO_PREFETCH = Cb.ACTLR_CMTLB.mask();

  /** ACTLR by client. Kernel: {@code qcom_smmu_actlr_client_of_match}. */
  private static final ImmutableMap<String, Integer> ACTLR_OF_CLIENT =
      ImmutableMap.<String, Integer>builder()
          .put("qcom,adreno", DEEP)
          .put("qcom,adreno-gmu", DEEP)
          .put("qcom,adreno-smmu", DEEP)
          .put("qcom,fastrpc-compute-cb", DEEP)
          .put("qcom,qcm2290-mdss", SHALLOW)
          .put("qcom,sa8775p-mdss", NO_PREFETCH)
          .put("qcom,sc7280-mdss", SHALLOW)
          .put("qcom,sc7280-venus", SHALLOW)
          .put("qcom,sc8180x-mdss", SHALLOW)
          .put("qcom,sc8280xp-mdss", SHALLOW)
          .put("qcom,sm6115-mdss", SHALLOW)
          .put("qcom,sm6125-mdss", SHALLOW)
          .put("qcom,sm6350-mdss", SHALLOW)
          .put("qcom,sm8150-mdss", SHALLOW)
          .put("qcom,sm8250-mdss", SHALLOW)
          .put("qcom,sm8350-mdss", SHALLOW)
          .put("qcom,sm8450-mdss", NO_PREFETCH)
          .put("qcom,sm8550-mdss", NO_PREFETCH)
          .put("qcom,sm8650-mdss", NO_PREFETCH)
          .put("qcom,sm8750-mdss", NO_PREFETCH)
          .put("qcom,x1e80100-mdss", NO_PREFETCH)
          .buildOrThrow();

  private final ArmMmu500Impl mmu500 = new ArmMmu500Impl();
  private final QcomSmmuMatchData model;
  private final GpuDefaultDomain defaultDomain;

  QcomSmmu(QcomSmmuMatchData model, GpuDefaultDomain defaultDomain) {
    this.model = model;
    this.defaultDomain = defaultDomain;
  }

  private static int prefetch(int depth) {
    return Cb.ACTLR_PREFETCH.of(depth) | Cb.ACTLR_CPRE.mask() | Cb.ACTLR_CMTLB.mask();
  }

  final QcomSmmuMatchData model() {
    return model;
  }

  @Override
  public void reset(ArmSmmuDevice smmu) {
    if (model.mmu500()) {
      mmu500.reset(smmu);
    }
  }

  @Override
  public @Nullable DomainType defDomainType(Device device) {
    return defaultDomain.typeFor(device);
  }

  @Override
  public boolean refuses(Device device, IommuDomain domain) {
    return defaultDomain.refuses(device, domain);
  }

  /**
   * {@inheritDoc} As in Linux, ACTLR is written here only: an SMMU that has slept comes back with
   * what its reset leaves there. Kernel: {@code qcom_smmu_init_context()}, {@code
   * qcom_smmu_set_actlr_dev()}.
   */
  @Override
  public IoPgtableConfig initContext(
      IoPgtableConfig config, ArmSmmuContextFmt kind, Mmio bank, Device device, DomainType type) {
    Integer actlr = model.clientTable() ? actlrFor(device.of()) : null;
    if (actlr != null) {
      bank.write(Cb.ACTLR, actlr);
    }
    return config;
  }

  private static @Nullable Integer actlrFor(@Nullable DtNode client) {
    if (client != null) {
      for (Map.Entry<String, Integer> entry : ACTLR_OF_CLIENT.entrySet()) {
        if (client.isCompatible(entry.getKey())) {
          return entry.getValue();
        }
      }
    }
    return null;
  }

  @Override
  public boolean flushWalkByAsid() {
    return true;
  }
}
