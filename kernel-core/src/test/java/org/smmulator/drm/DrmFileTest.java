package org.smmulator.drm;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOENT;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ENOTTY;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.uapi.CStruct.U32;
import static org.smmulator.uapi.CStruct.U64;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Provider;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.gem.GemHandles;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.GemOffsets;
import org.smmulator.drm.gem.GemPages;
import org.smmulator.drm.gem.VmaOffsetManager;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.drm.DrmIoctl;

/** How an ioctl finds its handler, what its struct does on the way, and buffers by handle. */
class DrmFileTest {
  private static final int BOTH = Ioc.READ | Ioc.WRITE;
  private static final int ECHO = Ioc.ioc(BOTH, 'd', 0x40, 16);
  private static final int ROOT = Ioc.ioc(BOTH, 'd', 0x41, 16);
  private static final int AUTH = Ioc.ioc(BOTH, 'd', 0x42, 16);
  private static final int MASTER = Ioc.ioc(BOTH, 'd', 0x43, 16);
  private static final int CARD_ONLY = Ioc.ioc(BOTH, 'd', 0x44, 16);
  private static final int FAILS = Ioc.ioc(BOTH, 'd', 0x45, 16);
  private static final long ARG = OnePage.ADDRESS;
  private static final long DRAM_BASE = 0x80000000L;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final OnePage memory = new OnePage();
  private final Caller user = caller(false);
  private final List<String> log = new ArrayList<>();
  private final NodeTree nodes = new NodeTree();
  private Dram dram;
  private PageAllocator pages;
  private DrmDevice device;

  @BeforeEach
  void plug() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(DRAM_BASE, 1 << 24)));
    pages = new PageAllocator(dram);
    device = device(() -> new VmaOffsetManager(new FaultInjector()));
    device.register(new Device("5000000.gpu", "platform", null, new Dmesg(scheduler)));
  }

  private DrmDevice device(Provider<GemOffsets> offsets) {
    KernelServices kernel =
        new KernelServices(
            scheduler,
            new Lockdep(scheduler),
            pages,
            dram,
            new Dmesg(scheduler),
            new Tracer(scheduler, 10),
            nodes,
            new MonotonicClock(scheduler, 0),
            new FaultInjector());
    return new DrmDevice(new DrmCore(kernel, offsets), new EchoDriver());
  }

  @AfterEach
  void close() {
    scheduler.close();
    dram.close();
  }

  private Caller caller(boolean admin) {
    return new Caller(new Task(100, "client", admin), memory, new FdTable(new FaultInjector()));
  }

  /** Its ioctl notes what it gets, and answers 1 to 4 in the four words of its struct. */
  private final class EchoDriver implements DrmDriver {
    private final IoctlTable ioctls =
        IoctlTable.builder()
            .add(ECHO, IoctlTable.RENDER_ALLOW, DrmFileTest.this::echo)
            .add(ROOT, IoctlTable.RENDER_ALLOW | IoctlTable.ROOT_ONLY, DrmFileTest.this::echo)
            .add(AUTH, IoctlTable.RENDER_ALLOW | IoctlTable.AUTH, DrmFileTest.this::echo)
            .add(MASTER, IoctlTable.RENDER_ALLOW | IoctlTable.MASTER, DrmFileTest.this::echo)
            .add(CARD_ONLY, 0, DrmFileTest.this::echo)
            .add(FAILS, IoctlTable.RENDER_ALLOW, DrmFileTest.this::echoThenFail)
            .build();

    @Override
    public String name() {
      return "echo";
    }

    @Override
    public String description() {
      return "Echo";
    }

    @Override
    public int major() {
      return 1;
    }

    @Override
    public int minor() {
      return 13;
    }

    @Override
    public int patchLevel() {
      return 2;
    }

    @Override
    public IoctlTable ioctls() {
      return ioctls;
    }

    @Override
    public Object open(DrmFile file) {
      return "state";
    }

    @Override
    public void postClose(DrmFile file) {
      log.add("closed " + file.driverPrivate());
    }
  }

  private void echo(DrmFile file, IoctlArg arg) {
    log.add("%x %x %x %x".formatted(arg.u32(0), arg.u32(4), arg.u32(8), arg.u32(12)));
    for (int word = 0; word < 4; word++) {
      arg.setU32(4L * word, word + 1);
    }
  }

  private void echoThenFail(DrmFile file, IoctlArg arg) throws ErrnoException {
    echo(file, arg);
    throw EBUSY.because("told so");
  }

  private static Errno refusal(DrmFile file, Caller who, int cmd, long arg) {
    return assertThrows(ErrnoException.class, () -> file.ioctl(who, cmd, arg)).errno();
  }

  private void fillArg() {
    for (int word = 0; word < 8; word++) {
      memory.bytes.set(U32, 4L * word, 0xa0 + word);
    }
  }

  private int word(int index) {
    return memory.bytes.get(U32, 4L * index);
  }

  @Test
  void whatAnOlderCallerDoesNotGiveReadsAsZeroAndIsNotWrittenBack() throws Exception {
    DrmFile file = device.openRender(user);
    fillArg();

    var _ = file.ioctl(user, Ioc.ioc(BOTH, 'd', 0x40, 8), ARG);

    assertThat(log).containsExactly("a0 a1 0 0");
    assertThat(word(1)).isEqualTo(2);
    assertThat(word(2)).isEqualTo(0xa2);
  }

  @Test
  void aNewerCallersTailComesBackAsItWas() throws Exception {
    DrmFile file = device.openRender(user);
    fillArg();

    var _ = file.ioctl(user, Ioc.ioc(BOTH, 'd', 0x40, 24), ARG);

    assertThat(log).containsExactly("a0 a1 a2 a3");
    assertThat(word(3)).isEqualTo(4);
    assertThat(word(5)).isEqualTo(0xa5);
  }

  @Test
  void theStructIsCopiedBackAlsoWhenTheHandlerFails() throws Exception {
    DrmFile file = device.openRender(user);
    fillArg();

    assertThat(refusal(file, user, FAILS, ARG)).isEqualTo(EBUSY);

    assertThat(word(0)).isEqualTo(1);
  }

  @Test
  void aCommandThatOnlyWritesCopiesNothingBack() throws Exception {
    DrmFile file = device.openRender(user);
    fillArg();

    var _ = file.ioctl(user, Ioc.ioc(Ioc.WRITE, 'd', 0x40, 16), ARG);
    var _ = file.ioctl(user, Ioc.ioc(Ioc.READ, 'd', 0x40, 16), ARG);

    assertThat(log).containsExactly("a0 a1 a2 a3", "0 0 0 0").inOrder();
  }

  @Test
  void wrongNumbersAndPointersAreRefusedAsTheKernelDoes() throws Exception {
    DrmFile file = device.openRender(user);

    assertThat(refusal(file, user, Ioc.ioc(BOTH, 'e', 0x40, 16), ARG)).isEqualTo(ENOTTY);
    assertThat(refusal(file, user, Ioc.ioc(BOTH, 'd', 0x9f, 16), ARG)).isEqualTo(EINVAL);
    assertThat(refusal(file, user, Ioc.ioc(BOTH, 'd', 0x3e, 16), ARG)).isEqualTo(EINVAL);
    assertThat(refusal(file, user, Ioc.ioc(BOTH, 'd', 0xff, 16), ARG)).isEqualTo(EINVAL);
    assertThat(refusal(file, user, ECHO, 0x8000)).isEqualTo(EFAULT);
    assertThat(log).isEmpty();
    device.unplug();
    assertThat(refusal(file, user, Ioc.ioc(BOTH, 'e', 0x40, 16), ARG)).isEqualTo(ENODEV);
    assertThat(assertThrows(ErrnoException.class, () -> device.openRender(user)).errno())
        .isEqualTo(ENODEV);
  }

  @Test
  void theNodesOpenAFileEachAndGoWithTheDevice() throws Exception {
    var render = nodes.open("/dev/dri/renderD128", OpenFlags.O_RDWR, user);
    assertThat(render.operations().ioctl(user, ECHO, ARG)).isEqualTo(0);
    assertThat(refusal((DrmFile) render.operations(), user, CARD_ONLY, ARG)).isEqualTo(EACCES);
    var card = nodes.open("/dev/dri/card0", OpenFlags.O_RDWR, user);
    assertThat(card.operations().ioctl(user, MASTER, ARG)).isEqualTo(0);

    device.unplug();

    var e =
        assertThrows(
            ErrnoException.class, () -> nodes.open("/dev/dri/card0", OpenFlags.O_RDWR, user));
    assertThat(e.errno()).isEqualTo(ENOENT);
  }

  @Test
  void eachPermissionThatIsMissingIsEacces() throws Exception {
    DrmFile master = device.openPrimary(user);
    DrmFile second = device.openPrimary(user);
    DrmFile render = device.openRender(user);

    assertThat(refusal(master, user, ROOT, ARG)).isEqualTo(EACCES);
    assertThat(refusal(second, user, AUTH, ARG)).isEqualTo(EACCES);
    assertThat(refusal(second, user, MASTER, ARG)).isEqualTo(EACCES);
    assertThat(refusal(render, user, CARD_ONLY, ARG)).isEqualTo(EACCES);

    assertThat(master.ioctl(caller(true), ROOT, ARG)).isEqualTo(0);
    assertThat(master.ioctl(user, AUTH, ARG)).isEqualTo(0);
    assertThat(render.ioctl(user, AUTH, ARG)).isEqualTo(0);
    assertThat(master.ioctl(user, MASTER, ARG)).isEqualTo(0);
    assertThat(second.ioctl(user, CARD_ONLY, ARG)).isEqualTo(0);
  }

  /** {@code drm_ioctls[]}: what lacks DRM_RENDER_ALLOW is refused on a render node. */
  @Test
  void whatAsksForADisplayOrAMasterIsRefusedOnARenderNode() throws Exception {
    DrmFile card = device.openPrimary(user);
    DrmFile render = device.openRender(user);
    int getMagic = Ioc.ioc(Ioc.READ, 'd', 0x02, 4);
    int getResources = Ioc.ioc(BOTH, 'd', 0xa0, 64);
    int setCrtc = Ioc.ioc(BOTH, 'd', 0xa2, 104);
    int updateDraw = Ioc.ioc(Ioc.WRITE, 'd', 0x3f, 24);
    for (int cmd :
        new int[] {
          DrmIoctl.GET_UNIQUE,
          DrmIoctl.GET_CLIENT,
          DrmIoctl.GET_STATS,
          DrmIoctl.SET_CLIENT_CAP,
          DrmIoctl.SET_MASTER,
          DrmIoctl.DROP_MASTER,
          getMagic,
          getResources,
          setCrtc,
          updateDraw
        }) {
      assertThat(refusal(render, user, cmd, ARG)).isEqualTo(EACCES);
    }
    for (int cmd : new int[] {DrmIoctl.SET_CLIENT_CAP, getResources, setCrtc}) {
      assertThat(refusal(card, user, cmd, ARG)).isEqualTo(EOPNOTSUPP);
    }
  }

  @Test
  void aCardNodeTellsWhatIsLeftOfItsClients() throws Exception {
    DrmFile card = device.openPrimary(user);
    memory.bytes.fill((byte) -1);
    memory.bytes.set(U32, 0, 0);

    assertThat(card.ioctl(user, DrmIoctl.GET_CLIENT, ARG)).isEqualTo(0);
    assertThat(word(1)).isEqualTo(1); // authenticated
    assertThat(memory.bytes.get(U64, 8)).isEqualTo(100); // pid
    assertThat(memory.bytes.get(U64, 16)).isEqualTo(65534); // overflowuid
    assertThat(memory.bytes.get(U64, 32)).isEqualTo(0);
    memory.bytes.set(U32, 0, 1);
    assertThat(refusal(card, user, DrmIoctl.GET_CLIENT, ARG)).isEqualTo(EINVAL);
    assertThat(card.ioctl(user, DrmIoctl.GET_UNIQUE, ARG)).isEqualTo(0);
    assertThat(memory.bytes.get(U64, 0)).isEqualTo(0);
    assertThat(card.ioctl(user, DrmIoctl.GET_STATS, ARG)).isEqualTo(0);
    assertThat(memory.bytes.get(U64, 240)).isEqualTo(0);
    assertThat(memory.bytes.get(U64, 248)).isEqualTo(-1);
  }

  /** {@code drm_setmaster_ioctl()}, {@code drm_dropmaster_ioctl()}. */
  @Test
  void theMasterGoesAndComesBackAndRootIsAskedForByOthers() throws Exception {
    DrmFile first = device.openPrimary(user);
    DrmFile second = device.openPrimary(user);

    assertThat(first.ioctl(user, DrmIoctl.SET_MASTER, 0)).isEqualTo(0);
    assertThat(refusal(second, user, DrmIoctl.SET_MASTER, 0)).isEqualTo(EACCES);
    assertThat(refusal(second, caller(true), DrmIoctl.SET_MASTER, 0)).isEqualTo(EBUSY);
    assertThat(refusal(second, caller(true), DrmIoctl.DROP_MASTER, 0)).isEqualTo(EINVAL);
    assertThat(first.ioctl(user, DrmIoctl.DROP_MASTER, 0)).isEqualTo(0);
    assertThat(first.ioctl(user, AUTH, ARG)).isEqualTo(0); // it stays authenticated
    assertThat(second.ioctl(caller(true), DrmIoctl.SET_MASTER, 0)).isEqualTo(0);
    assertThat(refusal(first, user, DrmIoctl.SET_MASTER, 0)).isEqualTo(EBUSY);
  }

  /** {@code drm_open_helper()}. */
  @Test
  void noOneOpensANodeForItselfAlone() {
    for (String path : List.of("/dev/dri/renderD128", "/dev/dri/card0")) {
      var e =
          assertThrows(
              ErrnoException.class,
              () -> nodes.open(path, OpenFlags.O_RDWR | OpenFlags.O_EXCL, user));
      assertThat(e.errno()).isEqualTo(EBUSY);
    }
  }

  @Test
  void versionAnswersWithWholeLengthsAndAsMuchAsThereIsRoomFor() throws Exception {
    DrmFile file = device.openRender(user);
    memory.bytes.set(U64, 16, 2);
    memory.bytes.set(U64, 24, ARG + 0x100);
    memory.bytes.set(U64, 48, 64);
    memory.bytes.set(U64, 56, ARG + 0x200);

    var _ = file.ioctl(user, DrmIoctl.VERSION, ARG);

    assertThat(word(0)).isEqualTo(1);
    assertThat(word(1)).isEqualTo(13);
    assertThat(memory.bytes.get(U64, 16)).isEqualTo(4);
    assertThat(text(0x100, 4)).isEqualTo("ec\0\0");
    assertThat(text(0x200, 4)).isEqualTo("Echo");
  }

  private String text(int at, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory.bytes, at, MemorySegment.ofArray(bytes), 0, length);
    return new String(bytes, UTF_8);
  }

  @Test
  void capabilitiesSayWhatIsThere() throws Exception {
    DrmFile file = device.openRender(user);

    memory.bytes.set(U64, 0, 6); // DRM_CAP_TIMESTAMP_MONOTONIC
    var _ = file.ioctl(user, DrmIoctl.GET_CAP, ARG);
    assertThat(memory.bytes.get(U64, 8)).isEqualTo(1);
    memory.bytes.set(U64, 0, 5); // DRM_CAP_PRIME: drm_getcap() says 3 for every device
    var _ = file.ioctl(user, DrmIoctl.GET_CAP, ARG);
    assertThat(memory.bytes.get(U64, 8)).isEqualTo(3);
    memory.bytes.set(U64, 0, 0x13); // DRM_CAP_SYNCOBJ
    var _ = file.ioctl(user, DrmIoctl.GET_CAP, ARG);
    assertThat(memory.bytes.get(U64, 8)).isEqualTo(0);
    memory.bytes.set(U64, 0, 1); // DRM_CAP_DUMB_BUFFER
    assertThat(refusal(file, user, DrmIoctl.GET_CAP, ARG)).isEqualTo(EOPNOTSUPP);
  }

  /** A buffer that notes its end. */
  private final class Buffer extends GemObject {
    private final GemPages backing;

    Buffer(long sizeBytes) throws ErrnoException {
      super(sizeBytes, device.core().reservations().reservation(), device.offsets());
      backing =
          new GemPages(
              pages,
              pages.owner("buffer", PageZone.CLIENT),
              sizeBytes,
              GemPages.Placement.SCATTERED);
    }

    @Override
    public long fault(long offset) {
      return backing.pa(offset);
    }

    @Override
    protected void free() {
      backing.free();
      log.add("freed");
    }

    @Override
    protected void closedIn(GemHandles file) {
      log.add("handle closed");
    }
  }

  private int handle(DrmFile file, long sizeBytes) throws ErrnoException {
    Buffer buffer = new Buffer(sizeBytes);
    int handle = file.handles().create(buffer);
    buffer.put();
    return handle;
  }

  @Test
  void handlesCountFromOneAndTheLowestFreeIsTakenFirst() throws Exception {
    DrmFile file = device.openRender(user);
    assertThat(handle(file, 4096)).isEqualTo(1);
    assertThat(handle(file, 4096)).isEqualTo(2);
    assertThat(handle(file, 4096)).isEqualTo(3);

    memory.bytes.set(U32, 0, 2);
    var _ = file.ioctl(user, DrmIoctl.GEM_CLOSE, ARG);

    assertThat(log).containsExactly("handle closed", "freed").inOrder();
    assertThat(refusal(file, user, DrmIoctl.GEM_CLOSE, ARG)).isEqualTo(EINVAL);
    assertThat(assertThrows(ErrnoException.class, () -> file.handles().lookup(2)).errno())
        .isEqualTo(ENOENT);
    assertThat(handle(file, 4096)).isEqualTo(2);
    assertThat(handle(device.openRender(user), 4096)).isEqualTo(1);
  }

  @Test
  void aBufferIsMappedAtItsOffsetAndNowhereElse() throws Exception {
    DrmFile file = device.openRender(user);
    DrmFile stranger = device.openRender(user);
    GemObject first = new Buffer(3 * 4096);
    GemObject second = new Buffer(4096);
    var _ = file.handles().create(first);
    var _ = file.handles().create(second);

    assertThat(first.mmapOffset()).isEqualTo(0x100000000L);
    assertThat(second.mmapOffset()).isEqualTo(0x100003000L);
    assertThat(first.mmapOffset()).isEqualTo(0x100000000L);

    VmaBacking mapped = file.mmap(user, 0x100000000L, 3 * 4096);
    assertThat(mapped).isSameInstanceAs(first);
    assertThat(mmapRefusal(file, 0x100001000L, 4096)).isEqualTo(EINVAL);
    assertThat(mmapRefusal(file, 0x100003000L, 8192)).isEqualTo(EINVAL);
    assertThat(mmapRefusal(stranger, 0x100003000L, 4096)).isEqualTo(EACCES);
  }

  private Errno mmapRefusal(DrmFile file, long offset, long sizeBytes) {
    return assertThrows(ErrnoException.class, () -> file.mmap(user, offset, sizeBytes)).errno();
  }

  /** Offsets that are those of contiguous buffers in the file of the machine's memory. */
  private static final class OffsetsInMemory implements GemOffsets {
    private final TreeMap<Long, GemObject> byOffset = new TreeMap<>();

    @Override
    public long of(GemObject object) throws ErrnoException {
      long offset = object.fault(0) - DRAM_BASE;
      byOffset.put(offset, object);
      return offset;
    }

    @Override
    public GemObject find(long offset, long sizeBytes) throws ErrnoException {
      GemObject object = byOffset.get(offset);
      if (object == null) {
        throw EINVAL.because("no object is at offset %#x", offset);
      }
      return object;
    }

    @Override
    public void remove(GemObject object) {
      byOffset.values().remove(object);
    }
  }

  @Test
  void aMachineCanGiveBuffersTheirOffsetsInTheFileOfItsMemory() throws Exception {
    device = device(OffsetsInMemory::new);
    DrmFile file = device.openRender(user);
    int handle = handle(file, 4096);
    long offset;
    try (GemObject buffer = file.handles().lookup(handle)) {
      offset = buffer.fault(0) - DRAM_BASE;
      assertThat(buffer.mmapOffset()).isEqualTo(offset);
      assertThat(file.mmap(user, offset, 4096)).isSameInstanceAs(buffer);
    }
    file.handles().delete(handle);

    assertThat(mmapRefusal(file, offset, 4096)).isEqualTo(EINVAL);
  }

  @Test
  void aMappingKeepsTheBufferAfterItsHandleIsGone() throws Exception {
    AddressSpace process = new AddressSpace(pages, dram, scheduler, new Holder.OfProcess(1, "x"));
    DrmFile file = device.openRender(user);
    int handle = handle(file, 4096);
    VmaBacking mapped;
    try (GemObject buffer = file.handles().lookup(handle)) {
      mapped = buffer;
      mapped.opened(process);
    }

    file.handles().delete(handle);
    assertThat(log).containsExactly("handle closed");
    mapped.closed(process);

    assertThat(log).containsExactly("handle closed", "freed").inOrder();
    process.destroy();
    assertThat(pages.usage()).isEmpty();
  }

  @Test
  void aLookupKeepsTheBufferAfterItsHandleIsGone() throws Exception {
    DrmFile file = device.openRender(user);
    int handle = handle(file, 4096);

    try (GemObject _ = file.handles().lookup(handle)) {
      file.handles().delete(handle);
      assertThat(log).containsExactly("handle closed");
    }

    assertThat(log).containsExactly("handle closed", "freed").inOrder();
  }

  @Test
  void aFileHasALimitedNumberOfHandles() throws Exception {
    DrmFile file = device.openRender(user);
    Buffer buffer = new Buffer(4096);
    for (int i = 0; i < GemHandles.MAX_HANDLES; i++) {
      var _ = file.handles().create(buffer);
    }

    assertThat(assertThrows(ErrnoException.class, () -> file.handles().create(buffer)).errno())
        .isEqualTo(ENOMEM);
  }

  @Test
  void closingTheFileGivesBackItsBuffersAndThenItsState() throws Exception {
    DrmFile file = device.openRender(user);
    var _ = handle(file, 4096);

    file.release();

    assertThat(log).containsExactly("handle closed", "freed", "closed state").inOrder();
    assertThat(pages.usage()).isEmpty();
  }

  @Test
  void moreMemoryThanTheMachineHasIsRefusedBeforeAnyIsTaken() {
    for (long size : new long[] {512L << 30, Long.MAX_VALUE & -4096L}) {
      assertThat(assertThrows(ErrnoException.class, () -> new Buffer(size)).errno())
          .isEqualTo(ENOMEM);
    }
    assertThat(pages.usage()).isEmpty();
  }

  @Test
  void scatteredNeighboursAreNoNeighboursInMemory() throws Exception {
    GemPages backing =
        new GemPages(
            pages, pages.owner("b", PageZone.CLIENT), 5 * 4096, GemPages.Placement.SCATTERED);
    List<Long> runs = new ArrayList<>();
    backing.forEachRun((offset, pa, sizeBytes) -> runs.add(sizeBytes));
    assertThat(runs).containsExactly(4096L, 4096L, 4096L, 4096L, 4096L);

    GemPages together =
        new GemPages(
            pages, pages.owner("c", PageZone.CLIENT), 5 * 4096, GemPages.Placement.CONTIGUOUS);
    runs.clear();
    together.forEachRun((offset, pa, sizeBytes) -> runs.add(sizeBytes));
    assertThat(runs).containsExactly(5 * 4096L);
  }
}
