package org.smmulator.kernel.fs;

import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.ELOOP;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOTDIR;

import com.google.common.base.Splitter;
import java.util.ArrayDeque;
import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/** One task's way along a path. Kernel: {@code struct nameidata}, {@code link_path_walk()}. */
final class PathWalk {
  static final Splitter COMPONENTS = Splitter.on('/').omitEmptyStrings();
  static final int READ = 4;
  static final int WRITE = 2;
  private static final int SEARCH = 1;

  /** Kernel: {@code MAXSYMLINKS}. */
  private static final int MAX_SYMLINKS = 40;

  private final Node root;
  private final String path;
  private final Task task;
  private final ArrayDeque<String> rest;
  private final ArrayDeque<Node> above = new ArrayDeque<>();
  private Node at;
  private int links;
  private boolean followsLast = true;

  PathWalk(Node root, String path, Task task) {
    this.root = root;
    this.path = path;
    this.task = task;
    this.rest = new ArrayDeque<>(COMPONENTS.splitToList(path));
    this.at = root;
  }

  /** The same as {@link #toTheEnd}, but a link at the end is not followed. */
  Node toTheLink() throws ErrnoException {
    followsLast = path.endsWith("/");
    return toTheEnd();
  }

  Node toTheEnd() throws ErrnoException {
    while (!rest.isEmpty()) {
      Node.Directory directory = directory(at, path);
      demand(directory, SEARCH, task, path);
      step(directory, rest.removeFirst());
    }
    return path.endsWith("/") ? directory(at, path) : at;
  }

  private void step(Node.Directory directory, String name) throws ErrnoException {
    if (name.equals(".")) {
      return;
    }
    if (name.equals("..")) {
      at = above.isEmpty() ? root : above.removeLast();
      return;
    }
    Node child = directory.find(name);
    if (child == null) {
      throw ENOENT.because("%s: no %s", path, name);
    }
    if (child instanceof Node.Symlink link && (followsLast || !rest.isEmpty())) {
      follow(link.target());
    } else {
      above.addLast(directory);
      at = child;
    }
  }

  private void follow(String target) throws ErrnoException {
    if (++links > MAX_SYMLINKS) {
      throw ELOOP.because("%s", path);
    }
    List<String> components = COMPONENTS.splitToList(target);
    components.reversed().forEach(rest::addFirst);
    if (target.startsWith("/")) {
      above.clear();
      at = root;
    }
  }

  static Node.Directory directory(Node node, String path) throws ErrnoException {
    if (node instanceof Node.Directory directory) {
      return directory;
    }
    throw ENOTDIR.because("%s", path);
  }

  /** Root may do anything; everybody else has the last three bits. */
  static void demand(Node node, int wanted, Task task, String path) throws ErrnoException {
    if (!task.isAdmin() && (node.mode() & wanted) != wanted) {
      throw EACCES.because("%s is 0%o", path, node.mode());
    }
  }
}
