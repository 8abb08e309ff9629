package org.smmulator.kernel.fs;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EISDIR;
import static org.smmulator.kernel.errno.Errno.ELOOP;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOTDIR;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.mm.UserMemory;
import org.smmulator.kernel.task.Task;

/** Paths, links, permissions, and texts that are made when somebody looks. */
class NodeTreeTest {
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;

  private final NodeTree nodes = new NodeTree();
  private final Caller root = caller(true);
  private final Caller user = caller(false);
  private int reads;
  private String written = "";

  @BeforeEach
  void someNodes() {
    Node gpu = new Node.DeviceFile(0666, 226, 128, (caller, flags) -> new FileOperations() {});
    nodes.add("/dev/dri/renderD128", gpu);
    nodes.add("/dev/dri/by-path/gpu-render", new Node.Symlink("../renderD128"));
    nodes.add("/dev/loop", new Node.Symlink("/dev/loop"));
    nodes.add("/sys/kernel/type", new Node.TextFile(0444, () -> "read " + ++reads + "\n", null));
    nodes.add("/sys/kernel/knob", new Node.TextFile(0644, () -> written, text -> written = text));
    var _ = nodes.mkdir("/sys/kernel/debug", 0700);
  }

  @Test
  void aDeviceNodeCarriesItsNumbersAlsoThroughALink() throws Exception {
    Node direct = nodes.stat("/dev/dri/renderD128", user.task());

    assertThat(direct).isInstanceOf(Node.DeviceFile.class);
    assertThat(((Node.DeviceFile) direct).major()).isEqualTo(226);
    assertThat(nodes.stat("/dev/dri/by-path/gpu-render", user.task())).isEqualTo(direct);
    assertThat(nodes.stat("/dev/./dri/../dri//renderD128", user.task())).isEqualTo(direct);
  }

  @Test
  void aLinkIsLookedAtItselfUnlessSomethingIsWantedBehindIt() throws Exception {
    assertThat(nodes.lstat("/dev/dri/by-path/gpu-render", user.task()))
        .isEqualTo(new Node.Symlink("../renderD128"));
    assertThat(nodes.lstat("/dev/loop", user.task())).isInstanceOf(Node.Symlink.class);
    nodes.add("/dev/graphics", new Node.Symlink("dri"));
    assertThat(nodes.lstat("/dev/graphics", user.task())).isInstanceOf(Node.Symlink.class);
    assertThat(nodes.lstat("/dev/graphics/", user.task())).isInstanceOf(Node.Directory.class);
    assertThat(nodes.lstat("/dev/graphics/renderD128", user.task()))
        .isInstanceOf(Node.DeviceFile.class);
  }

  @Test
  void aLinkOfSysfsLeadsFromItsDirectoryToThePath() {
    assertThat(Node.Symlink.relative("/sys/class/drm", "/sys/devices/platform/gpu/drm/card0"))
        .isEqualTo(new Node.Symlink("../../devices/platform/gpu/drm/card0"));
    assertThat(Node.Symlink.relative("/sys/devices/gpu/drm/card0", "/sys/devices/gpu"))
        .isEqualTo(new Node.Symlink("../../../gpu"));
    assertThat(Node.Symlink.relative("/a", "/a/b")).isEqualTo(new Node.Symlink("b"));
  }

  @Test
  void bytesAreReadAsTheyAreAndNotWritten() throws Exception {
    nodes.add("/sys/firmware/reg", new Node.BinaryFile(0444, () -> new byte[] {0, -1, 7}));

    assertThat(nodes.stat("/sys/firmware/reg", user.task()).mode()).isEqualTo(0444);
    var e = assertThrows(ErrnoException.class, () -> nodes.open("/sys/firmware/reg", O_RDWR, root));
    assertThat(e.errno()).isEqualTo(EACCES);
    assertThat(nodes.open("/sys/firmware/reg", O_RDONLY, user).operations().poll()).isNotEqualTo(0);
  }

  @Test
  void directoriesAreListedByName() throws Exception {
    assertThat(nodes.readdir("/", user.task())).containsExactly("dev", "sys").inOrder();
    assertThat(nodes.readdir("/dev/dri", user.task()))
        .containsExactly("by-path", "renderD128")
        .inOrder();
  }

  @Test
  void badPathsAreRefusedAsTheKernelDoes() {
    assertThat(openErrno("/dev/dri/card9", O_RDWR, root)).isEqualTo(ENOENT);
    assertThat(openErrno("/dev/dri/renderD128/x", O_RDWR, root)).isEqualTo(ENOTDIR);
    assertThat(openErrno("/dev/dri/renderD128/", O_RDWR, root)).isEqualTo(ENOTDIR);
    assertThat(openErrno("/dev/dri", O_RDWR, root)).isEqualTo(EISDIR);
    assertThat(openErrno("/dev/loop", O_RDONLY, root)).isEqualTo(ELOOP);
  }

  @Test
  void onlyRootGetsWhatTheModeDeniesOthers() throws Exception {
    nodes.add("/sys/kernel/debug/gem", new Node.TextFile(0444, () -> "", null));

    assertThat(openErrno("/sys/kernel/knob", O_RDWR, user)).isEqualTo(EACCES);
    assertThat(openErrno("/sys/kernel/debug/gem", O_RDONLY, user)).isEqualTo(EACCES);
    assertThat(openErrno("/sys/kernel/type", O_WRONLY, root)).isEqualTo(EACCES);
    nodes.open("/sys/kernel/debug/gem", O_RDONLY, root).put();
  }

  @Test
  void aTextIsPutTogetherByAReadFromItsStartAndStaysForTheNext() throws Exception {
    OpenFile first = nodes.open("/sys/kernel/type", O_RDONLY, user);
    OpenFile second = nodes.open("/sys/kernel/type", O_RDONLY, user);

    assertThat(read(first, 0)).isEqualTo("read 1\n");
    assertThat(read(second, 5)).isEqualTo("2\n");
    assertThat(read(first, 5)).isEqualTo("1\n");
    assertThat(read(first, 7)).isEmpty();
    assertThat(read(first, 0)).isEqualTo("read 3\n");
  }

  @Test
  void whatIsWrittenReachesTheDriver() throws Exception {
    OpenFile knob = nodes.open("/sys/kernel/knob", O_RDWR, root);

    assertThat(knob.operations().write(root, 0, 3, 0)).isEqualTo(3);

    assertThat(written).isEqualTo("\0\1\2");
  }

  @Test
  void aNameThatIsTakenIsABug() {
    Node text = new Node.TextFile(0444, () -> "", null);

    assertThrows(IllegalStateException.class, () -> nodes.add("/sys/kernel/type", text));
    nodes.remove("/sys/kernel/type");
    nodes.add("/sys/kernel/type", text);
  }

  private String read(OpenFile file, long position) throws ErrnoException {
    Bytes memory = (Bytes) user.memory();
    long bytes = file.operations().read(user, 0, 64, position);
    return new String(memory.bytes, 0, (int) bytes, java.nio.charset.StandardCharsets.UTF_8);
  }

  private Errno openErrno(String path, int flags, Caller caller) {
    return assertThrows(ErrnoException.class, () -> nodes.open(path, flags, caller)).errno();
  }

  private static Caller caller(boolean admin) {
    return new Caller(new Task(1, "someone", admin), new Bytes(), new FdTable(new FaultInjector()));
  }

  /** A caller with 64 bytes from address zero: 0, 1, 2 and so on. */
  private static final class Bytes implements UserMemory {
    private final byte[] bytes = new byte[64];

    Bytes() {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) i;
      }
    }

    @Override
    public void copyFrom(long userPtr, MemorySegment to, long toOffset, long sizeBytes) {
      MemorySegment.copy(MemorySegment.ofArray(bytes), userPtr, to, toOffset, sizeBytes);
    }

    @Override
    public void copyTo(long userPtr, MemorySegment from, long fromOffset, long sizeBytes) {
      MemorySegment.copy(from, fromOffset, MemorySegment.ofArray(bytes), userPtr, sizeBytes);
    }

    @Override
    public String string(long userPtr, int maxBytes) {
      throw new AssertionError("no strings");
    }
  }
}
