package org.smmulator.kernel.errno;

import com.google.errorprone.annotations.FormatMethod;
import org.jspecify.annotations.Nullable;

/**
 * The error numbers that the simulated kernel returns.
 *
 * <p>Numbers from 512 up are the kernel's own: they steer the kernel and are never meant to reach a
 * process, although some do ({@link #ETOOSMALL} from an msm ioctl).
 */
public enum Errno {
  EPERM(1, "Operation not permitted"),
  ENOENT(2, "No such file or directory"),
  ESRCH(3, "No such process"),
  EINTR(4, "Interrupted system call"),
  EIO(5, "Input/output error"),
  ENXIO(6, "No such device or address"),
  E2BIG(7, "Argument list too long"),
  EBADF(9, "Bad file descriptor"),
  EAGAIN(11, "Resource temporarily unavailable"),
  ENOMEM(12, "Cannot allocate memory"),
  EACCES(13, "Permission denied"),
  EFAULT(14, "Bad address"),
  EBUSY(16, "Device or resource busy"),
  EEXIST(17, "File exists"),
  ENODEV(19, "No such device"),
  ENOTDIR(20, "Not a directory"),
  EISDIR(21, "Is a directory"),
  EINVAL(22, "Invalid argument"),
  EMFILE(24, "Too many open files"),
  ENOTTY(25, "Inappropriate ioctl for device"),
  ENOSPC(28, "No space left on device"),
  EROFS(30, "Read-only file system"),
  EPIPE(32, "Broken pipe"),
  ERANGE(34, "Numerical result out of range"),
  EDEADLK(35, "Resource deadlock avoided"),
  ENOSYS(38, "Function not implemented"),
  ELOOP(40, "Too many levels of symbolic links"),
  ENODATA(61, "No data available"),
  ETIME(62, "Timer expired"),
  EOVERFLOW(75, "Value too large for defined data type"),
  ENOTSOCK(88, "Socket operation on non-socket"),
  EPROTONOSUPPORT(93, "Protocol not supported"),
  ESOCKTNOSUPPORT(94, "Socket type not supported"),
  EOPNOTSUPP(95, "Operation not supported"),
  EAFNOSUPPORT(97, "Address family not supported by protocol"),
  EADDRINUSE(98, "Address already in use"),
  ENOBUFS(105, "No buffer space available"),
  ETIMEDOUT(110, "Connection timed out"),
  ECONNREFUSED(111, "Connection refused"),
  EALREADY(114, "Operation already in progress"),
  EREMOTEIO(121, "Remote I/O error"),
  ECANCELED(125, "Operation canceled"),
  ERESTARTSYS(512, "Interrupted, to be restarted"),
  EPROBE_DEFER(517, "Driver requests probe retry"),
  ENOTSUPP(524, "Operation is not supported"),
  ETOOSMALL(525, "Buffer or request is too small");

  private final int number;
  private final String description;

  Errno(int number, String description) {
    this.number = number;
    this.description = description;
  }

  /** The positive number, as {@code errno.h} has it. */
  public int number() {
    return number;
  }

  /** The words of {@code strerror}. */
  public String description() {
    return description;
  }

  /** The number as a system call returns it: negative. */
  public long asReturnValue() {
    return -number;
  }

  /** Returns an exception that says why, ready to throw: {@code throw EINVAL.because("…", x)}. */
  @FormatMethod
  public ErrnoException because(String format, @Nullable Object... args) {
    return new ErrnoException(this, false, format, args);
  }

  /**
   * Returns an exception that says why and where it was made, for a program that no one expects to
   * make mistakes in a loop.
   */
  @FormatMethod
  public ErrnoException becauseHere(String format, @Nullable Object... args) {
    return new ErrnoException(this, true, format, args);
  }

  /**
   * Returns the error behind a system call's result or a kernel-style negative number.
   *
   * @return null if {@code result} is not an error, or an error this kernel never returns
   */
  public static @Nullable Errno ofReturnValue(long result) {
    for (Errno errno : values()) {
      if (errno.asReturnValue() == result) {
        return errno;
      }
    }
    return null;
  }
}
