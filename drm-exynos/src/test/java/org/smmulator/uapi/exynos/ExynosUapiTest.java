package org.smmulator.uapi.exynos;

import static com.google.common.truth.Truth.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Numbers that gcc printed from Linux 7.1.5's {@code exynos_drm.h}, LP64. */
class ExynosUapiTest {
  @Test
  void ioctlNumbers() {
    assertThat(ExynosIoctl.GEM_CREATE).isEqualTo(0xc0106440);
    assertThat(ExynosIoctl.GEM_MAP).isEqualTo(0xc0106441);
    assertThat(ExynosIoctl.GEM_GET).isEqualTo(0xc0106444);
    assertThat(ExynosIoctl.G2D_GET_VER).isEqualTo(0xc0086460);
    assertThat(ExynosIoctl.G2D_SET_CMDLIST).isEqualTo(0xc0286461);
    assertThat(ExynosIoctl.G2D_EXEC).isEqualTo(0xc0086462);
  }

  @Test
  void offsets() {
    assertThat(ExynosGemCreate.FLAGS_OFFSET).isEqualTo(8);
    assertThat(ExynosGemCreate.HANDLE_OFFSET).isEqualTo(12);
    assertThat(ExynosGemMap.OFFSET_OFFSET).isEqualTo(8);
    assertThat(ExynosGemInfo.FLAGS_OFFSET).isEqualTo(4);
    assertThat(ExynosGemInfo.SIZE_OFFSET).isEqualTo(8);
    assertThat(G2dSetCmdlist.CMD_BUF_OFFSET).isEqualTo(8);
    assertThat(G2dSetCmdlist.CMD_NR_OFFSET).isEqualTo(16);
    assertThat(G2dSetCmdlist.CMD_BUF_NR_OFFSET).isEqualTo(20);
    assertThat(G2dSetCmdlist.EVENT_TYPE_OFFSET).isEqualTo(24);
    assertThat(G2dSetCmdlist.USER_DATA_OFFSET).isEqualTo(32);
    assertThat(G2dUserptr.LAYOUT.byteSize()).isEqualTo(16);
    assertThat(G2dCmd.LAYOUT.byteSize()).isEqualTo(8);
  }

  @Test
  void whatIsWrittenIsRead() {
    MemorySegment memory = MemorySegment.ofArray(new long[5]);
    var written = new G2dSetCmdlist(1, 2, 3, 4, 5, 6);

    written.write(memory, 0);

    assertThat(G2dSetCmdlist.read(memory, 0)).isEqualTo(written);
  }
}
