package org.smmulator.script.kernel.dma;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelPages;
import org.smmulator.script.kernel.KernelStep;

/** {@code dma_map_sg}: {@code dma_map_sgtable()}. */
final class DmaMapSgStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "The device that is to reach the pages.");
  private final FormField<Ref<KernelPages>> pages =
      required("pages", Ref.own(PAGES), "The pages, which may be scattered.");
  private final FormField<Direction> direction =
      optional("direction", Direction.TYPE, Direction.BIDIRECTIONAL, Direction.SENTENCE);
  private final FormField<ImmutableList<Attribute>> attrs =
      optional("attrs", Attribute.LIST, ImmutableList.of(), Attribute.SENTENCE);

  DmaMapSgStep() {
    super("dma_map_sg", "Makes pages reachable for a device: dma_map_sgtable().", DmaMapping.KIND);
  }

  @Override
  protected DmaMapping run(Step step, ProcessRun process) throws ErrnoException {
    DmaApi dma = process.machine().dma();
    PlatformDevice user = device(step, device, process);
    DmaDirection way = step.get(direction).kernels;
    ScatterList list = process.own(step.get(pages)).list();
    int bits = Attribute.bits(step.get(attrs));
    dma.mapSgtable(user, list, way, bits);
    return new ListMapping(dma, user, list, way, bits);
  }

  @Override
  protected String words(Step step) {
    return "maps the pages of %s for %s%s"
        .formatted(step.get(pages), step.get(device), step.asWords());
  }
}
