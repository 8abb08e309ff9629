package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.hw.qcom.QcomIommu;
import org.smmulator.hw.qcom.QcomSecureWorld;
import org.smmulator.kernel.firmware.DtNode;

/**
 * Makes an MSM8916's IOMMU from its node and the context banks below it, and tells firmware of it.
 */
final class QcomIommuFactory implements ModelFactory {
  private static final int BANK_BYTES = 0x1000;
  private static final String OPEN = "qcom,msm-iommu-v1-ns";
  private static final String SECURE = "qcom,msm-iommu-v1-sec";

  private final QcomSecureWorld firmware;

  @Inject
  QcomIommuFactory(QcomSecureWorld firmware) {
    this.firmware = firmware;
  }

  @Override
  public void solder(DtNode node, Motherboard board) {
    ImmutableList<DtNode> children =
        node.children().stream()
            .filter(child -> child.isCompatible(OPEN) || child.isCompatible(SECURE))
            .collect(ImmutableList.toImmutableList());
    ImmutableList.Builder<QcomIommu.Bank> banks = ImmutableList.builder();
    for (DtNode child : children) {
      banks.add(
          new QcomIommu.Bank(
              numberOf(child), child.isCompatible(SECURE), board.interrupt(child, 0)));
    }
    QcomIommu iommu = make(node, banks.build(), board);
    if (!node.reg().isEmpty()) {
      board.registers(node, 0, iommu.local());
    }
    for (DtNode child : children) {
      board.registers(child, 0, iommu.bank(numberOf(child)));
    }
    board.translator(node, iommu);
    firmware.knows(node.cell("qcom,iommu-secure-id"), iommu);
  }

  private static QcomIommu make(
      DtNode node, ImmutableList<QcomIommu.Bank> banks, Motherboard board) {
    try {
      return new QcomIommu(banks, Timing.SMMU, board.timebase(), board.dram());
    } catch (IllegalArgumentException e) {
      throw node.wrong("such an IOMMU cannot be made: " + e.getMessage());
    }
  }

  /** Where a bank lies among the others is its number, unless the node says another. */
  private static int numberOf(DtNode bank) {
    return bank.cell("qcom,ctx-asid", bank.cells("reg").get(0) / BANK_BYTES);
  }
}
