package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.smmulator.iommu.smmuv3.ArmSmmuV3Invs.Kind;
import org.smmulator.iommu.smmuv3.ArmSmmuV3Invs.Target;

/** The steps of the kernel's {@code arm_smmu_v3_invs_test()}. */
class ArmSmmuV3InvsTest {
  private static final Target VMID_1 = Target.tag(Kind.S2_VMID, 1);
  private static final Target S1_CLEAR_1 = Target.tag(Kind.S2_VMID_S1_CLEAR, 1);

  @Test
  void usersComeAndGoAndTrashIsPurged() {
    ImmutableList<Target> first = ImmutableList.of(VMID_1, S1_CLEAR_1, ats(3, 0));
    ImmutableList<Target> second = ImmutableList.of(VMID_1, ats(4, 0), ats(5, 0));
    ImmutableList<Target> third = ImmutableList.of(VMID_1, ats(5, 0), ats(6, 0));

    ArmSmmuV3Invs array = ArmSmmuV3Invs.none().merge(first);
    assertThat(show(array)).isEqualTo("1x1 1x1 3x1");

    array = array.merge(second);
    assertThat(show(array)).isEqualTo("1x2 1x1 3x1 4x1 5x1");

    array.unref(second);
    assertThat(show(array)).isEqualTo("1x1 1x1 3x1");
    assertThat(array.trashes()).isEqualTo(0);

    array = array.merge(third);
    assertThat(show(array)).isEqualTo("1x2 1x1 3x1 5x1 6x1");

    array.unref(first);
    assertThat(show(array)).isEqualTo("1x1 1x0 3x0 5x1 6x1");
    assertThat(array.trashes()).isEqualTo(2);

    array = array.purge();
    assertThat(show(array)).isEqualTo("1x1 5x1 6x1");

    array.unref(third);
    assertThat(array.size()).isEqualTo(0);
  }

  @Test
  void substreamsOfOneStreamAreTargetsOfTheirOwn() {
    ImmutableList<Target> first = ImmutableList.of(ats(10, 1), ats(10, 3), ats(12, 1));
    ImmutableList<Target> second = ImmutableList.of(ats(10, 2), ats(10, 3), ats(12, 2));

    ArmSmmuV3Invs array = ArmSmmuV3Invs.none().merge(first).merge(second);
    assertThat(show(array)).isEqualTo("10/1x1 10/2x1 10/3x2 12/1x1 12/2x1");

    array.unref(second);
    assertThat(show(array)).isEqualTo("10/1x1 10/2x0 10/3x1 12/1x1");
    assertThat(array.trashes()).isEqualTo(1);

    assertThat(show(array.purge())).isEqualTo("10/1x1 10/3x1 12/1x1");
  }

  private static Target ats(int id, int ssid) {
    return new Target(Kind.ATS, id, ssid);
  }

  private static String show(ArmSmmuV3Invs array) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < array.size(); i++) {
      Target target = array.target(i);
      text.append(target.id()).append(target.ssid() == 0 ? "" : "/" + target.ssid());
      text.append('x').append(array.users(i)).append(' ');
    }
    return text.toString().stripTrailing();
  }
}
