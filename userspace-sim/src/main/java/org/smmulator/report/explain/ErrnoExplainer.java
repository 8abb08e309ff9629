package org.smmulator.report.explain;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;

/** Explains an error number, given as name, as {@code errno} or as a system call returns it. */
final class ErrnoExplainer implements NumberExplainer {
  /** Numbers from here up are the kernel's own. Kernel: {@code include/linux/errno.h}. */
  private static final int KERNEL_ONLY = 512;

  private final List<DriverWords> drivers;

  ErrnoExplainer(List<DriverWords> drivers) {
    this.drivers = drivers;
  }

  /** Explains errors, or one error of a driver and of one of its calls or all of them. */
  @Override
  public void explain(List<String> values, Consumer<String> listener) throws BadInputException {
    for (DriverWords driver : drivers) {
      if (values.size() > 1 && values.get(1).equals(driver.driver())) {
        String call = values.size() > 2 ? values.get(2) : null;
        if (values.size() > 3) {
          throw new BadInputException(
              "'%s' is too much".formatted(values.get(3)), "ask about one call at a time");
        }
        explain(values.get(0), driver, call).forEach(listener);
        return;
      }
    }
    checkIsErrno(values.subList(1, values.size()));
    NumberExplainer.super.explain(values, listener);
  }

  /**
   * Says when a driver's calls fail with an error.
   *
   * @param call null for all of them
   * @throws BadInputException if the driver has no such call, or it never fails so
   */
  private ImmutableList<String> explain(String value, DriverWords driver, @Nullable String call)
      throws BadInputException {
    Errno errno = find(value);
    List<String> calls = driver.errnos().stream().map(DriverErrno::call).distinct().toList();
    if (call != null && !calls.contains(call)) {
      throw new BadInputException(
          "no table says when '%s' of drm/%s fails".formatted(call, driver.driver()),
          Nearest.cure(call, calls));
    }
    List<String> reasons =
        driver.errnos().stream()
            .filter(each -> each.errno() == errno && (call == null || call.equals(each.call())))
            .map(each -> "  %-13s %s".formatted(each.call(), each.when()))
            .toList();
    if (reasons.isEmpty()) {
      throw new BadInputException(
          "%s of drm/%s never gives %s itself"
              .formatted(call == null ? "a call" : call, driver.driver(), errno),
          "the core may: EFAULT for memory that is not there, ENOENT for an unknown handle or"
              + " queue");
    }
    return ImmutableList.<String>builder()
        .add(explain(value))
        .add("In drm/%s, in the order of the checks, if".formatted(driver.driver()))
        .addAll(reasons)
        .build();
  }

  /** Refuses what was meant for a driver before anything is told. */
  private void checkIsErrno(List<String> others) throws BadInputException {
    List<String> known = drivers.stream().map(DriverWords::driver).toList();
    for (String word : others) {
      boolean isName = !word.isEmpty() && Character.isLetter(word.charAt(0));
      if (isName && !names().contains(Ascii.toUpperCase(word))) {
        throw new BadInputException(
            "'%s' is neither an error nor a driver".formatted(word),
            "the drivers are %s; see: smmulator explain --help"
                .formatted(String.join(", ", known)));
      }
    }
  }

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
