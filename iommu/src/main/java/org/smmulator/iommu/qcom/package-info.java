/**
 * The driver of the IOMMUs of Qualcomm's older phones, such as the MSM8916: rows of context banks
 * whose global registers only firmware reaches. Its classes begin with {@code QcomIommu}; the
 * models are in {@code hw.qcom}.
 *
 * <p>Start at {@link org.smmulator.iommu.qcom.QcomIommuDriver}, its probe; then {@code
 * QcomIommuDev}, one instance with its {@code QcomIommuCtx}s, and {@code QcomIommuDomain}, a table
 * that all banks of a master walk. The registers of a bank are those of an SMMUv2.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/iommu/arm/arm-smmu/qcom_iommu.c}</th><th>Here</th></tr>
 *   <tr><td>{@code qcom_iommu_device_probe()}, {@code qcom_iommu_ctx_probe()}</td><td>{@link
 *       org.smmulator.iommu.qcom.QcomIommuDriver}</td></tr>
 *   <tr><td>{@code struct qcom_iommu_dev}</td><td>{@code QcomIommuDev}</td></tr>
 *   <tr><td>{@code struct qcom_iommu_ctx}</td><td>{@code QcomIommuCtx}</td></tr>
 *   <tr><td>{@code struct qcom_iommu_domain}</td><td>{@code QcomIommuDomain}</td></tr>
 *   <tr><td>{@code qcom_flush_ops}</td><td>{@code QcomIommuFlushOps}</td></tr>
 *   <tr><td>{@code qcom_scm_restore_sec_cfg()}</td><td>a call of {@link
 *       org.smmulator.hw.bus.SecureMonitor}</td></tr>
 * </table>
 *
 * <p>As upstream does it, odd as it is: a fault is printed as unhandled if a handler has dealt with
 * it, and not at all if there is none; handlers hear that every fault was a read. Unlike upstream:
 * a domain that its master comes back to is put into the banks again, and a second master is
 * refused; upstream accepts both and programs nothing.
 *
 * <p>Left out, and why: the memory that firmware wants for tables of its own (ours needs none),
 * banks of {@code qcom,msm-iommu-v2} (no board has them).
 *
 * <p>Threads: a domain's first attach holds its {@code init_mutex}. The IOMMU is held resumed
 * around every access to its registers.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.qcom;

import org.jspecify.annotations.NullMarked;
