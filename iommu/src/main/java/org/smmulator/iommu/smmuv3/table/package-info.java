/**
 * The tables that an SMMUv3 reads from memory: stream table entries and context descriptors, and
 * how they change while the hardware may read them. Arm IHI 0070, 3.21.3 and 5.
 *
 * <p>Start at {@link org.smmulator.iommu.smmuv3.table.ArmSmmuV3StrtabCfg}; {@code
 * ArmSmmuV3EntryWriter} holds the argument why no mixture of an old and a new entry is ever used.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code arm-smmu-v3.c} and {@code .h}</th><th>Here</th></tr>
 *   <tr><td>{@code struct arm_smmu_strtab_cfg}</td><td>{@code ArmSmmuV3StrtabCfg}</td></tr>
 *   <tr><td>{@code struct arm_smmu_ctx_desc_cfg}</td><td>{@code ArmSmmuV3CtxDescCfg}</td></tr>
 *   <tr><td>{@code struct arm_smmu_ste}, {@code struct arm_smmu_cd}</td><td>{@code
 *       ArmSmmuV3Entry}</td></tr>
 *   <tr><td>{@code arm_smmu_make_*_ste()}, {@code arm_smmu_make_*_cd()}</td><td>{@code
 *       ArmSmmuV3Ste}, {@code ArmSmmuV3Cd}</td></tr>
 *   <tr><td>{@code arm_smmu_write_entry()}, {@code struct arm_smmu_entry_writer_ops}</td><td>{@code
 *       ArmSmmuV3EntryWriter}, {@code ArmSmmuV3EntryWriterOps}</td></tr>
 *   <tr><td>{@code smmu->streams}, {@code struct arm_smmu_stream}</td><td>{@code
 *       ArmSmmuV3Streams}</td></tr>
 * </table>
 *
 * <p>Left out: nested stream table entries of guests, {@code arm_smmu_make_nested_cd_table_ste()}.
 *
 * <p>Threads: entries change under the driver's {@code arm_smmu_asid_lock}; the tree of streams
 * under its own {@code streams_mutex}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.smmuv3.table;

import org.jspecify.annotations.NullMarked;
