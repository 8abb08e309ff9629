package org.smmulator.kernel.process;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.trace.Dmesg;

/** What processes can do, and that nothing is left of them. */
class SyscallsTest {
  // Linux, arch/arm64 and asm-generic: errno.h, mman-common.h, poll.h.
  private static final long EPERM = -1;
  private static final long EINTR = -4;
  private static final long EBADF = -9;
  private static final long EACCES = -13;
  private static final long EFAULT = -14;
  private static final long EINVAL = -22;
  private static final long EMFILE = -24;
  private static final long ENOENT = -2;
  private static final long ENOTTY = -25;
  private static final long ESRCH = -3;
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int READ = 1;
  private static final int RW = 3;
  private static final int ANONYMOUS = 0x22;
  private static final int SHARED = 1;
  private static final int SIGKILL = 9;
  private static final long PAGE = 4096;
  private static final int WAIT = 1;
  private static final int COPY = 2;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 2);
  private final Dmesg dmesg = new Dmesg(scheduler);
  private final NodeTree nodes = new NodeTree();
  private final WaitQueue gadgetQueue = new WaitQueue(scheduler, "the gadget");
  private final List<String> log = new ArrayList<>();
  private final List<Runnable> pollListeners = new ArrayList<>();
  private Dram dram;
  private PageAllocator pages;
  private ProcessTable processes;
  private Syscalls sys;
  private UserAccess user;
  private PageOwner gadgetOwner;
  private long gadgetPa;
  private boolean ready;

  @BeforeEach
  void aKernelWithAGadget() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(0x8000_0000L, 64 << 20)));
    pages = new PageAllocator(dram);
    processes = new ProcessTable(scheduler, pages, dram, new FaultInjector());
    sys = new Syscalls(processes, nodes, new SyscallCosts(100, 50));
    user = new UserAccess(processes, dmesg);
    gadgetOwner = pages.owner("gadget", PageZone.CLIENT);
    gadgetPa = pages.alloc(0, gadgetOwner);
    nodes.add("/dev/gadget", new Node.DeviceFile(0666, 10, 1, (caller, flags) -> new Gadget()));
    nodes.add("/proc", new ProcFs(processes));
  }

  @AfterEach
  void nothingIsLeft() {
    scheduler.close();
    dram.close();
  }

  @Test
  void theLowestFreeDescriptorIsGiven() throws Exception {
    Process p = processes.spawnHosted("painter", false);

    assertThat(open(p, "/dev/gadget")).isEqualTo(0);
    assertThat(open(p, "/dev/gadget")).isEqualTo(1);
    assertThat(sys.dup(p, 0)).isEqualTo(2);
    assertThat(sys.close(p, 1)).isEqualTo(0);
    assertThat(sys.dup(p, 2)).isEqualTo(1);
    assertThat(open(p, "/dev/nothing")).isEqualTo(ENOENT);
    assertThat(open(p, "/dev/gadget")).isEqualTo(3);
  }

  @Test
  void badArgumentsGetTheirErrno() throws Exception {
    Process p = processes.spawnHosted("painter", false);
    int fd = (int) open(p, "/dev/gadget");

    assertThat(sys.close(p, 7)).isEqualTo(EBADF);
    assertThat(sys.close(p, -1)).isEqualTo(EBADF);
    assertThat(sys.ioctl(p, 7, COPY, 0)).isEqualTo(EBADF);
    assertThat(sys.ioctl(p, fd, 99, 0)).isEqualTo(ENOTTY);
    assertThat(sys.ioctl(p, fd, COPY, 0xdead_0000L)).isEqualTo(EFAULT);
    assertThat(sys.open(p, 0, O_RDWR)).isEqualTo(EFAULT);
    assertThat(sys.munmap(p, 1, PAGE)).isEqualTo(EINVAL);
    assertThat(sys.kill(p, 4711, SIGKILL)).isEqualTo(ESRCH);
    for (int i = 1; i < 1024; i++) {
      assertThat(sys.dup(p, fd)).isEqualTo(i);
    }
    assertThat(sys.dup(p, fd)).isEqualTo(EMFILE);
    assertThat(open(p, "/dev/gadget")).isEqualTo(EMFILE);
  }

  /** Kernel: {@code check_kill_permission()}. */
  @Test
  void aUserCannotSignalARootProcessAndRootCanSignalAnyone() throws Exception {
    Process root = processes.spawnHosted("init", true);
    Process user = processes.spawnHosted("painter", false);
    Process other = processes.spawnHosted("reader", false);

    assertThat(sys.kill(user, root.pid(), SIGKILL)).isEqualTo(EPERM);
    assertThat(sys.kill(user, root.pid(), 0)).isEqualTo(EPERM);
    assertThat(sys.kill(user, root.pid(), -5)).isEqualTo(EINVAL); // the number is looked at first
    assertThat(sys.kill(user, other.pid(), 0)).isEqualTo(0); // both are the same user's
    assertThat(sys.kill(root, user.pid(), SIGKILL)).isEqualTo(0);
    assertThat(processes.find(root.pid())).isSameInstanceAs(root);
    assertThat(processes.find(user.pid())).isNull();
  }

  /** Kernel: {@code proc_mem_open()}, {@code proc_fdinfo_permission()}; debugfs is mode 0700. */
  @Test
  void aUserSeesNeitherMemoryNorFilesOfRootsProcessesNorDebugfs() throws Exception {
    Process root = processes.spawnHosted("init", true);
    Process user = processes.spawnHosted("painter", false);
    Process other = processes.spawnHosted("reader", false);
    assertThat(open(root, "/dev/gadget")).isEqualTo(0);
    assertThat(open(other, "/dev/gadget")).isEqualTo(0);
    nodes.add("/sys/kernel/debug/gadget", new Node.TextFile(0444, () -> "", null));

    String init = "/proc/" + root.pid();
    assertThat(open(user, init + "/fdinfo/0", O_RDONLY)).isEqualTo(EACCES);
    assertThat(open(user, init + "/maps", O_RDONLY)).isEqualTo(EACCES);
    assertThat(open(user, "/sys/kernel/debug/gadget", O_RDONLY)).isEqualTo(EACCES);
    assertThat(open(user, init + "/comm", O_RDONLY)).isAtLeast(0L);
    assertThat(open(user, "/proc/" + other.pid() + "/fdinfo/0", O_RDONLY)).isAtLeast(0L);
    assertThat(open(root, init + "/fdinfo/0", O_RDONLY)).isAtLeast(0L);
    assertThat(open(root, "/sys/kernel/debug/gadget", O_RDONLY)).isAtLeast(0L);
  }

  @Test
  void aCallTakesTheTimeThatWasDeclared() throws Exception {
    Process p = processes.spawnHosted("painter", false);

    assertThat(sys.getpid(p)).isEqualTo(100);

    assertThat(scheduler.nowNs()).isEqualTo(150);
  }

  /** {@code ksys_mmap_pgoff()}, {@code do_mmap()}, {@code vfs_read()}, {@code vfs_write()}. */
  @Test
  void aFileIsUsedAsItWasOpened() throws Exception {
    Process p = processes.spawnHosted("p", false);
    int both = (int) open(p, "/dev/gadget");
    long page = sys.mmap(p, PAGE, RW, ANONYMOUS, -1, 0);
    user.store(p, page, MemorySegment.ofArray("/dev/gadget\0".getBytes(UTF_8)));
    int reading = (int) sys.open(p, page, O_RDONLY);
    int writing = (int) sys.open(p, page, O_WRONLY);

    assertThat(sys.mmap(p, PAGE, RW, SHARED, reading, 0)).isEqualTo(EACCES);
    assertThat(sys.mmap(p, PAGE, READ, SHARED, writing, 0)).isEqualTo(EACCES);
    assertThat(sys.mmap(p, PAGE, RW, SHARED, both, 0)).isGreaterThan(0);
    assertThat(sys.mmap(p, PAGE, READ, SHARED, reading, 0)).isGreaterThan(0);
    assertThat(sys.write(p, reading, page, 1)).isEqualTo(EBADF);
    assertThat(sys.pwrite(p, reading, page, 1, 0)).isEqualTo(EBADF);
    assertThat(sys.read(p, writing, page, 1)).isEqualTo(EBADF);
    assertThat(sys.pread(p, writing, page, 1, 0)).isEqualTo(EBADF);
    assertThat(sys.mmap(p, 0, RW, SHARED, 77, 0)).isEqualTo(EBADF);
    assertThat(sys.mmap(p, 0, RW, SHARED, reading, 0)).isEqualTo(EINVAL);
    sys.exit(p);
  }

  @Test
  void aFileIsReleasedWhenItsLastDescriptorAndItsLastMappingAreGone() throws Exception {
    Process p = processes.spawnHosted("painter", false);
    int fd = (int) open(p, "/dev/gadget");
    int copy = (int) sys.dup(p, fd);
    long va = sys.mmap(p, PAGE, RW, SHARED, fd, 0);

    assertThat(sys.close(p, fd)).isEqualTo(0);
    assertThat(sys.close(p, copy)).isEqualTo(0);
    assertThat(log).isEmpty();
    user.store(p, va, 4, 0xcafe);
    assertThat(dram.getInt(gadgetPa)).isEqualTo(0xcafe);
    assertThat(sys.munmap(p, va, PAGE)).isEqualTo(0);

    assertThat(log).containsExactly("gadget released");
  }

  @Test
  void aForkedChildSharesTheFilesAndHasItsOwnMemory() throws Exception {
    Process parent =
        processes.spawn(
            "painter",
            false,
            p -> {
              int fd = (int) open(p, "/dev/gadget");
              long va = sys.mmap(p, PAGE, RW, ANONYMOUS, -1, 0);
              user.store(p, va, 8, 1);
              long pid =
                  sys.fork(
                      p,
                      child -> {
                        log.add("child %d".formatted(child.pid()));
                        log.add("child sees %d".formatted(user.load(child, va, 8)));
                        user.store(child, va, 8, 2);
                        log.add("child closes %d".formatted(sys.close(child, fd)));
                      });
              scheduler.sleep(100_000);
              log.add("parent of %d sees %d".formatted(pid, user.load(p, va, 8)));
            });

    runToTheEnd();

    assertThat(log)
        .containsExactly(
            "child 101",
            "child sees 1",
            "child closes 0",
            "parent of 101 sees 1",
            "gadget released")
        .inOrder();
    assertThat(parent.task().isDead()).isTrue();
    assertNothingIsHeld();
  }

  @Test
  void aKilledWaiterDiesOnItsWayOut() throws Exception {
    Process waiter =
        processes.spawn(
            "waiter",
            false,
            p -> {
              int fd = (int) open(p, "/dev/gadget");
              var _ = sys.ioctl(p, fd, WAIT, 0);
              log.add("never");
            });
    waiter.task().onDeath(() -> log.add("listener told"));
    Process _ =
        processes.spawn(
            "killer",
            false,
            p -> {
              scheduler.sleep(10_000);
              log.add("kill %d".formatted(sys.kill(p, waiter.pid(), SIGKILL)));
            });

    runToTheEnd();

    assertThat(log)
        .containsExactly("kill 0", "wait ended INTERRUPTED", "gadget released", "listener told");
    assertNothingIsHeld();
  }

  @Test
  void whoeverPollsSharedMemoryCanBeKilled() throws Exception {
    Process spinner =
        processes.spawn(
            "spinner",
            false,
            p -> {
              int fd = (int) open(p, "/dev/gadget");
              long va = sys.mmap(p, PAGE, RW, SHARED, fd, 0);
              while (user.load(p, va, 4) == 0) {
                scheduler.consume(100);
              }
            });
    scheduler.after(50_000, () -> processes.kill(spinner));

    runToTheEnd();

    assertThat(spinner.task().isDead()).isTrue();
    assertNothingIsHeld();
  }

  @Test
  void aStrayStoreEndsTheProcessAndDmesgSaysWhere() throws Exception {
    Process _ =
        processes.spawn(
            "painter",
            false,
            p -> {
              user.store(p, 0x1234, 4, 1);
              log.add("never");
            });

    runToTheEnd();

    assertThat(log).isEmpty();
    assertThat(dmesg.lines().getFirst().text())
        .isEqualTo(
            "painter[100]: unhandled level 0 translation fault (11) at 0x00001234, esr 0x92000044");
    assertNothingIsHeld();
  }

  @Test
  void whatADyingProcessDoesOnItsWayOutIsNotDone() throws Exception {
    Process _ =
        processes.spawn(
            "painter",
            false,
            p -> {
              try {
                user.store(p, 0xdead_0000L, 4, 1);
              } finally {
                for (int i = 0; i < 2; i++) {
                  log.add("munmap: " + sys.munmap(p, 0x1000, PAGE));
                }
              }
            });

    runToTheEnd();

    assertThat(log).isEmpty();
    assertNothingIsHeld();
  }

  @Test
  void aHostThreadIsToldThatItsProcessIsDead() throws Exception {
    Process p = processes.spawnHosted("painter", false);

    assertThrows(ProcessDied.class, () -> user.load(p, 0x1234, 4));

    assertThat(sys.getpid(p)).isEqualTo(ESRCH);
    assertThrows(ProcessDied.class, () -> user.store(p, 0x1234, 4, 1));
    assertNothingIsHeld();
  }

  @Test
  void aHostedProcessThatNobodyRunsDiesAtOnce() throws Exception {
    Process victim = processes.spawnHosted("victim", false);
    Process killer = processes.spawnHosted("killer", false);
    assertThat(open(victim, "/dev/gadget")).isEqualTo(0);

    assertThat(sys.kill(killer, victim.pid(), SIGKILL)).isEqualTo(0);

    assertThat(victim.task().isDead()).isTrue();
    assertThat(log).containsExactly("gadget released");
    sys.exit(killer);
    assertNothingIsHeld();
  }

  @Test
  void pollWaitsForAChangeOrTheEndOfItsTime() throws Exception {
    Process p = processes.spawnHosted("painter", false);
    long fds = sys.mmap(p, PAGE, RW, ANONYMOUS, -1, 0);
    int fd = (int) open(p, "/dev/gadget");
    user.store(p, fds, 4, fd);
    user.store(p, fds + 4, 2, 1);
    user.store(p, fds + 8, 4, 77);

    assertThat(sys.poll(p, fds, 1, 0)).isEqualTo(0);
    long before = scheduler.nowNs();
    assertThat(sys.poll(p, fds, 1, 3)).isEqualTo(0);
    assertThat(scheduler.nowNs() - before).isAtLeast(3_000_000);
    scheduler.after(
        1_000,
        () -> {
          ready = true;
          gadgetQueue.wakeAll();
          pollListeners.forEach(Runnable::run);
        });
    assertThat(sys.poll(p, fds, 1, -1)).isEqualTo(1);
    assertThat(user.load(p, fds + 6, 2)).isEqualTo(1);
    assertThat(sys.poll(p, fds, 2, -1)).isEqualTo(2);
    assertThat(user.load(p, fds + 14, 2)).isEqualTo(0x20);
    assertThat(pollListeners).isEmpty();
  }

  @Test
  void procShowsWhoLivesAndWhatTheyHold() throws Exception {
    Process p = processes.spawnHosted("painter", false);
    long va = sys.mmap(p, PAGE, RW, ANONYMOUS, -1, 0);
    int gadget = (int) open(p, "/dev/gadget");

    assertThat(text(p, "/proc/100/comm")).isEqualTo("painter\n");
    assertThat(text(p, "/proc/100/cmdline")).isEqualTo("painter\0");
    assertThat(text(p, "/proc/100/maps")).contains("%08x-%08x rw-p".formatted(va, va + PAGE));
    assertThat(text(p, "/proc/100/fdinfo/" + gadget)).isEqualTo("pos:\t0\ndrm-driver:\tgadget\n");
    assertThat(nodes.readdir("/proc", p.task())).containsExactly("self", "100");
    assertThat(nodes.readdir("/proc/100/fdinfo", p.task())).contains("0");
    assertThat(open(p, "/proc/101/comm")).isEqualTo(ENOENT);
    assertThat(open(p, "/proc/100/fdinfo/99")).isEqualTo(ENOENT);
  }

  @Test
  void whatABodyThrowsStopsTheMachine() throws Exception {
    Process _ =
        processes.spawn(
            "painter",
            false,
            p -> {
              throw new IllegalStateException("of the test");
            });

    assertThrows(MachineStopped.class, this::runToTheEnd);
  }

  @Test
  void exitIsTheEnd() throws Exception {
    Process _ =
        processes.spawn(
            "painter",
            false,
            p -> {
              var _ = open(p, "/dev/gadget");
              sys.exit(p);
              log.add("never");
            });

    runToTheEnd();

    assertThat(log).containsExactly("gadget released");
    assertNothingIsHeld();
  }

  private void runToTheEnd() {
    assertThat(scheduler.run(() -> processes.all().isEmpty())).isTrue();
  }

  private void assertNothingIsHeld() {
    assertThat(pages.usage()).containsExactly("gadget", 1L);
  }

  /** Opens {@code path}, which it puts into the process's memory first. */
  private long open(Process p, String path) {
    return open(p, path, path.startsWith("/proc") ? O_RDONLY : O_RDWR);
  }

  private long open(Process p, String path, int flags) {
    byte[] bytes = (path + "\0").getBytes(UTF_8);
    long va = sys.mmap(p, PAGE, RW, ANONYMOUS, -1, 0);
    user.store(p, va, MemorySegment.ofArray(bytes));
    long fd = sys.open(p, va, flags);
    assertThat(sys.munmap(p, va, PAGE)).isEqualTo(0);
    return fd;
  }

  private String text(Process p, String path) {
    int fd = (int) open(p, path);
    long va = sys.mmap(p, PAGE, RW, ANONYMOUS, -1, 0);
    byte[] bytes = new byte[(int) sys.read(p, fd, va, PAGE)];
    user.load(p, va, MemorySegment.ofArray(bytes));
    assertThat(sys.read(p, fd, va, PAGE)).isEqualTo(0);
    return new String(bytes, UTF_8);
  }

  /** A device with one page, a command that waits, and one that copies from its caller. */
  private final class Gadget implements FileOperations {
    @Override
    public long ioctl(Caller caller, int cmd, long arg) throws ErrnoException {
      return switch (cmd) {
        case WAIT -> {
          WaitResult result = gadgetQueue.awaitInterruptible(() -> ready, WaitQueue.FOREVER);
          log.add("wait ended " + result);
          yield result == WaitResult.INTERRUPTED ? EINTR : 0;
        }
        case COPY -> {
          caller.memory().copyFrom(arg, MemorySegment.ofArray(new byte[8]), 0, 8);
          yield 0;
        }
        default -> throw Errno.ENOTTY.because("cmd %d", cmd);
      };
    }

    @Override
    public VmaBacking mmap(Caller caller, long offset, long sizeBytes) {
      return new VmaBacking() {
        @Override
        public long fault(long page) {
          return gadgetPa;
        }

        @Override
        public void opened(AddressSpace mm) {}

        @Override
        public void closed(AddressSpace mm) {}

        @Override
        public boolean isSharedWithDevices() {
          return true;
        }

        @Override
        public VmaBacking forked() {
          return this;
        }
      };
    }

    @Override
    public int poll() {
      return ready ? POLLIN : 0;
    }

    @Override
    public void addPollListener(Runnable listener) {
      pollListeners.add(listener);
    }

    @Override
    public void removePollListener(Runnable listener) {
      var _ = pollListeners.remove(listener);
    }

    @Override
    public String fdinfo() {
      return "drm-driver:\tgadget\n";
    }

    @Override
    public void release() {
      log.add("gadget released");
    }
  }
}
