package org.smmulator.kernel.fs;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something in the tree of nodes. Modes are the nine permission bits; everything belongs to root.
 */
public sealed interface Node {
  /** The permission bits. */
  int mode();

  /** A character device: {@code major} 226 for DRM. */
  record DeviceFile(int mode, int major, int minor, DeviceNode device) implements Node {}

  /**
   * A text that is put together when it is read from its start. Kernel: {@code seq_file}.
   *
   * @param writer what a write does; null if it cannot be written
   */
  record TextFile(int mode, Supplier<String> content, @Nullable TextWriter writer)
      implements Node {}

  /**
   * A regular file whose driver brings its own operations. Kernel: {@code debugfs_create_file()}
   * with a {@code struct file_operations}.
   */
  record DriverFile(int mode, DeviceNode driver) implements Node {}

  /** Bytes that are put together when they are read from their start: an attribute of sysfs. */
  record BinaryFile(int mode, Supplier<byte[]> content) implements Node {}

  /** A name for another path, absolute or from the link's directory. */
  record Symlink(String target) implements Node {
    /**
     * A link in the directory {@code from} to the path {@code to}. Kernel: {@code
     * kernfs_get_target_path()}.
     */
    public static Symlink relative(String from, String to) {
      List<String> up = PathWalk.COMPONENTS.splitToList(from);
      List<String> down = PathWalk.COMPONENTS.splitToList(to);
      int common = 0;
      while (common < Math.min(up.size(), down.size() - 1)
          && up.get(common).equals(down.get(common))) {
        common++;
      }
      return new Symlink(
          "../".repeat(up.size() - common) + String.join("/", down.subList(common, down.size())));
    }

    @Override
    public int mode() {
      return 0777;
    }
  }

  /** A directory; {@code /proc} makes up its children when it is asked. */
  non-sealed interface Directory extends Node {
    /** The names of the children, in the order in which they are listed. */
    ImmutableList<String> names();

    /** The child called {@code name}; null if there is none. */
    @Nullable Node find(String name);

    @Override
    default int mode() {
      return 0755;
    }
  }
}
