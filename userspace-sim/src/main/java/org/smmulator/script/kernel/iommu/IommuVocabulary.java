package org.smmulator.script.kernel.iommu;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;

/** The steps of drivers that bring a domain of their own. */
public final class IommuVocabulary implements Vocabulary {
  @Override
  public String name() {
    return "iommu";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new DomainAllocStep(),
        new DomainAllocForGroupStep(),
        new DomainFreeStep(),
        new AttachStep(),
        new DetachStep(),
        new MapStep(),
        new MapSgStep(),
        new UnmapStep(),
        new PageSizesStep(),
        new RestrictPageSizesStep(),
        new TellTogetherStep(),
        new BlessStep(),
        new ClaimDmaStep(),
        new ReleaseDmaStep(),
        new MsiCookieStep(),
        new MsiPrepareStep(),
        new CountStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of(new DomainExpectation(), new CountExpectation());
  }
}
