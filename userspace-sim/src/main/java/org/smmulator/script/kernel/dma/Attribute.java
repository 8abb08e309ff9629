package org.smmulator.script.kernel.dma;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.script.FieldType;

/** An attribute of a call of the DMA API. Kernel: {@code DMA_ATTR_*}. */
enum Attribute {
  SKIP_CPU_SYNC(DmaAttr.SKIP_CPU_SYNC),
  FORCE_CONTIGUOUS(DmaAttr.FORCE_CONTIGUOUS),
  NO_WARN(DmaAttr.NO_WARN),
  PRIVILEGED(DmaAttr.PRIVILEGED),
  MMIO(DmaAttr.MMIO);

  static final FieldType<ImmutableList<Attribute>> LIST =
      FieldType.listOf(FieldType.oneOf(Attribute.class), "[skip_cpu_sync]");
  static final String SENTENCE = "The attributes of the call, DMA_ATTR_*.";

  private final int bit;

  Attribute(int bit) {
    this.bit = bit;
  }

  static int bits(List<Attribute> attributes) {
    return FieldType.mask(attributes, each -> each.bit);
  }
}
