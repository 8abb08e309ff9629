package org.smmulator.script.kms.property;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.Choice;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;
import org.smmulator.userspace.LibDrmMode.Assignment;

/** {@code atomic}: {@code DRM_IOCTL_MODE_ATOMIC}. */
final class AtomicStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final PlanePicture picture = new PlanePicture();
  private final FormField<ImmutableList<Args>> planes =
      optional(
          "planes",
          FieldType.listOf(
              Form.typeOf(picture, picture.fb, "canvas"),
              "[canvas, {plane: overlay, fb: logo, x: 16, y: 4}]"),
          ImmutableList.of(),
          "Planes, and what they show.");
  private final FormField<Ref<PropertyVocabulary.BlobId>> mode =
      optional(
          "mode",
          Ref.own(PropertyVocabulary.BLOB),
          "The mode in which the first CRTC and connector turn on.");
  private final FormField<ImmutableList<Phrase<PropertySetting>>> set =
      optional(
          "set",
          FieldType.listOf(
              new Choice<>(
                  "object",
                  "put braces around each property",
                  Stream.of(KmsObject.values())
                      .map(PropertySetting::new)
                      .collect(toImmutableList())),
              "[{crtc: {property: ACTIVE, value: 0}}]"),
          ImmutableList.of(),
          "Other properties.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[nonblock, event]"),
          ImmutableList.of(),
          "DRM_MODE_ATOMIC_* and DRM_MODE_PAGE_FLIP_*.");
  private final FormField<Long> userData =
      optional("user_data", Scalar.NUMBER, 0L, "What an event carries.");

  AtomicStep() {
    super(
        "atomic",
        "Sets properties at once or not at all; its name is the first CRTC's out-fence.",
        Kind.DESCRIPTOR);
  }

  @Override
  protected @Nullable Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode card = LibDrmMode.of(process.own(step.get(fd)));
    List<Assignment> all = new ArrayList<>();
    for (Args each : step.get(planes)) {
      all.addAll(picture.assignments(each, card, process));
    }
    Ref<PropertyVocabulary.BlobId> turnsOn = step.find(mode);
    if (turnsOn != null) {
      all.addAll(turnOn(card, process.own(turnsOn).id()));
    }
    for (Phrase<PropertySetting> each : step.get(set)) {
      all.add(each.form().assignment(each.args(), card, process));
    }
    int mask = FieldType.mask(step.get(flags), flag -> flag.bit);
    if (step.as() == null) {
      card.atomic(all, mask, step.get(userData));
      return null;
    }
    return withOutFence(card, all, mask, step.get(userData), process.client());
  }

  private static List<Assignment> turnOn(LibDrmMode card, int blob) throws ErrnoException {
    int crtc = KmsObject.CRTC.find(card, 0);
    int connector = KmsObject.CONNECTOR.find(card, 0);
    return ImmutableList.of(
        of(card, KmsObject.CRTC, crtc, "MODE_ID", blob),
        of(card, KmsObject.CRTC, crtc, "ACTIVE", 1),
        of(card, KmsObject.CONNECTOR, connector, "CRTC_ID", crtc));
  }

  private static Assignment of(LibDrmMode card, KmsObject kind, int id, String name, long value)
      throws ErrnoException {
    return new Assignment(id, kind.propertyOf(id, card, name), value);
  }

  private static Descriptor withOutFence(
      LibDrmMode card, List<Assignment> all, int mask, long userData, Client client)
      throws ErrnoException {
    int crtc = KmsObject.CRTC.find(card, 0);
    try (Client.Scratch scratch = client.scratch()) {
      long at = scratch.bytes(Long.BYTES);
      all.add(of(card, KmsObject.CRTC, crtc, "OUT_FENCE_PTR", at));
      card.atomic(all, mask, userData);
      return new Descriptor(client, client.load32(at));
    }
  }

  @Override
  protected String words(Step step) {
    String what =
        Stream.concat(
                step.get(planes).stream().map(picture::words),
                step.get(set).stream().map(each -> each.form().words(each.args())))
            .collect(joining(", "));
    boolean isTest = step.get(flags).contains(Flag.TEST_ONLY);
    return "%s %s%s"
        .formatted(
            isTest ? "tests a commit:" : "commits",
            what.isEmpty() ? "nothing" : what,
            step.asWords());
  }

  /** {@code DRM_MODE_ATOMIC_*} and {@code DRM_MODE_PAGE_FLIP_*}. */
  private enum Flag {
    TEST_ONLY(ModeAtomic.TEST_ONLY),
    NONBLOCK(ModeAtomic.NONBLOCK),
    ALLOW_MODESET(ModeAtomic.ALLOW_MODESET),
    EVENT(ModeCrtcPageFlip.EVENT),
    ASYNC(ModeCrtcPageFlip.ASYNC);

    final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }
}
