package org.smmulator.script.kms.property;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.kms.KmsObject;
import org.smmulator.script.kms.KmsPlane;
import org.smmulator.script.kms.KmsVocabulary;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** A plane and the picture that it shows unscaled, or none: ten properties at once. */
final class PlanePicture extends Form {
  private static final int FRACTION_BITS = 16;

  private final FormField<KmsPlane> plane =
      optional("plane", FieldType.oneOf(KmsPlane.class), KmsPlane.PRIMARY, "Its kind.");
  private final FormField<Long> index =
      optional("index", NamedProperty.INDEX, 0L, "Which one of its kind, from 0.");
  final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      optional(
          "fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "The picture; left out, the plane is off.");
  private final FormField<Long> crtc =
      optional("crtc", NamedProperty.INDEX, 0L, "On which CRTC, from 0.");
  private final FormField<Long> x =
      optional("x", Scalar.NUMBER, 0L, "Where, in pixels from the left.");
  private final FormField<Long> y =
      optional("y", Scalar.NUMBER, 0L, "Where, in rows from the top.");
  private final FormField<Ref<Descriptor>> fence =
      optional("fence", Ref.own(Kind.DESCRIPTOR), "The sync file that it waits for: IN_FENCE_FD.");

  PlanePicture() {
    super("a plane of atomic", "A plane and what it shows.");
  }

  /**
   * Makes what it sets.
   *
   * @throws ErrnoException what asking the card gives
   */
  List<LibDrmMode.Assignment> assignments(Args args, LibDrmMode card, ProcessRun process)
      throws ErrnoException {
    Ref<KmsVocabulary.FramebufferId> named = args.find(fb);
    KmsVocabulary.FramebufferId shown = named == null ? null : process.own(named);
    int on = shown == null ? 0 : KmsObject.CRTC.find(card, args.get(crtc));
    KmsObject kind = args.get(plane).object();
    Setter set = new Setter(card, kind, kind.find(card, args.get(index)));
    set.to("FB_ID", shown == null ? 0 : shown.id());
    set.to("CRTC_ID", on);
    if (shown != null) {
      set.to("CRTC_X", args.get(x));
      set.to("CRTC_Y", args.get(y));
      set.to("CRTC_W", shown.width());
      set.to("CRTC_H", shown.height());
      set.to("SRC_X", 0);
      set.to("SRC_Y", 0);
      set.to("SRC_W", (long) shown.width() << FRACTION_BITS);
      set.to("SRC_H", (long) shown.height() << FRACTION_BITS);
    }
    Ref<Descriptor> ready = args.find(fence);
    if (ready != null) {
      set.to("IN_FENCE_FD", process.own(ready).number());
    }
    return set.all;
  }

  /** Collects what is set of one plane. */
  private static final class Setter {
    final List<LibDrmMode.Assignment> all = new ArrayList<>();
    private final LibDrmMode card;
    private final KmsObject kind;
    private final int plane;

    Setter(LibDrmMode card, KmsObject kind, int plane) {
      this.card = card;
      this.kind = kind;
      this.plane = plane;
    }

    void to(String name, long value) throws ErrnoException {
      all.add(new LibDrmMode.Assignment(plane, kind.propertyOf(plane, card, name), value));
    }
  }

  String words(Args args) {
    Ref<KmsVocabulary.FramebufferId> shown = args.find(fb);
    return "%s %d %s"
        .formatted(
            FieldType.word(args.get(plane)),
            args.get(index),
            shown == null ? "off" : "to " + shown);
  }
}
