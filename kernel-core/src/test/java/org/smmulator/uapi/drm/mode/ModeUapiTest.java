package org.smmulator.uapi.drm.mode;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.vblank.CrtcGetSequence;
import org.smmulator.uapi.drm.vblank.CrtcQueueSequence;
import org.smmulator.uapi.drm.vblank.DrmEventCrtcSequence;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;
import org.smmulator.uapi.drm.vblank.VblankIoctl;

/** Numbers that gcc printed from Linux 7.1.5's {@code drm_mode.h} and {@code drm.h}, LP64. */
class ModeUapiTest {
  private static final ImmutableList<StructLayout> LAYOUTS =
      ImmutableList.of(
          ModeInfo.LAYOUT,
          ModeCardRes.LAYOUT,
          ModeCrtc.LAYOUT,
          ModeSetPlane.LAYOUT,
          ModeGetPlane.LAYOUT,
          ModeGetPlaneRes.LAYOUT,
          ModeGetEncoder.LAYOUT,
          ModeGetConnector.LAYOUT,
          ModePropertyEnum.LAYOUT,
          ModeGetProperty.LAYOUT,
          ModeConnectorSetProperty.LAYOUT,
          ModeObjGetProperties.LAYOUT,
          ModeObjSetProperty.LAYOUT,
          ModeGetBlob.LAYOUT,
          ModeFbCmd.LAYOUT,
          ModeFbCmd2.LAYOUT,
          ModeFbDirtyCmd.LAYOUT,
          ModeCursor.LAYOUT,
          ModeCursor2.LAYOUT,
          ModeCrtcLut.LAYOUT,
          ModeCrtcPageFlip.LAYOUT,
          ModeCreateDumb.LAYOUT,
          ModeMapDumb.LAYOUT,
          ModeDestroyDumb.LAYOUT,
          ModeAtomic.LAYOUT,
          ModeFormatModifierBlob.LAYOUT,
          ModeFormatModifier.LAYOUT,
          ModeCreateBlob.LAYOUT,
          ModeDestroyBlob.LAYOUT,
          ModeColorLut.LAYOUT,
          ModeRect.LAYOUT,
          ModeCreateLease.LAYOUT,
          ModeListLessees.LAYOUT,
          ModeGetLease.LAYOUT,
          ModeRevokeLease.LAYOUT,
          ModeCloseFb.LAYOUT,
          CrtcGetSequence.LAYOUT,
          CrtcQueueSequence.LAYOUT,
          DrmEventVblank.LAYOUT,
          DrmEventCrtcSequence.LAYOUT);

  /** Each struct with its size, and its members with their offsets. */
  private static final String STRUCTS =
      """
      drm_mode_modeinfo 68 clock@0 hdisplay@4 hsync_start@6 hsync_end@8 htotal@10 hskew@12 \
      vdisplay@14 vsync_start@16 vsync_end@18 vtotal@20 vscan@22 vrefresh@24 flags@28 type@32 \
      name@36
      drm_mode_card_res 64 fb_id_ptr@0 crtc_id_ptr@8 connector_id_ptr@16 encoder_id_ptr@24 \
      count_fbs@32 count_crtcs@36 count_connectors@40 count_encoders@44 min_width@48 \
      max_width@52 min_height@56 max_height@60
      drm_mode_crtc 104 set_connectors_ptr@0 count_connectors@8 crtc_id@12 fb_id@16 x@20 y@24 \
      gamma_size@28 mode_valid@32 mode@36
      drm_mode_set_plane 48 plane_id@0 crtc_id@4 fb_id@8 flags@12 crtc_x@16 crtc_y@20 \
      crtc_w@24 crtc_h@28 src_x@32 src_y@36 src_h@40 src_w@44
      drm_mode_get_plane 32 plane_id@0 crtc_id@4 fb_id@8 possible_crtcs@12 gamma_size@16 \
      count_format_types@20 format_type_ptr@24
      drm_mode_get_plane_res 16 plane_id_ptr@0 count_planes@8
      drm_mode_get_encoder 20 encoder_id@0 encoder_type@4 crtc_id@8 possible_crtcs@12 \
      possible_clones@16
      drm_mode_get_connector 80 encoders_ptr@0 modes_ptr@8 props_ptr@16 prop_values_ptr@24 \
      count_modes@32 count_props@36 count_encoders@40 encoder_id@44 connector_id@48 \
      connector_type@52 connector_type_id@56 connection@60 mm_width@64 mm_height@68 \
      subpixel@72 pad@76
      drm_mode_property_enum 40 value@0 name@8
      drm_mode_get_property 64 values_ptr@0 enum_blob_ptr@8 prop_id@16 flags@20 name@24 \
      count_values@56 count_enum_blobs@60
      drm_mode_connector_set_property 16 value@0 prop_id@8 connector_id@12
      drm_mode_obj_get_properties 32 props_ptr@0 prop_values_ptr@8 count_props@16 obj_id@20 \
      obj_type@24
      drm_mode_obj_set_property 24 value@0 prop_id@8 obj_id@12 obj_type@16
      drm_mode_get_blob 16 blob_id@0 length@4 data@8
      drm_mode_fb_cmd 28 fb_id@0 width@4 height@8 pitch@12 bpp@16 depth@20 handle@24
      drm_mode_fb_cmd2 104 fb_id@0 width@4 height@8 pixel_format@12 flags@16 handles@20 \
      pitches@36 offsets@52 modifier@72
      drm_mode_fb_dirty_cmd 24 fb_id@0 flags@4 color@8 num_clips@12 clips_ptr@16
      drm_mode_cursor 28 flags@0 crtc_id@4 x@8 y@12 width@16 height@20 handle@24
      drm_mode_cursor2 36 flags@0 crtc_id@4 x@8 y@12 width@16 height@20 handle@24 hot_x@28 \
      hot_y@32
      drm_mode_crtc_lut 32 crtc_id@0 gamma_size@4 red@8 green@16 blue@24
      drm_mode_crtc_page_flip_target 24 crtc_id@0 fb_id@4 flags@8 sequence@12 user_data@16
      drm_mode_create_dumb 32 height@0 width@4 bpp@8 flags@12 handle@16 pitch@20 size@24
      drm_mode_map_dumb 16 handle@0 pad@4 offset@8
      drm_mode_destroy_dumb 4 handle@0
      drm_mode_atomic 56 flags@0 count_objs@4 objs_ptr@8 count_props_ptr@16 props_ptr@24 \
      prop_values_ptr@32 reserved@40 user_data@48
      drm_format_modifier_blob 24 version@0 flags@4 count_formats@8 formats_offset@12 \
      count_modifiers@16 modifiers_offset@20
      drm_format_modifier 24 formats@0 offset@8 pad@12 modifier@16
      drm_mode_create_blob 16 data@0 length@8 blob_id@12
      drm_mode_destroy_blob 4 blob_id@0
      drm_color_lut 8 red@0 green@2 blue@4 reserved@6
      drm_mode_rect 16 x1@0 y1@4 x2@8 y2@12
      drm_mode_create_lease 24 object_ids@0 object_count@8 flags@12 lessee_id@16 fd@20
      drm_mode_list_lessees 16 count_lessees@0 pad@4 lessees_ptr@8
      drm_mode_get_lease 16 count_objects@0 pad@4 objects_ptr@8
      drm_mode_revoke_lease 4 lessee_id@0
      drm_mode_closefb 8 fb_id@0 pad@4
      drm_crtc_get_sequence 24 crtc_id@0 active@4 sequence@8 sequence_ns@16
      drm_crtc_queue_sequence 24 crtc_id@0 flags@4 sequence@8 user_data@16
      drm_event_vblank 32 user_data@8 tv_sec@16 tv_usec@20 sequence@24 crtc_id@28
      drm_event_crtc_sequence 32 user_data@8 time_ns@16 sequence@24
      """;

  @Test
  void structs() {
    List<String> golden = STRUCTS.lines().toList();
    assertThat(LAYOUTS).hasSize(golden.size());
    for (int i = 0; i < golden.size(); i++) {
      List<String> words = Splitter.on(' ').splitToList(golden.get(i));
      StructLayout layout = LAYOUTS.get(i);
      assertThat(layout.name()).hasValue(words.get(0));
      assertWithMessage(words.get(0))
          .that(layout.byteSize())
          .isEqualTo(Long.parseLong(words.get(1)));
      for (String member : words.subList(2, words.size())) {
        List<String> at = Splitter.on('@').splitToList(member);
        assertWithMessage("%s.%s", words.get(0), at.get(0))
            .that(CStruct.offsetof(layout, at.get(0)))
            .isEqualTo(Long.parseLong(at.get(1)));
      }
    }
  }

  @Test
  void ioctlNumbers() {
    assertThat(VblankIoctl.WAIT_VBLANK).isEqualTo(0xc018643a);
    assertThat(VblankIoctl.CRTC_GET_SEQUENCE).isEqualTo(0xc018643b);
    assertThat(VblankIoctl.CRTC_QUEUE_SEQUENCE).isEqualTo(0xc018643c);
    assertThat(ModeIoctl.GETRESOURCES).isEqualTo(0xc04064a0);
    assertThat(ModeIoctl.GETCRTC).isEqualTo(0xc06864a1);
    assertThat(ModeIoctl.SETCRTC).isEqualTo(0xc06864a2);
    assertThat(ModeIoctl.CURSOR).isEqualTo(0xc01c64a3);
    assertThat(ModeIoctl.GETGAMMA).isEqualTo(0xc02064a4);
    assertThat(ModeIoctl.SETGAMMA).isEqualTo(0xc02064a5);
    assertThat(ModeIoctl.GETENCODER).isEqualTo(0xc01464a6);
    assertThat(ModeIoctl.GETCONNECTOR).isEqualTo(0xc05064a7);
    assertThat(ModeIoctl.ATTACHMODE).isEqualTo(0xc04864a8);
    assertThat(ModeIoctl.DETACHMODE).isEqualTo(0xc04864a9);
    assertThat(ModeIoctl.GETPROPERTY).isEqualTo(0xc04064aa);
    assertThat(ModeIoctl.SETPROPERTY).isEqualTo(0xc01064ab);
    assertThat(ModeIoctl.GETPROPBLOB).isEqualTo(0xc01064ac);
    assertThat(ModeIoctl.GETFB).isEqualTo(0xc01c64ad);
    assertThat(ModeIoctl.ADDFB).isEqualTo(0xc01c64ae);
    assertThat(ModeIoctl.RMFB).isEqualTo(0xc00464af);
    assertThat(ModeIoctl.PAGE_FLIP).isEqualTo(0xc01864b0);
    assertThat(ModeIoctl.DIRTYFB).isEqualTo(0xc01864b1);
    assertThat(ModeIoctl.CREATE_DUMB).isEqualTo(0xc02064b2);
    assertThat(ModeIoctl.MAP_DUMB).isEqualTo(0xc01064b3);
    assertThat(ModeIoctl.DESTROY_DUMB).isEqualTo(0xc00464b4);
    assertThat(ModeIoctl.GETPLANERESOURCES).isEqualTo(0xc01064b5);
    assertThat(ModeIoctl.GETPLANE).isEqualTo(0xc02064b6);
    assertThat(ModeIoctl.SETPLANE).isEqualTo(0xc03064b7);
    assertThat(ModeIoctl.ADDFB2).isEqualTo(0xc06864b8);
    assertThat(ModeIoctl.OBJ_GETPROPERTIES).isEqualTo(0xc02064b9);
    assertThat(ModeIoctl.OBJ_SETPROPERTY).isEqualTo(0xc01864ba);
    assertThat(ModeIoctl.CURSOR2).isEqualTo(0xc02464bb);
    assertThat(ModeIoctl.ATOMIC).isEqualTo(0xc03864bc);
    assertThat(ModeIoctl.CREATEPROPBLOB).isEqualTo(0xc01064bd);
    assertThat(ModeIoctl.DESTROYPROPBLOB).isEqualTo(0xc00464be);
    assertThat(ModeIoctl.CREATE_LEASE).isEqualTo(0xc01864c6);
    assertThat(ModeIoctl.LIST_LESSEES).isEqualTo(0xc01064c7);
    assertThat(ModeIoctl.GET_LEASE).isEqualTo(0xc01064c8);
    assertThat(ModeIoctl.REVOKE_LEASE).isEqualTo(0xc00464c9);
    assertThat(ModeIoctl.GETFB2).isEqualTo(0xc06864ce);
    assertThat(ModeIoctl.CLOSEFB).isEqualTo(0xc00864d0);
  }

  @Test
  void whatIsWrittenIsRead() {
    MemorySegment memory = MemorySegment.ofArray(new long[9]);
    var mode = new ModeInfo(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 65535, 60, 1, 2, "64x16");

    mode.write(memory, 0);

    assertThat(ModeInfo.read(memory, 0)).isEqualTo(mode);
  }
}
