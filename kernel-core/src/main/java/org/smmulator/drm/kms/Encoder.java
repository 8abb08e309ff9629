package org.smmulator.drm.kms;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.List;
import org.smmulator.drm.kms.mode.DisplayMode;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.object.ObjectType;

/** A part that turns pixels into a connector's signals. Kernel: {@code struct drm_encoder}. */
public final class Encoder extends ModeObject {
  private final int index;
  private final int encoderType;
  private final int possibleCrtcs;
  private final EncoderDriver driver;

  /** The nearest first. */
  private final List<Bridge> bridges = new ArrayList<>();

  Encoder(int index, int encoderType, int possibleCrtcs) {
    this(index, encoderType, possibleCrtcs, EncoderDriver.NONE);
  }

  Encoder(int index, int encoderType, int possibleCrtcs, EncoderDriver driver) {
    super(ObjectType.ENCODER);
    this.index = index;
    this.encoderType = encoderType;
    this.possibleCrtcs = possibleCrtcs;
    this.driver = driver;
  }

  /**
   * Puts {@code bridge} between the encoder and what is behind it. Kernel: {@code
   * drm_bridge_attach()} without a previous bridge.
   */
  public void attach(Bridge bridge) {
    bridges.addFirst(bridge);
  }

  /** Kernel: {@code drm_bridge_chain_mode_set()}. */
  void modeSet(DisplayMode mode) {
    bridges.forEach(bridge -> bridge.modeSet(mode));
  }

  /** Kernel: {@code drm_atomic_bridge_chain_pre_enable()}. */
  void preEnable() {
    Lists.reverse(bridges).forEach(Bridge::preEnable);
  }

  /** Kernel: {@code drm_atomic_bridge_chain_enable()}. */
  void enable() {
    bridges.forEach(Bridge::enable);
  }

  /** Kernel: {@code drm_atomic_bridge_chain_disable()}. */
  void disable() {
    Lists.reverse(bridges).forEach(Bridge::disable);
  }

  /** Kernel: {@code drm_atomic_bridge_chain_post_disable()}. */
  void postDisable() {
    bridges.forEach(Bridge::postDisable);
  }

  int mask() {
    return 1 << index;
  }

  EncoderDriver driver() {
    return driver;
  }

  /** One of the {@code TYPE_*} of an encoder. */
  public int encoderType() {
    return encoderType;
  }

  /** A mask of CRTCs' indices. */
  public int possibleCrtcs() {
    return possibleCrtcs;
  }

  /** A mask of the encoders that can show the same beside it: only itself. */
  public int possibleClones() {
    return mask();
  }
}
