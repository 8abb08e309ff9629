package org.smmulator.report.explain;

import com.google.common.base.Ascii;
import java.util.Arrays;
import java.util.List;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;

/** Explains an error number, given as name, as {@code errno} or as a system call returns it. */
final class ErrnoExplainer implements Explainer {
  /** Numbers from here up are the kernel's own. Kernel: {@code include/linux/errno.h}. */
  private static final int KERNEL_ONLY = 512;

  @Override
  public String explain(String value) throws BadInputException {
    Errno errno = find(value);
    String line =
        "%s is errno %d: %s. A system call that fails with it returns %d."
            .formatted(errno, errno.number(), errno.description(), -errno.number());
    return errno.number() < KERNEL_ONLY
        ? line
        : line + "\n  It is the kernel's own number, which errno.h does not have.";
  }

  private static Errno find(String value) throws BadInputException {
    if (!value.isEmpty() && Character.isLetter(value.charAt(0))) {
      return byName(Ascii.toUpperCase(value));
    }
    int number = Numbers.word32(value);
    Errno errno = Errno.ofReturnValue(number > 0 ? -(long) number : number);
    if (errno == null) {
      throw new BadInputException(
          "no error that this kernel returns has the number " + value,
          "known: " + String.join(", ", names()));
    }
    return errno;
  }

  private static Errno byName(String name) throws BadInputException {
    for (Errno errno : Errno.values()) {
      if (errno.name().equals(name)) {
        return errno;
      }
    }
    throw new BadInputException(
        "this kernel returns no error '%s'".formatted(name), Nearest.cure(name, names()));
  }

  private static List<String> names() {
    return Arrays.stream(Errno.values()).map(Errno::name).toList();
  }
}
