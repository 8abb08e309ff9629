package org.smmulator.trace;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's log: what {@code dmesg} prints.
 *
 * <p>A line is {@code [seconds.micros] text}, in virtual time. Levels are kept, not printed. The
 * log is a ring of {@code CONFIG_LOG_BUF_SHIFT}'s default size: what does not fit any more is
 * forgotten, oldest first.
 */
@Singleton
public final class Dmesg {
  /** Severity, most severe first. */
  public enum Level {
    EMERG,
    ALERT,
    CRIT,
    ERR,
    WARNING,
    NOTICE,
    INFO,
    DEBUG
  }

  /**
   * One line of the log.
   *
   * @param timeNs virtual nanoseconds since power on
   */
  public record Line(long timeNs, Level level, String text) {
    @Override
    public String toString() {
      long us = timeNs / 1000;
      return String.format(Locale.ROOT, "[%5d.%06d] %s", us / 1_000_000, us % 1_000_000, text);
    }
  }

  /** Kernel: {@code CONFIG_LOG_BUF_SHIFT} is 17. */
  private static final int RING_BYTES = 1 << 17;

  /** Kernel: {@code PRB_AVGBITS}, a record is taken to have 32 characters. */
  private static final int RING_RECORDS = RING_BYTES >> 5;

  /** Kernel: {@code PRINTKRB_RECORD_MAX}; a longer text is cut. */
  private static final int RECORD_MAX_BYTES = 1024;

  private final TraceContext context;
  private final ArrayDeque<Line> lines = new ArrayDeque<>();
  private int bytes;
  private long written;
  private final List<Consumer<Line>> listeners = new ArrayList<>();

  // Looked up by function and message, never iterated.
  private final Map<String, Map<String, RateLimit>> limits = new HashMap<>();

  @Inject
  public Dmesg(TraceContext context) {
    this.context = context;
  }

  @FormatMethod
  public void info(String format, @Nullable Object... args) {
    print(Level.INFO, String.format(Locale.ROOT, format, args));
  }

  @FormatMethod
  public void warn(String format, @Nullable Object... args) {
    print(Level.WARNING, String.format(Locale.ROOT, format, args));
  }

  @FormatMethod
  public void err(String format, @Nullable Object... args) {
    print(Level.ERR, String.format(Locale.ROOT, format, args));
  }

  /**
   * Warns unless this message of {@code function} has come too often. Kernel: {@code
   * pr_warn_ratelimited()}.
   */
  @FormatMethod
  public void warnRatelimited(
      String function, @FormatString String format, @Nullable Object... args) {
    if (rateLimit(function, format).allows()) {
      warn(format, args);
    }
  }

  /**
   * The limit of all that {@code function} prints. Kernel: {@code DEFINE_RATELIMIT_STATE()} in that
   * function.
   */
  public RateLimit rateLimit(String function) {
    return rateLimit(function, "");
  }

  /** The limit of one message of {@code function}, which its format tells from others. */
  public RateLimit rateLimit(String function, String format) {
    return limits
        .computeIfAbsent(function, _ -> new HashMap<>())
        .computeIfAbsent(format, _ -> new RateLimit(function, this, context));
  }

  /** Adds a line that is already put together. */
  public void print(Level level, String text) {
    boolean fits = text.length() < RECORD_MAX_BYTES;
    String kept = fits ? text : text.substring(0, RECORD_MAX_BYTES - 1);
    Line line = new Line(context.nowNs(), level, kept);
    lines.addLast(line);
    written++;
    bytes += recordBytes(line);
    while (bytes > RING_BYTES || lines.size() > RING_RECORDS) {
      bytes -= recordBytes(lines.removeFirst());
    }
    for (Consumer<Line> listener : listeners) {
      listener.accept(line);
    }
  }

  /** A record's id and its text, aligned. Kernel: {@code to_blk_size()}. */
  private static int recordBytes(Line line) {
    return Long.BYTES + (line.text().length() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
  }

  /** Tells {@code listener} of each line as it is printed. It must not touch the machine. */
  public void listen(Consumer<Line> listener) {
    listeners.add(listener);
  }

  /** How many lines were printed, those that the log has dropped included. */
  public long written() {
    return written;
  }

  /** The log as far as it is kept, oldest first. */
  public ImmutableList<Line> lines() {
    return ImmutableList.copyOf(lines);
  }
}
