package org.smmulator.kernel.fs;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EISDIR;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * The one tree of nodes: {@code /dev}, {@code /sys}, {@code /sys/kernel/debug}, {@code /proc}.
 *
 * <p>The kernel builds it with {@link #add} and {@link #mkdir}, which throw unchecked if a driver
 * takes a name twice; processes look at it through {@link #open}, {@link #stat} and {@link
 * #readdir}, which give an errno. Kernel: devtmpfs, sysfs, debugfs and procfs, and {@code
 * fs/namei.c} for the way through them.
 */
@Singleton
public final class NodeTree {
  private final PlainDirectory root = new PlainDirectory(0755);
  private final Uevents uevents = new Uevents();

  /** Makes a tree with debugfs, which is root's alone: {@code DEBUGFS_DEFAULT_MODE}. */
  @Inject
  public NodeTree() {
    var _ = mkdir("/sys/kernel", 0755);
    var _ = mkdir("/sys/kernel/debug", 0700);
    add("/sys/kernel/uevent_seqnum", new Node.TextFile(0444, () -> uevents.seqnum() + "\n", null));
  }

  /** The messages of changes of the devices in the tree. */
  public Uevents uevents() {
    return uevents;
  }

  // ---- for the kernel

  /** Makes the directory and what is missing above it, all with {@code mode}. */
  public PlainDirectory mkdir(String path, int mode) {
    PlainDirectory at = root;
    for (String name : PathWalk.COMPONENTS.split(path)) {
      Node child = at.find(name);
      if (child == null) {
        PlainDirectory made = new PlainDirectory(mode);
        var _ = at.add(name, made);
        at = made;
      } else {
        checkState(child instanceof PlainDirectory, "%s: %s is no directory", path, name);
        at = (PlainDirectory) child;
      }
    }
    return at;
  }

  /** Puts {@code node} at {@code path}, making directories above it as needed. */
  public void add(String path, Node node) {
    boolean added = mkdir(parent(path), 0755).add(name(path), node);
    checkState(added, "%s exists", path);
  }

  /** Takes away what is at {@code path}; files of it that are open stay open. */
  public void remove(String path) {
    boolean removed = mkdir(parent(path), 0755).remove(name(path));
    checkState(removed, "%s does not exist", path);
  }

  private static String parent(String path) {
    checkArgument(path.startsWith("/") && path.length() > 1, "path %s", path);
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  // ---- for processes

  /**
   * Opens what is at {@code path}.
   *
   * @param flags the access mode of {@link OpenFlags}, and what the driver looks at
   * @return a file with one reference
   * @throws ErrnoException ENOENT, ENOTDIR, EISDIR, EACCES, ELOOP, or what the driver gives
   */
  public OpenFile open(String path, int flags, Caller caller) throws ErrnoException {
    Node node = stat(path, caller.task());
    if (node instanceof Node.Directory && OpenFlags.writes(flags)) {
      throw EISDIR.because("%s", path);
    }
    int wanted =
        (OpenFlags.reads(flags) ? PathWalk.READ : 0)
            | (OpenFlags.writes(flags) ? PathWalk.WRITE : 0);
    PathWalk.demand(node, wanted, caller.task(), path);
    return new OpenFile(operations(node, path, flags, caller), path, flags);
  }

  private static FileOperations operations(Node node, String path, int flags, Caller caller)
      throws ErrnoException {
    return switch (node) {
      case Node.DeviceFile file -> file.device().open(caller, flags);
      case Node.DriverFile file -> file.driver().open(caller, flags);
      case Node.TextFile file -> {
        if (OpenFlags.writes(flags) && file.writer() == null) {
          throw EACCES.because("%s cannot be written", path); // as kernfs does, even to root
        }
        if (OpenFlags.reads(flags) && (file.mode() & 0444) == 0) {
          throw EACCES.because("%s cannot be read", path);
        }
        yield new TextOperations(
            OpenFlags.reads(flags) ? () -> file.content().get().getBytes(UTF_8) : null,
            OpenFlags.writes(flags) ? file.writer() : null);
      }
      case Node.BinaryFile file -> {
        if (OpenFlags.writes(flags)) {
          throw EACCES.because("%s cannot be written", path);
        }
        yield new TextOperations(file.content(), null);
      }
      case Node.Directory directory -> new DirectoryOperations(directory);
      case Node.Symlink _ -> throw new IllegalStateException(path + " was not followed");
    };
  }

  /**
   * Finds what is at {@code path}, following symbolic links.
   *
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES, ELOOP
   */
  public Node stat(String path, Task task) throws ErrnoException {
    return new PathWalk(root, path, task).toTheEnd();
  }

  /**
   * Finds what is at {@code path}: a symbolic link itself if the path ends with one.
   *
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES, ELOOP
   */
  public Node lstat(String path, Task task) throws ErrnoException {
    return new PathWalk(root, path, task).toTheLink();
  }

  /**
   * Lists the directory at {@code path}.
   *
   * @throws ErrnoException ENOENT, ENOTDIR, EACCES, ELOOP
   */
  public ImmutableList<String> readdir(String path, Task task) throws ErrnoException {
    Node.Directory directory = PathWalk.directory(stat(path, task), path);
    PathWalk.demand(directory, PathWalk.READ, task, path);
    return directory.names();
  }
}
