package org.smmulator.kernel.errno;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The Java form of {@code return -EINVAL}: a kernel function that can fail declares it.
 *
 * <p>Checked on purpose: in C every caller sees the {@code int}, here every caller sees the {@code
 * throws}. The kernel's have no stack trace, and a message is put together only if someone reads
 * it, because a client can provoke errors in a loop. It still costs hundreds of nanoseconds, so
 * nothing that happens once per page or per transaction reports by exception.
 */
public final class ErrnoException extends Exception {
  private final Errno errno;
  private final String format;
  private final transient @Nullable Object[] args;

  @FormatMethod
  ErrnoException(Errno errno, boolean traced, String format, @Nullable Object... args) {
    super(null, null, traced, traced);
    this.errno = errno;
    this.format = format;
    this.args = args;
  }

  public Errno errno() {
    return errno;
  }

  /** The reason alone, without the name of the error. */
  @SuppressWarnings("FormatStringAnnotation") // checked where the exception was made
  public String reason() {
    return String.format(Locale.ROOT, format, args);
  }

  @Override
  public String getMessage() {
    return errno + ": " + reason();
  }
}
