/**
 * The driver of Arm's SMMUv3.
 *
 * <p>Start at {@code EntryWriter}, how entries that the hardware reads are changed under it; then
 * {@code StreamEntries} and {@code ContextDescriptors}, what they are made of, {@code
 * CommandQueue}, and {@code Invalidations}, what a change of a table has to invalidate.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code arm_smmu_write_entry()}, {@code arm_smmu_entry_writer_ops}</td><td>{@code
 *       EntryWriter}, {@code EntryRules}</td></tr>
 *   <tr><td>{@code arm_smmu_make_*_ste()}, {@code arm_smmu_make_*_cd()}</td><td>{@code
 *       StreamEntries}, {@code ContextDescriptors}</td></tr>
 *   <tr><td>{@code arm_smmu_cmdq_issue_cmdlist()}, {@code arm_smmu_cmdq_build_cmd()}</td><td>{@code
 *       CommandQueue}, {@code Commands}</td></tr>
 *   <tr><td>{@code struct arm_smmu_invs}</td><td>{@code Invalidations}</td></tr>
 * </table>
 */
@NullMarked
package org.smmulator.iommu.smmuv3;

import org.jspecify.annotations.NullMarked;
