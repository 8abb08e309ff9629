package org.smmulator.script.kernel;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;

/** {@code reserved_memory}: the carve-out that the tree gives a device. */
final class ReservedMemoryStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "The device whose memory-region it is.");

  ReservedMemoryStep() {
    super(
        "reserved_memory",
        "Finds the memory that the device tree sets aside for a device: its memory-region.",
        MEMORY);
  }

  @Override
  protected KernelMemory run(Step step, ProcessRun process) throws ErrnoException {
    DtNode node = device(step, device, process).node();
    DtNode region = node.reference("memory-region");
    if (region == null || region.reg().isEmpty()) {
      throw ENODEV.because("%s has no memory-region", node.path());
    }
    long base = region.reg().getFirst().base();
    return offset -> base + offset;
  }

  @Override
  protected String words(Step step) {
    return "finds the carve-out of %s%s".formatted(step.get(device), step.asWords());
  }
}
