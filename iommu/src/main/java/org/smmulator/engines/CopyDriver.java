package org.smmulator.engines;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqLine;

/** The driver of the DMA copy engines: {@code /dev/copyN}. */
public final class CopyDriver implements PlatformDriver {
  private static final int MISC_MAJOR = 10;

  private final KernelServices kernel;
  private final DmaApi dma;
  private final IommuTasks tasks;
  private final EngineNodes nodes;

  /**
   * Makes the driver.
   *
   * @param tasks where processes come from that let an engine into their address space
   */
  @Inject
  public CopyDriver(KernelServices kernel, DmaApi dma, IommuTasks tasks) {
    this.kernel = kernel;
    this.dma = dma;
    this.tasks = tasks;
    this.nodes = new EngineNodes(kernel.nodes(), "copy", MISC_MAJOR);
  }

  @Override
  public String name() {
    return "copy-engine";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("smmulator,copy-engine");
  }

  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    device.dma().setMask(-1L);
    device.dma().setCoherentMask(-1L);
    CopyController controller =
        new CopyController(kernel.scheduler(), device.registers(0), device.name());
    IrqLine.Registration irq = device.irq(0).request(device.name(), controller::interrupt);
    device.devres().add("free the interrupt", irq::close);
    controller.enable();
    device.devres().add("stop the engine", controller::shutDown);
    device.attach(CopyController.class, controller);
    device.devres().add("forget the engine", () -> device.detach(CopyController.class));
    nodes.add(device, (caller, flags) -> new CopyFile(dma, spaces(device), device, controller));
  }

  private CopySpaces spaces(PlatformDevice device) {
    return new CopySpaces(tasks, device, kernel.lockdep().mutex("copy_file->lock"));
  }
}
