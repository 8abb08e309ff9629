package org.smmulator.uapi;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;
import static org.smmulator.uapi.CStruct.offsetof;
import static org.smmulator.uapi.CStruct.struct;

import org.junit.jupiter.api.Test;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.drm.DrmSyncobjDestroy;
import org.smmulator.uapi.drm.DrmVersion;

/** Layouts and numbers against what gcc prints from the kernel's headers. */
class CStructTest {
  @Test
  void aMemberThatCWouldPadIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> struct("padded", U32.withName("a"), U64.withName("b")));
  }

  @Test
  void anEndThatCWouldPadIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> struct("padded", U64.withName("a"), U32.withName("b")));
  }

  @Test
  void theNumbersAreThoseOfTheHeader() {
    assertThat(DrmIoctl.VERSION).isEqualTo(0xC0406400);
    assertThat(DrmIoctl.GEM_CLOSE).isEqualTo(0x40086409);
    assertThat(DrmIoctl.GET_CAP).isEqualTo(0xC010640C);
    assertThat(DrmIoctl.SYNCOBJ_CREATE).isEqualTo(0xC00864BF);
    assertThat(DrmIoctl.SYNCOBJ_DESTROY).isEqualTo(0xC00864C0);
  }

  @Test
  void drmVersionLiesAsGccLaysIt() {
    assertThat(DrmVersion.LAYOUT.byteSize()).isEqualTo(64);
    assertThat(offsetof(DrmVersion.LAYOUT, "version_patchlevel")).isEqualTo(8);
    assertThat(offsetof(DrmVersion.LAYOUT, "name_len")).isEqualTo(16);
    assertThat(offsetof(DrmVersion.LAYOUT, "name")).isEqualTo(24);
    assertThat(offsetof(DrmVersion.LAYOUT, "desc")).isEqualTo(56);
  }

  @Test
  void theStructsOfSyncObjectsLieAsGccLaysThem() {
    assertThat(DrmSyncobjCreate.LAYOUT.byteSize()).isEqualTo(8);
    assertThat(offsetof(DrmSyncobjCreate.LAYOUT, "flags")).isEqualTo(4);
    assertThat(DrmSyncobjDestroy.LAYOUT.byteSize()).isEqualTo(8);
    assertThat(offsetof(DrmSyncobjDestroy.LAYOUT, "pad")).isEqualTo(4);
  }

  @Test
  void aNumberComesApartAgain() {
    assertThat(Ioc.dir(DrmIoctl.VERSION)).isEqualTo(Ioc.READ | Ioc.WRITE);
    assertThat(Ioc.sizeBytes(DrmIoctl.VERSION)).isEqualTo(64);
    assertThat(Ioc.type(DrmIoctl.VERSION)).isEqualTo('d');
    assertThat(Ioc.nr(DrmIoctl.GET_CAP)).isEqualTo(0x0c);
  }
}
