package org.smmulator.script.exynos;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.Kind;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;
import org.smmulator.userspace.exynos.ExynosBuffer;

/** The steps of drm/exynos. */
public final class ExynosVocabulary implements Vocabulary {
  static final Kind<ExynosBuffer> BUFFER = new Kind<>("an Exynos buffer", ExynosBuffer.class);

  @Override
  public String name() {
    return "exynos";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new GemCreateStep(),
        new GemMapStep(),
        new GemGetStep(),
        new G2dGetVerStep(),
        new G2dSetCmdlistStep(commands()),
        new G2dExecStep(),
        new IppGetResourcesStep(),
        new IppGetCapsStep(),
        new IppGetLimitsStep(),
        new IppCommitStep(),
        new ExynosEventStep(),
        new VidiConnectionStep());
  }

  private static ImmutableList<G2dCommandType> commands() {
    return ImmutableList.of(
        new FillCommand(),
        new CopyCommand(),
        new BlendCommand(),
        new RegisterCommand(),
        new BaseAddressCommand(),
        new WordsCommand());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of();
  }
}
