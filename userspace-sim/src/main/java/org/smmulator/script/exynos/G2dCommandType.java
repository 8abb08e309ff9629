package org.smmulator.script.exynos;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.userspace.exynos.ExynosBuffer;
import org.smmulator.userspace.exynos.G2dList;

/** A kind of command in a list of the 2D engine. */
abstract class G2dCommandType extends Form {
  G2dCommandType(String keyword, String sentence) {
    super(keyword, sentence);
  }

  /** Appends what it sets to {@code list}. */
  abstract void encode(Args args, G2dList list, ProcessRun process);

  /** The command as a story tells it: {@code fill canvas with 0xff0000ff}. */
  abstract String words(Args args);

  /** Declares a buffer as an image. */
  final FormField<Ref<ExynosBuffer>> image(String name, String about) {
    return required(name, Ref.own(ExynosVocabulary.BUFFER), about);
  }

  /** Declares the width of the lines of all images, in pixels of 32 bits. */
  final FormField<Long> width() {
    return required("width", Scalar.between(1, 8000), "Pixels of 32 bits from a line to the next.");
  }

  /** Declares a list of numbers of up to 13 bits. */
  final FormField<ImmutableList<Long>> numbers(String name, String example, String about) {
    return required(name, FieldType.listOf(Scalar.between(0, 8191), example), about);
  }

  static int number(ImmutableList<Long> numbers, int index) {
    return numbers.get(index).intValue();
  }
}
