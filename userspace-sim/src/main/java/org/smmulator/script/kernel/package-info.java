/**
 * The words of a driver in a scenario: what no system call can do. A driver is a thread of the
 * kernel in the section {@code kernel:}; it binds to a device and calls what drivers call.
 *
 * <p>Start at {@link org.smmulator.script.kernel.KernelStep}; this room has what all drivers need:
 * devices, memory, and a port beside the device's own through which a story can see what the device
 * would see. The IOMMU core's calls are in {@link org.smmulator.script.kernel.iommu}, the DMA API's
 * in {@link org.smmulator.script.kernel.dma}, tokens of tasks in {@link
 * org.smmulator.script.kernel.task}.
 *
 * <pre>
 * kernel:
 *   usb:
 *     - unbind: {device: a030000.usb}
 *     - bind: {device: a030000.usb}
 *     - alloc_pages: {device: a030000.usb, size: 8K, as: mem}
 *     - dma_map: {device: a030000.usb, memory: mem, size: 8K, as: at}
 *     - device_write: {device: a030000.usb, at: at+4, value: 7}
 *     - dma_unmap: {mapping: at}
 *     - expect: {load: mem+4, is: 7}
 * </pre>
 *
 * <p>What a driver acquires belongs to its device, and is given back in reverse when the driver
 * unbinds, as devres does; a scenario that never unbinds leaves that to the machine's shutdown.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code device_driver_attach()}</td><td>{@link org.smmulator.script.kernel.BindStep}</td></tr>
 *   <tr><td>{@code alloc_pages()}</td><td>{@link org.smmulator.script.kernel.AllocPagesStep}</td></tr>
 * </table>
 *
 * <p>Left out: registers and interrupts of the device. A driver that needs them is a driver in
 * Java.
 *
 * <p>Threads: a step runs in its driver's own kernel thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.kernel;

import org.jspecify.annotations.NullMarked;
