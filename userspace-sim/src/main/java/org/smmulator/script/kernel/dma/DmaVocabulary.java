package org.smmulator.script.kernel.dma;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;

/** The steps of drivers that use the DMA API. */
public final class DmaVocabulary implements Vocabulary {
  @Override
  public String name() {
    return "dma";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new DmaMapStep(),
        new DmaMapSgStep(),
        new DmaUnmapStep(),
        new DmaSyncStep(),
        new DmaAllocStep(),
        new DmaFreeStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of(new PiecesExpectation());
  }
}
