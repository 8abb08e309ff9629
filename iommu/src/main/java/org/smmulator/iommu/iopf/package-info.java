/**
 * Page requests: a device that finds no page asks for it, and waits.
 *
 * <p>Start at {@link org.smmulator.iommu.iopf.PageFaults}, which an IOMMU's driver calls from its
 * interrupt thread; {@link org.smmulator.iommu.iopf.IopfQueue} is where the work is done.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code iommu_report_device_fault()}</td><td>{@link
 *       org.smmulator.iommu.iopf.PageFaults}</td></tr>
 *   <tr><td>{@code struct iopf_queue}</td><td>{@link
 *       org.smmulator.iommu.iopf.IopfQueue}</td></tr>
 *   <tr><td>{@code struct iopf_group}, {@code iopf_group_response()}</td><td>{@link
 *       org.smmulator.iommu.iopf.FaultGroup}</td></tr>
 *   <tr><td>{@code iopf_handler} of a domain</td><td>{@link
 *       org.smmulator.iommu.iopf.PageFaultHandler}</td></tr>
 * </table>
 *
 * <p>Left out: nested domains, to which the kernel falls back for guests. The kernel keeps a
 * domain's handler beside its cookie; here it is the cookie.
 *
 * <p>Threads: requests are reported by the thread of an IOMMU driver's interrupt and handled by the
 * queue's own. Adding, removing and flushing may block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.iopf;

import org.jspecify.annotations.NullMarked;
