package org.smmulator.iommu.contract;

import static com.google.common.truth.Truth.assertWithMessage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.iommu.contract.RandomSteps.Losing;

/**
 * The contract for devices that keep what their IOMMU has told them: all of it holds for them too,
 * because the driver tells them to forget.
 */
public abstract class CachingDeviceContract extends IommuDriverContract {
  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7})
  void aDeviceGoesOnByAnOldAnswerExactlyWhereItWasNotTold(long seed) throws Exception {
    harness()
        .kernel()
        .run(() -> {
          int stale = new RandomSteps(harness(), firstIova(), seed, Losing.DEVICES).go();
          assertWithMessage("stale accesses of seed %s", seed).that(stale).isAtLeast(20);
        });
  }
}
