package org.smmulator.drm.kms;

import static org.smmulator.drm.kms.object.Property.ATOMIC;
import static org.smmulator.drm.kms.object.Property.IMMUTABLE;

import java.util.stream.IntStream;
import org.smmulator.drm.kms.object.ModeObjects;
import org.smmulator.drm.kms.object.ObjectType;
import org.smmulator.drm.kms.object.Property;
import org.smmulator.uapi.drm.mode.ModePropertyEnum;

/**
 * The properties that every device has, in the order in which Linux makes them, so that they have
 * Linux's numbers. Kernel: {@code drm_connector_create_standard_properties()}, {@code
 * drm_mode_create_standard_properties()}.
 */
final class StandardProperties {
  private static final long U32_MAX = 0xffff_ffffL;
  private static final long S32_MAX = Integer.MAX_VALUE;
  private static final long U64_MAX = -1;

  final Property edid;
  final Property dpms;
  final Property path;
  final Property tile;
  final Property linkStatus;
  final Property panelType;
  final Property nonDesktop;
  final Property hdrOutputMetadata;
  final Property planeType;
  final Property srcX;
  final Property srcY;
  final Property srcW;
  final Property srcH;
  final Property crtcX;
  final Property crtcY;
  final Property crtcW;
  final Property crtcH;
  final Property fbId;
  final Property inFenceFd;
  final Property outFencePtr;
  final Property crtcId;
  final Property fbDamageClips;
  final Property active;
  final Property modeId;
  final Property vrrEnabled;
  final Property degammaLut;
  final Property degammaLutSize;
  final Property ctm;
  final Property gammaLut;
  final Property gammaLutSize;
  final Property backgroundColor;
  final Property inFormats;
  final Property inFormatsAsync;
  final Property sizeHints;

  StandardProperties(ModeObjects in) {
    edid = Property.blob(in, IMMUTABLE, "EDID");
    dpms = Property.enumeration(in, 0, "DPMS", names("On", "Standby", "Suspend", "Off"));
    path = Property.blob(in, IMMUTABLE, "PATH");
    tile = Property.blob(in, IMMUTABLE, "TILE");
    linkStatus = Property.enumeration(in, 0, "link-status", names("Good", "Bad"));
    panelType = Property.enumeration(in, IMMUTABLE, "panel_type", names("unknown", "OLED"));
    nonDesktop = Property.bool(in, IMMUTABLE, "non-desktop");
    hdrOutputMetadata = Property.blob(in, 0, "HDR_OUTPUT_METADATA");
    planeType = Property.enumeration(in, IMMUTABLE, "type", names("Overlay", "Primary", "Cursor"));
    srcX = Property.range(in, ATOMIC, "SRC_X", 0, U32_MAX);
    srcY = Property.range(in, ATOMIC, "SRC_Y", 0, U32_MAX);
    srcW = Property.range(in, ATOMIC, "SRC_W", 0, U32_MAX);
    srcH = Property.range(in, ATOMIC, "SRC_H", 0, U32_MAX);
    crtcX = Property.signedRange(in, ATOMIC, "CRTC_X", Integer.MIN_VALUE, S32_MAX);
    crtcY = Property.signedRange(in, ATOMIC, "CRTC_Y", Integer.MIN_VALUE, S32_MAX);
    crtcW = Property.range(in, ATOMIC, "CRTC_W", 0, S32_MAX);
    crtcH = Property.range(in, ATOMIC, "CRTC_H", 0, S32_MAX);
    fbId = Property.object(in, ATOMIC, "FB_ID", ObjectType.FRAMEBUFFER);
    inFenceFd = Property.signedRange(in, ATOMIC, "IN_FENCE_FD", -1, S32_MAX);
    outFencePtr = Property.range(in, ATOMIC, "OUT_FENCE_PTR", 0, U64_MAX);
    crtcId = Property.object(in, ATOMIC, "CRTC_ID", ObjectType.CRTC);
    fbDamageClips = Property.blob(in, ATOMIC, "FB_DAMAGE_CLIPS");
    active = Property.bool(in, ATOMIC, "ACTIVE");
    modeId = Property.blob(in, ATOMIC, "MODE_ID");
    vrrEnabled = Property.bool(in, 0, "VRR_ENABLED");
    degammaLut = Property.blob(in, 0, "DEGAMMA_LUT");
    degammaLutSize = Property.range(in, IMMUTABLE, "DEGAMMA_LUT_SIZE", 0, U32_MAX);
    ctm = Property.blob(in, 0, "CTM");
    gammaLut = Property.blob(in, 0, "GAMMA_LUT");
    gammaLutSize = Property.range(in, IMMUTABLE, "GAMMA_LUT_SIZE", 0, U32_MAX);
    backgroundColor = Property.range(in, 0, "BACKGROUND_COLOR", 0, U64_MAX);
    inFormats = Property.blob(in, IMMUTABLE, "IN_FORMATS");
    inFormatsAsync = Property.blob(in, IMMUTABLE, "IN_FORMATS_ASYNC");
    sizeHints = Property.blob(in, IMMUTABLE, "SIZE_HINTS");
  }

  private static ModePropertyEnum[] names(String... names) {
    return IntStream.range(0, names.length)
        .mapToObj(i -> new ModePropertyEnum(i, names[i]))
        .toArray(ModePropertyEnum[]::new);
  }
}
