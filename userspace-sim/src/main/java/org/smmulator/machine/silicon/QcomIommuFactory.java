package org.smmulator.machine.silicon;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.hw.qcom.QcomIommu;
import org.smmulator.hw.qcom.QcomSecureWorld;
import org.smmulator.kernel.firmware.DtNode;

/**
 * Makes an MSM8916's IOMMU from its node and the nodes of context banks below it, and enters it in
 * the tables of the secure world.
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
  public void install(DtNode node, Motherboard board) {
    ImmutableList<DtNode> children =
        node.children().stream()
            .filter(child -> child.isCompatible(OPEN) || child.isCompatible(SECURE))
            .collect(toImmutableList());
    ImmutableList<QcomIommu.Bank> banks =
        children.stream().map(child -> bank(child, board)).collect(toImmutableList());
    QcomIommu iommu =
        board
            .silicon(node)
            .make(
                "an IOMMU",
                () -> new QcomIommu(banks, Timing.SMMU, board.timebase(), board.dram()));
    if (!node.reg().isEmpty()) {
      board.registers(node, 0, iommu.local());
    }
    for (DtNode child : children) {
      board.registers(child, 0, iommu.bank(numberOf(child)));
    }
    board.translator(node, iommu);
    board.contextBankWindows(node, iommu::bank);
    if (node.has("qcom,iommu-secure-id")) {
      firmware.knows(node.cell("qcom,iommu-secure-id"), iommu);
    }
  }

  private static QcomIommu.Bank bank(DtNode node, Motherboard board) {
    return new QcomIommu.Bank(numberOf(node), node.isCompatible(SECURE), board.interrupt(node, 0));
  }

  /** Returns a bank's number: that of its page among the banks', unless the node has another. */
  private static int numberOf(DtNode bank) {
    return bank.cell("qcom,ctx-asid", bank.cells("reg").get(0) / BANK_BYTES);
  }
}
