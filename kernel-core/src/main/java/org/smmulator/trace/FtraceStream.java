package org.smmulator.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ftrace's text, written to a file record by record: it keeps none of them, so a trace may be
 * longer than memory.
 *
 * <p>The header says how many records follow, and is written once more at the end, in the same
 * number of bytes. A pipe cannot go back; it gets no header, as {@code trace_pipe} has none.
 */
public final class FtraceStream implements Consumer<TraceRecord>, AutoCloseable {
  private final FileChannel file;
  private final Writer out;
  private final boolean hasHeader;
  private int cpus;
  private long written;
  private @Nullable IOException failure;

  /**
   * Opens {@code path}, and empties it.
   *
   * @throws IOException if it cannot be written
   */
  public FtraceStream(Path path) throws IOException {
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    hasHeader = Files.isRegularFile(path);
    out = new BufferedWriter(Channels.newWriter(file, UTF_8));
  }

  /**
   * Writes the header, before the first record.
   *
   * @param cpus how many the machine has
   * @throws IOException if it cannot be written
   */
  public void begin(int cpus) throws IOException {
    this.cpus = cpus;
    if (hasHeader) {
      out.write(header());
    }
  }

  /** Writes {@code made}; what goes wrong is thrown by {@link #close}. */
  @Override
  public void accept(TraceRecord made) {
    if (failure != null) {
      return;
    }
    try {
      out.write(FtraceText.line(made));
      out.write('\n');
      written++;
    } catch (IOException e) {
      failure = e;
    }
  }

  /**
   * Writes what is left, and the header with its counts.
   *
   * @throws IOException if that cannot be done, or a record could not be written before
   */
  @Override
  public void close() throws IOException {
    try (file) {
      if (failure != null) {
        throw failure;
      }
      out.flush();
      if (hasHeader && cpus != 0) {
        ByteBuffer header = ByteBuffer.wrap(header().getBytes(UTF_8));
        for (long at = 0; header.hasRemaining(); ) {
          at += file.write(header, at);
        }
      }
    }
  }

  private String header() {
    // as wide as two counts of all that a file can hold
    return FtraceText.header("%-39s".formatted(written + "/" + written), cpus);
  }
}
