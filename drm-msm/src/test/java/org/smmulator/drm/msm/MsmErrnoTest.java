package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.drm.sched.SchedTrace;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmPrimeHandle;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.drm.DrmVersion;
import org.smmulator.uapi.msm.GemCpuFini;
import org.smmulator.uapi.msm.GemCpuPrep;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.GemSubmitSyncobj;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.MsmTimespec;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.uapi.msm.SubmitQueueQuery;
import org.smmulator.uapi.msm.WaitFence;

/** What each ioctl of the driver says to input that it does not like. */
class MsmErrnoTest {
  private static final int[] NOP = {0x70108000};
  private static final long UNMAPPED = 0x10;
  private static final MsmTimespec NOW = new MsmTimespec(0, 0);

  private GpuMachine machine;
  private GpuClient client;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
    client = machine.client("client");
  }

  @AfterEach
  void close() {
    machine.close();
  }

  // ---- GET_PARAM, SET_PARAM

  private @Nullable Errno get(int pipe, int param, int len, int pad) {
    return client.error(
        MsmIoctl.GET_PARAM, MsmParam.LAYOUT, new MsmParam(pipe, param, 0, len, pad)::write);
  }

  private long value(int param) {
    assertThat(get(MsmParam.PIPE_3D0, param, 0, 0)).isNull();
    return client.answer(MsmParam::read).value();
  }

  private @Nullable Errno set(GpuClient by, int param, long value, int len) {
    return by.error(
        MsmIoctl.SET_PARAM,
        MsmParam.LAYOUT,
        new MsmParam(MsmParam.PIPE_3D0, param, value, len, 0)::write);
  }

  @Test
  void parametersOfAnAdreno630() {
    assertThat(value(MsmParam.GPU_ID)).isEqualTo(630);
    assertThat(value(MsmParam.GMEM_SIZE)).isEqualTo(0x100000);
    assertThat(value(MsmParam.GMEM_BASE)).isEqualTo(0x100000);
    assertThat(value(MsmParam.PRIORITIES)).isEqualTo(3);
    assertThat(value(MsmParam.PP_PGTABLE)).isEqualTo(0);
    assertThat(value(MsmParam.FAULTS)).isEqualTo(0);
    assertThat(value(MsmParam.VA_START)).isEqualTo(0x1_0000_0000L);
  }

  /** {@code msm_gpu_driver} of {@code msm_drv.c}. */
  @Test
  void theDriverSaysItsNameAndVersion() {
    long name = client.ptr(GpuClient.DATA);
    long words = client.ptr(GpuClient.DATA + 64);
    DrmVersion asked = new DrmVersion(0, 0, 0, 64, name, 0, 0, 64, words);
    assertThat(client.error(DrmIoctl.VERSION, DrmVersion.LAYOUT, asked::write)).isNull();

    DrmVersion told = client.answer(DrmVersion::read);
    assertThat(told.major()).isEqualTo(1);
    assertThat(told.minor()).isEqualTo(13);
    assertThat(told.patch()).isEqualTo(0);
    assertThat(text(name, told.nameLen())).isEqualTo("msm");
    assertThat(text(words, told.descLen())).isEqualTo("MSM Snapdragon DRM");
  }

  private String text(long va, long length) {
    byte[] bytes = new byte[(int) length];
    machine.userAccess.load(client.process, va, MemorySegment.ofArray(bytes));
    return new String(bytes, UTF_8);
  }

  @Test
  void aWrongQuestionIsEinval() {
    assertThat(get(MsmParam.PIPE_NONE, MsmParam.GPU_ID, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(get(MsmParam.PIPE_3D0, MsmParam.GPU_ID, 0, 1)).isEqualTo(Errno.EINVAL);
    assertThat(get(MsmParam.PIPE_3D0, MsmParam.GPU_ID, 8, 0)).isEqualTo(Errno.EINVAL);
    assertThat(get(MsmParam.PIPE_3D0, 0x7f, 0, 0)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void whatCannotBeToldIsRefused() throws Exception {
    GpuClient root = machine.admin("root");

    assertThat(set(client, MsmParam.GPU_ID, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(set(client, MsmParam.COMM, client.ptr(GpuClient.DATA), 4097))
        .isEqualTo(Errno.EINVAL);
    assertThat(set(client, MsmParam.COMM, UNMAPPED, 8)).isEqualTo(Errno.EFAULT);
    assertThat(set(client, MsmParam.SYSPROF, 1, 0)).isEqualTo(Errno.EPERM);
    assertThat(set(root, MsmParam.SYSPROF, 3, 0)).isEqualTo(Errno.EINVAL);
    assertThat(set(root, MsmParam.SYSPROF, 1, 4)).isEqualTo(Errno.EINVAL);
    assertThat(set(root, MsmParam.SYSPROF, 1, 0)).isNull();
    // msm_context_set_sysprof() takes an int
    assertThat(set(root, MsmParam.SYSPROF, 1L << 32 | 2, 0)).isNull();
    assertThat(set(root, MsmParam.SYSPROF, -1, 0)).isEqualTo(Errno.EINVAL);
    // adreno_set_param(): the length is looked at before who asks
    assertThat(set(client, MsmParam.SYSPROF, 1, 4)).isEqualTo(Errno.EINVAL);
    assertThat(set(client, MsmParam.EN_VM_BIND, 1, 4)).isEqualTo(Errno.EINVAL);
  }

  /** Every question makes the address space: {@code adreno_get_param()} begins with it. */
  @Test
  void addressesAreChosenByTheClientIfItSaysSoFirst() throws Exception {
    GpuClient late = machine.client("late");
    assertThat(set(client, MsmParam.EN_VM_BIND, 1, 0)).isNull();
    assertThat(set(client, MsmParam.EN_VM_BIND, 1, 0)).isNull(); // nothing needed it yet
    assertThat(value(MsmParam.GPU_ID)).isEqualTo(630);
    assertThat(set(client, MsmParam.EN_VM_BIND, 1, 0)).isEqualTo(Errno.EBUSY);

    assertThat(
            late.error(
                MsmIoctl.GET_PARAM,
                MsmParam.LAYOUT,
                new MsmParam(MsmParam.PIPE_3D0, MsmParam.GPU_ID, 0, 0, 0)::write))
        .isNull();
    assertThat(set(late, MsmParam.EN_VM_BIND, 1, 0)).isEqualTo(Errno.EBUSY);

    int handle = client.gemNew(4096);
    assertThat(info(handle, GemInfo.GET_IOVA, 0, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(info(handle, GemInfo.SET_IOVA, 0x1_4000_0000L, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(info(99, GemInfo.GET_IOVA, 0, 0, 0)).isEqualTo(Errno.ENOENT);
  }

  // ---- GEM_NEW

  private @Nullable Errno gemNew(long size, int flags) {
    return client.error(MsmIoctl.GEM_NEW, GemNew.LAYOUT, new GemNew(size, flags, 0)::write);
  }

  @Test
  void aBufferHasOneCacheModeAndASize() {
    assertThat(gemNew(4096, GemNew.WC)).isNull();
    assertThat(gemNew(1, GemNew.CACHED | GemNew.SCANOUT)).isNull();
    assertThat(gemNew(4096, GemNew.WC | 0x100)).isEqualTo(Errno.EINVAL);
    assertThat(gemNew(4096, 0)).isEqualTo(Errno.EINVAL);
    assertThat(gemNew(4096, GemNew.WC | GemNew.CACHED)).isEqualTo(Errno.EINVAL);
    assertThat(gemNew(4096, GemNew.UNCACHED)).isEqualTo(Errno.EINVAL);
    // a6xx_catalog.c: the A630 has ADRENO_QUIRK_HAS_CACHED_COHERENT
    assertThat(gemNew(4096, GemNew.CACHED_COHERENT)).isNull();
    assertThat(gemNew(0, GemNew.WC)).isEqualTo(Errno.EINVAL);
    assertThat(gemNew(-1, GemNew.WC)).isEqualTo(Errno.EINVAL);
    assertThat(gemNew(1L << 63, GemNew.WC)).isEqualTo(Errno.EINVAL);
  }

  /** {@code msm_gem_new()} makes the offset, of which there is 1 TiB less 1 MiB. */
  @Test
  void aBufferHasAnOffsetFromTheStart() throws Exception {
    assertThat(gemNew(0xff_ffff_0000L, GemNew.WC)).isEqualTo(Errno.ENOSPC);
    assertThat(gemNew(2L << 40, GemNew.WC)).isEqualTo(Errno.ENOSPC);
    int first = client.gemNew(0x3000);
    int second = client.gemNew(0x1000);

    assertThat(client.info(second, GemInfo.GET_OFFSET)).isEqualTo(0x1_0000_3000L);
    assertThat(client.info(first, GemInfo.GET_OFFSET)).isEqualTo(0x1_0000_0000L);
    int unasked = client.gemNew(0x1000);
    assertThat(client.mmapAt(0x1_0000_4000L)).isAtLeast(0);
    assertThat(client.info(unasked, GemInfo.GET_OFFSET)).isEqualTo(0x1_0000_4000L);
  }

  @Test
  void whatIsWrongWithAnIoctlsFlagsIsPrinted() {
    assertThat(gemNew(4096, GemNew.WC | 0x100)).isEqualTo(Errno.EINVAL);
    assertThat(prep(client.gemNew(4096), 0x10, NOW)).isEqualTo(Errno.EINVAL);
    assertThat(waitFence(1, 2, 0)).isEqualTo(Errno.EINVAL);
    for (int i = 0; i < 12; i++) {
      assertThat(waitFence(5, 0, 0)).isEqualTo(Errno.EINVAL);
    }

    assertThat(machine.log())
        .containsAtLeast(
            "[drm:msm_ioctl_gem_new] *ERROR* invalid flags: 00020100",
            "[drm:msm_ioctl_gem_cpu_prep] *ERROR* invalid op: 00000010",
            "[drm:msm_ioctl_wait_fence] *ERROR* invalid flags: 00000002")
        .inOrder();
    String invalid = "[drm:msm_ioctl_wait_fence] *ERROR* waiting on invalid fence: 5 (of 0)";
    assertThat(machine.log().stream().filter(invalid::equals).count()).isEqualTo(10);
  }

  // ---- GEM_INFO

  private @Nullable Errno info(int handle, int what, long value, int len, int pad) {
    return client.error(
        MsmIoctl.GEM_INFO, GemInfo.LAYOUT, new GemInfo(handle, what, value, len, pad)::write);
  }

  @Test
  void aWrongQuestionAboutABufferIsRefused() {
    int handle = client.gemNew(4096);

    assertThat(info(handle, GemInfo.GET_IOVA, 0, 0, 1)).isEqualTo(Errno.EINVAL);
    assertThat(info(handle, GemInfo.GET_OFFSET, 0, 8, 0)).isEqualTo(Errno.EINVAL);
    assertThat(info(handle, GemInfo.GET_FLAGS, 0, 8, 0)).isEqualTo(Errno.EINVAL);
    assertThat(info(handle, 8, 0, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(info(7, GemInfo.GET_IOVA, 0, 0, 0)).isEqualTo(Errno.ENOENT);
    assertThat(client.info(handle, GemInfo.GET_FLAGS)).isEqualTo(GemNew.WC);
    assertThat(client.info(handle, GemInfo.GET_OFFSET)).isEqualTo(0x1_0000_0000L);
  }

  @Test
  void aNameIsShortAndPrintable() {
    int handle = client.gemNew(4096);
    client.store(GpuClient.DATA, CStruct.struct("name", CStruct.U64), this::nameBytes);
    long ptr = client.ptr(GpuClient.DATA);

    assertThat(info(handle, GemInfo.SET_NAME, ptr, 32, 0)).isEqualTo(Errno.EINVAL);
    assertThat(info(handle, GemInfo.SET_NAME, UNMAPPED, 8, 0)).isEqualTo(Errno.EFAULT);
    assertThat(info(handle, GemInfo.SET_NAME, ptr, 8, 0)).isNull();

    assertThat(info(handle, GemInfo.GET_NAME, 0, 0, 0)).isNull();
    assertThat(client.answer(GemInfo::read).len()).isEqualTo(3); // cut where it stops printing
    assertThat(info(handle, GemInfo.GET_NAME, ptr, 2, 0)).isEqualTo(Errno.ETOOSMALL);
  }

  private void nameBytes(MemorySegment memory, long at) {
    memory.set(CStruct.U64, at, 0x0178_0763_6261L); // "abc", a bell, "x"
  }

  /** {@code isprint()} of the kernel is that of Latin-1, and the name is copied in place. */
  @Test
  void aNameIsLatin1AndABadPointerClearsIt() {
    int handle = client.gemNew(4096);
    long ptr = client.ptr(GpuClient.DATA);
    client.store(
        GpuClient.DATA,
        CStruct.struct("name", CStruct.U64),
        (memory, at) -> memory.set(CStruct.U64, at, 0x65_74_aa_c3_74L)); // "tête" in UTF-8

    assertThat(info(handle, GemInfo.SET_NAME, ptr, 5, 0)).isNull();
    assertThat(info(handle, GemInfo.GET_NAME, 0, 0, 0)).isNull();
    assertThat(client.answer(GemInfo::read).len()).isEqualTo(5);
    assertThat(info(handle, GemInfo.SET_NAME, UNMAPPED, 5, 0)).isEqualTo(Errno.EFAULT);
    assertThat(info(handle, GemInfo.GET_NAME, 0, 0, 0)).isNull();
    assertThat(client.answer(GemInfo::read).len()).isEqualTo(0);
  }

  /** {@code msm_ioctl_gem_info()} cuts at the first byte that {@code isprint()} refuses. */
  @ParameterizedTest
  @CsvSource({"1f, 0", "20, 1", "7e, 1", "7f, 0", "9f, 0", "a0, 1", "ff, 1"})
  void whichBytesAreOfAName(String hex, int length) {
    int handle = client.gemNew(4096);
    long ptr = client.ptr(GpuClient.DATA);
    long bytes = Long.parseLong(hex, 16);
    client.store(
        GpuClient.DATA,
        CStruct.struct("name", CStruct.U64),
        (memory, at) -> memory.set(CStruct.U64, at, bytes));

    assertThat(info(handle, GemInfo.SET_NAME, ptr, 1, 0)).isNull();

    assertThat(info(handle, GemInfo.GET_NAME, ptr, length, 0)).isNull();
    assertThat(client.answer(GemInfo::read).len()).isEqualTo(length);
  }

  @Test
  void metadataIsLimitedAndItsSizeCanBeAsked() {
    int handle = client.gemNew(4096);
    long ptr = client.ptr(GpuClient.DATA);

    assertThat(info(handle, GemInfo.SET_METADATA, ptr, 129, 0)).isEqualTo(Errno.EOVERFLOW);
    assertThat(info(handle, GemInfo.SET_METADATA, ptr, 128, 0)).isNull();
    assertThat(info(handle, GemInfo.GET_METADATA, 0, 0, 0)).isNull();
    assertThat(client.answer(GemInfo::read).len()).isEqualTo(128);
    assertThat(info(handle, GemInfo.GET_METADATA, ptr, 127, 0)).isEqualTo(Errno.ETOOSMALL);
    assertThat(info(handle, GemInfo.GET_METADATA, ptr, 128, 0)).isNull();
    assertThat(info(handle, GemInfo.SET_METADATA, ptr, 0, 0)).isNull();
    assertThat(info(handle, GemInfo.GET_METADATA, 0, 0, 0)).isNull();
    assertThat(client.answer(GemInfo::read).len()).isEqualTo(0);
  }

  @Test
  void anAddressIsChosenOnceAndNobodyElsesIsTaken() {
    int first = client.gemNew(8192);
    int second = client.gemNew(4096);
    long iova = 0x1_4000_0000L;

    assertThat(info(first, GemInfo.SET_IOVA, iova, 0, 0)).isNull();
    assertThat(info(first, GemInfo.SET_IOVA, iova, 0, 0)).isNull();
    assertThat(info(first, GemInfo.SET_IOVA, iova + 4096, 0, 0)).isEqualTo(Errno.EBUSY);
    // msm_gem_set_iova(): EBUSY has cleared the place, so the same call again succeeds.
    assertThat(info(first, GemInfo.SET_IOVA, iova + 4096, 0, 0)).isNull();
    assertThat(info(second, GemInfo.SET_IOVA, iova + 4096, 0, 0)).isEqualTo(Errno.ENOSPC);
    assertThat(info(second, GemInfo.SET_IOVA, iova + 0x9100, 0, 0)).isEqualTo(Errno.ENOSPC);
    assertThat(info(first, GemInfo.SET_IOVA, 0, 0, 0)).isNull();
    assertThat(info(second, GemInfo.SET_IOVA, iova + 4096, 0, 0)).isNull();
    assertThat(client.info(second, GemInfo.GET_IOVA)).isEqualTo(iova + 4096);
  }

  /** The ring and its like stay where they are, whatever table is switched to. */
  @Test
  void nobodyGetsAnAddressOfTheKernels() {
    int handle = client.gemNew(8192);

    for (long iova : new long[] {1L << 48, (1L << 48) + 0x5000, -1L << 48, (1L << 48) - 4096}) {
      assertThat(info(handle, GemInfo.SET_IOVA, iova, 0, 0)).isEqualTo(Errno.EINVAL);
    }
    assertThat(info(handle, GemInfo.SET_IOVA, 0x1000, 0, 0)).isEqualTo(Errno.ENOSPC); // no one's
  }

  /** Kernel: {@code msm_ioctl_gem_info_get_metadata()} tells the length last, names first. */
  @Test
  void aLengthThatCannotBeFollowedByItsBytes() {
    int handle = client.gemNew(4096);
    long ptr = client.ptr(GpuClient.DATA);
    assertThat(info(handle, GemInfo.SET_METADATA, ptr, 16, 0)).isNull();
    client.store(GpuClient.DATA, CStruct.struct("name", CStruct.U64), this::nameBytes);
    assertThat(info(handle, GemInfo.SET_NAME, ptr, 3, 0)).isNull();

    assertThat(info(handle, GemInfo.GET_METADATA, UNMAPPED, 64, 0)).isEqualTo(Errno.EFAULT);
    assertThat(client.answer(GemInfo::read).len()).isEqualTo(64);
    assertThat(info(handle, GemInfo.GET_NAME, UNMAPPED, 64, 0)).isEqualTo(Errno.EFAULT);
    assertThat(client.answer(GemInfo::read).len()).isEqualTo(3);
  }

  /**
   * A buffer that is not to be shared has its address space's lock, which a submit that is not of
   * VM_BIND takes twice: {@code submit_lock_objects()} does not ignore duplicates.
   */
  @Test
  void whatIsNotToBeSharedIsNotExportedAndNotInATable() {
    assertThat(gemNew(4096, GemNew.WC | GemNew.NO_SHARE)).isNull();
    int handle = client.answer(GemNew::read).handle();
    assertThat(client.info(handle, GemInfo.GET_IOVA)).isAtLeast(0x1_0000_0000L);
    DrmPrimeHandle asked = new DrmPrimeHandle(handle, 0, -1);

    assertThat(client.error(DrmIoctl.PRIME_HANDLE_TO_FD, DrmPrimeHandle.LAYOUT, asked::write))
        .isEqualTo(Errno.EPERM);
    client.bos(client.commands(NOP), handle);
    client.cmd(4);
    assertThat(client.trySubmit(client.submitArgs(0, 2, 1))).isEqualTo(Errno.EALREADY);
  }

  @Test
  void aBufferThatIsLargerThanTheAddressSpaceGetsNoAddress() {
    assertThat(gemNew(0x2_0000_0000L, GemNew.WC)).isNull();
    int handle = client.answer(GemNew::read).handle();

    assertThat(info(handle, GemInfo.GET_IOVA, 0, 0, 0)).isEqualTo(Errno.ENOSPC);
  }

  // ---- GEM_CPU_PREP, GEM_CPU_FINI, GEM_MADVISE

  private @Nullable Errno prep(int handle, int op, MsmTimespec until) {
    return client.error(
        MsmIoctl.GEM_CPU_PREP, GemCpuPrep.LAYOUT, new GemCpuPrep(handle, op, until)::write);
  }

  @Test
  void theCpuWaitsForTheGpuOrDoesNot() {
    int page = client.gemNew(4096);
    assertThat(prep(page, 0x10, NOW)).isEqualTo(Errno.EINVAL);
    assertThat(prep(9, GemCpuPrep.READ, NOW)).isEqualTo(Errno.ENOENT);
    assertThat(prep(page, GemCpuPrep.WRITE, NOW)).isNull();

    int _ = client.submit(GpuClient.hang(), page);

    MsmTimespec later = new MsmTimespec(0, 100_000_000);
    MsmTimespec never = new MsmTimespec(1000, 0);
    assertThat(prep(page, GemCpuPrep.READ, NOW)).isEqualTo(Errno.EBUSY);
    assertThat(prep(page, GemCpuPrep.READ | GemCpuPrep.NOSYNC, never)).isEqualTo(Errno.EBUSY);
    assertThat(prep(page, GemCpuPrep.READ, later)).isEqualTo(Errno.ETIMEDOUT);
    assertThat(prep(page, GemCpuPrep.READ, never)).isNull();
  }

  /** Kernel: {@code dma_resv_usage_rw()} of {@code MSM_PREP_WRITE}. */
  @Test
  void aCpuThatReadsWaitsForWritersOnlyAndOneThatWritesForAll() {
    int read = client.gemNew(4096);
    int written = client.gemNew(4096);
    hangWith(new GemSubmitBo(GemSubmitBo.READ, read, 0));
    hangWith(new GemSubmitBo(GemSubmitBo.READ | GemSubmitBo.WRITE, written, 0));

    assertThat(prep(read, GemCpuPrep.READ, NOW)).isNull();
    assertThat(prep(read, GemCpuPrep.WRITE, NOW)).isEqualTo(Errno.EBUSY);
    assertThat(prep(written, GemCpuPrep.READ, NOW)).isEqualTo(Errno.EBUSY);
  }

  private void hangWith(GemSubmitBo bo) {
    int[] dwords = GpuClient.hang();
    client.bos(client.commands(dwords));
    client.store(GpuClient.BOS + 16, GemSubmitBo.LAYOUT, bo::write);
    client.cmd(4 * dwords.length);
    assertThat(client.trySubmit(client.submitArgs(0, 2, 1))).isNull();
  }

  /** Kernel: {@code submit_fence_sync()}; what writes waits for readers too. */
  @Test
  void aJobThatReadsAndWritesWaitsForTheReadersBeforeIt() {
    int page = client.gemNew(4096);
    machine.tracer.enable(SchedTrace.JobAddDep.class);
    hangWith(new GemSubmitBo(GemSubmitBo.READ, page, 0));
    hangWith(new GemSubmitBo(GemSubmitBo.READ, page, 0));
    assertThat(machine.tracer.events()).isEmpty(); // readers do not wait for each other

    hangWith(new GemSubmitBo(GemSubmitBo.READ | GemSubmitBo.WRITE, page, 0));

    assertThat(machine.tracer.events()).isNotEmpty();
  }

  @Test
  void finiAndMadviseKnowTheirBuffers() {
    int page = client.gemNew(4096);

    assertThat(fini(page)).isNull();
    assertThat(fini(9)).isEqualTo(Errno.ENOENT);
    assertThat(madvise(page, 2)).isEqualTo(Errno.EINVAL);
    assertThat(madvise(9, GemMadvise.WILLNEED)).isEqualTo(Errno.ENOENT);
    assertThat(madvise(page, GemMadvise.DONTNEED)).isNull();
    assertThat(client.answer(GemMadvise::read).retained()).isEqualTo(1);
  }

  private @Nullable Errno fini(int handle) {
    return client.error(MsmIoctl.GEM_CPU_FINI, GemCpuFini.LAYOUT, new GemCpuFini(handle)::write);
  }

  private @Nullable Errno madvise(int handle, int madv) {
    return client.error(
        MsmIoctl.GEM_MADVISE, GemMadvise.LAYOUT, new GemMadvise(handle, madv, 0)::write);
  }

  // ---- queues and fences

  private @Nullable Errno closeQueue(int id) {
    return client.error(MsmIoctl.SUBMITQUEUE_CLOSE, GemCpuFini.LAYOUT, new GemCpuFini(id)::write);
  }

  @Test
  void queuesHaveIdsFromOneAndThreePriorities() {
    assertThat(client.tryNewQueue(0, 2)).isNull();
    assertThat(client.answer(SubmitQueue::read).id()).isEqualTo(1);
    assertThat(client.tryNewQueue(0, 3)).isEqualTo(Errno.EINVAL);
    assertThat(client.tryNewQueue(0, -1)).isEqualTo(Errno.EINVAL);
    assertThat(client.tryNewQueue(4, 0)).isEqualTo(Errno.EINVAL);
    assertThat(client.tryNewQueue(SubmitQueue.VM_BIND, 0)).isEqualTo(Errno.EINVAL);
    // msm_submitqueue_create(): one ring could preempt, and then all do
    assertThat(client.tryNewQueue(SubmitQueue.ALLOW_PREEMPT, 0)).isEqualTo(Errno.EINVAL);

    assertThat(closeQueue(0)).isEqualTo(Errno.ENOENT);
    assertThat(closeQueue(1)).isNull();
    assertThat(closeQueue(1)).isEqualTo(Errno.ENOENT);
    assertThat(client.tryNewQueue(0, 0)).isNull();
    assertThat(client.answer(SubmitQueue::read).id()).isEqualTo(2);
  }

  private @Nullable Errno query(long data, int id, int param, int len, int pad) {
    return client.error(
        MsmIoctl.SUBMITQUEUE_QUERY,
        SubmitQueueQuery.LAYOUT,
        new SubmitQueueQuery(data, id, param, len, pad)::write);
  }

  @Test
  void aQueueTellsItsFaults() {
    long ptr = client.ptr(GpuClient.DATA);
    assertThat(query(ptr, 0, 0, 4, 1)).isEqualTo(Errno.EINVAL);
    assertThat(query(ptr, 5, 0, 4, 0)).isEqualTo(Errno.ENOENT);
    assertThat(query(ptr, 0, 1, 4, 0)).isEqualTo(Errno.EINVAL);
    assertThat(query(UNMAPPED, 0, 0, 4, 0)).isEqualTo(Errno.EFAULT);
    assertThat(query(0, 0, 0, 0, 0)).isNull();
    // The kernel puts the size, 4, into its struct; but the number says that nothing comes back.
    assertThat(client.answer(SubmitQueueQuery::read).len()).isEqualTo(0);
    // DRM_IOCTL_MSM_SUBMITQUEUE_QUERY is DRM_IOW: a length that is cut stays in the kernel as well.
    assertThat(query(ptr, 0, 0, 16, 0)).isNull();
    assertThat(client.answer(SubmitQueueQuery::read).len()).isEqualTo(16);

    assertThat(client.waitFence(client.submit(GpuClient.hang()))).isNull();

    machine.userAccess.store(client.process, ptr, 8, -1);
    assertThat(query(ptr, 0, 0, 1, 0)).isNull();
    assertThat(machine.userAccess.load(client.process, ptr, 8)).isEqualTo(0xffff_ffff_ffff_ff01L);
    assertThat(query(ptr, 0, 0, 4, 0)).isNull();
    assertThat(machine.userAccess.load(client.process, ptr, 8)).isEqualTo(0xffff_ffff_0000_0001L);
    machine.userAccess.store(client.process, ptr, 8, -1);
    assertThat(query(ptr, 0, 0, -1, 0)).isNull();
    assertThat(machine.userAccess.load(client.process, ptr, 8)).isEqualTo(0xffff_ffff_0000_0001L);
    assertThat(value(MsmParam.FAULTS)).isEqualTo(1);
  }

  private @Nullable Errno waitFence(int fence, int flags, int queue) {
    return client.error(
        MsmIoctl.WAIT_FENCE, WaitFence.LAYOUT, new WaitFence(fence, flags, NOW, queue)::write);
  }

  @Test
  void onlyAFenceThatWasGivenOutCanBeWaitedFor() {
    int fence = client.submit(NOP);
    assertThat(fence).isEqualTo(1);

    assertThat(waitFence(fence, 2, 0)).isEqualTo(Errno.EINVAL);
    assertThat(waitFence(fence, 0, 3)).isEqualTo(Errno.ENOENT);
    assertThat(waitFence(fence + 1, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(client.waitFence(fence)).isNull();
    machine.settle();
    assertThat(waitFence(fence, 0, 0)).isNull(); // retired: done, without a look at the time
  }

  // ---- GEM_SUBMIT, step by step

  private int prepareSubmit() {
    int handle = client.commands(NOP);
    client.bos(handle);
    client.cmd(4);
    return handle;
  }

  private @Nullable Errno submit(int flags) {
    return client.trySubmit(client.submitArgs(flags, 1, 1));
  }

  private @Nullable Errno submit(int flags, int fence, int fenceFd, int queue, int pad) {
    GemSubmit plain = client.submitArgs(flags, 1, 1);
    return client.trySubmit(
        new GemSubmit(
            plain.flags(),
            fence,
            1,
            1,
            plain.bos(),
            plain.cmds(),
            fenceFd,
            queue,
            client.ptr(GpuClient.DATA),
            client.ptr(GpuClient.DATA),
            (flags & GemSubmit.SYNCOBJ_IN) != 0 ? 1 : 0,
            (flags & GemSubmit.SYNCOBJ_OUT) != 0 ? 1 : 0,
            16,
            pad));
  }

  @Test
  void step1FlagsPipeAndPadding() {
    int _ = prepareSubmit();
    assertThat(submit(0)).isNull();

    assertThat(submit(0, 0, -1, 0, 1)).isEqualTo(Errno.EINVAL);
    assertThat(submit(0x01)).isEqualTo(Errno.EINVAL);
    assertThat(submit(1 << 20)).isEqualTo(Errno.EINVAL);
    assertThat(submit(GemSubmit.SUDO)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void step1CommandsInTheRingAreRootsInAKernelThatIsBuiltForThem() throws Exception {
    client = machine.admin("root");
    int _ = prepareSubmit();

    assertThat(submit(GemSubmit.SUDO)).isNull();
  }

  @Test
  void step2TheQueue() {
    int _ = prepareSubmit();

    assertThat(submit(0, 0, -1, 9, 0)).isEqualTo(Errno.ENOENT);
  }

  @Test
  void step6AFenceToWaitFor() {
    int _ = prepareSubmit();

    assertThat(submit(GemSubmit.FENCE_FD_IN, 0, 77, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(submit(GemSubmit.FENCE_FD_IN, 0, client.fd, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(submit(GemSubmit.FENCE_FD_OUT)).isNull();
    int fenceFd = client.answer(GemSubmit::read).fenceFd();
    assertThat(submit(GemSubmit.FENCE_FD_IN, 0, fenceFd, 0, 0)).isNull();
  }

  @Test
  void steps7And8SyncObjectsAndWhichErrorComesFirst() {
    int _ = prepareSubmit();
    syncobj(0, 0);
    assertThat(submit(GemSubmit.SYNCOBJ_IN, 0, -1, 0, 0)).isEqualTo(Errno.ENOENT);
    assertThat(submit(GemSubmit.SYNCOBJ_OUT, 0, -1, 0, 0)).isEqualTo(Errno.EINVAL);
    syncobj(2, 0);
    assertThat(submit(GemSubmit.SYNCOBJ_IN, 0, -1, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(submit(GemSubmit.SYNCOBJ_OUT, 0, -1, 0, 0)).isEqualTo(Errno.EINVAL);

    assertThat(newSyncobj(0)).isEqualTo(1);
    syncobj(0, 0); // there is one, and no fence in it
    assertThat(submit(GemSubmit.SYNCOBJ_IN, 0, -1, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(submit(GemSubmit.SYNCOBJ_OUT, 0, -1, 0, 0)).isNull();
    assertThat(submit(GemSubmit.SYNCOBJ_IN, 0, -1, 0, 0)).isNull();
    syncobj(0, 5); // it is no timeline
    assertThat(submit(GemSubmit.SYNCOBJ_IN, 0, -1, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(submit(GemSubmit.SYNCOBJ_OUT, 0, -1, 0, 0)).isNull();
    assertThat(submit(GemSubmit.SYNCOBJ_IN, 0, -1, 0, 0)).isNull();
    // drm_sched_job_add_syncobj_dependency() takes a point of 32 bits
    syncobj(0, 1L << 32 | 5);
    assertThat(submit(GemSubmit.SYNCOBJ_IN, 0, -1, 0, 0)).isNull();
    syncobj(GemSubmitSyncobj.RESET, 0);
    assertThat(submit(GemSubmit.SYNCOBJ_IN, 0, -1, 0, 0)).isNull();
    assertThat(submit(GemSubmit.SYNCOBJ_IN, 0, -1, 0, 0)).isEqualTo(Errno.EINVAL);
  }

  private int newSyncobj(int flags) {
    DrmSyncobjCreate asked = new DrmSyncobjCreate(0, flags);
    assertThat(client.error(DrmIoctl.SYNCOBJ_CREATE, DrmSyncobjCreate.LAYOUT, asked::write))
        .isNull();
    return client.answer(DrmSyncobjCreate::read).handle();
  }

  private void syncobj(int flags, long point) {
    GemSubmitSyncobj syncobj = new GemSubmitSyncobj(1, flags, point);
    client.store(GpuClient.DATA, GemSubmitSyncobj.LAYOUT, syncobj::write);
  }

  @Test
  void step9TheTableOfBuffers() {
    int handle = prepareSubmit();
    GemSubmit plain = client.submitArgs(0, 1, 1);
    assertThat(client.trySubmit(withTables(plain, UNMAPPED, plain.cmds()))).isEqualTo(Errno.EFAULT);

    assertThat(submitWithBo(new GemSubmitBo(0, handle, 0))).isEqualTo(Errno.EINVAL);
    assertThat(submitWithBo(new GemSubmitBo(GemSubmitBo.DUMP, handle, 0))).isEqualTo(Errno.EINVAL);
    assertThat(submitWithBo(new GemSubmitBo(0x11, handle, 0))).isEqualTo(Errno.EINVAL);
    assertThat(submitWithBo(new GemSubmitBo(GemSubmitBo.READ, 99, 0))).isEqualTo(Errno.EINVAL);
    assertThat(submitWithBo(new GemSubmitBo(GemSubmitBo.READ, handle, 0))).isNull();
  }

  private static GemSubmit withTables(GemSubmit plain, long bos, long cmds) {
    return new GemSubmit(plain.flags(), 0, 1, 1, bos, cmds, -1, 0, 0, 0, 0, 0, 0, 0);
  }

  private @Nullable Errno submitWithBo(GemSubmitBo bo) {
    client.store(GpuClient.BOS, GemSubmitBo.LAYOUT, bo::write);
    return submit(0);
  }

  @Test
  void steps10And14TheCommands() {
    int _ = prepareSubmit();
    GemSubmit plain = client.submitArgs(0, 1, 1);
    assertThat(client.trySubmit(withTables(plain, plain.bos(), UNMAPPED))).isEqualTo(Errno.EFAULT);

    assertThat(submitWithCmd(4, 0, 0, 4, 0)).isEqualTo(Errno.EINVAL); // type
    assertThat(submitWithCmd(1, 0, 0, 6, 0)).isEqualTo(Errno.EINVAL); // size in dwords
    assertThat(submitWithCmd(1, 1, 0, 4, 0)).isEqualTo(Errno.EINVAL); // buffer
    assertThat(submitWithCmd(1, 0, 0, 0, 0)).isEqualTo(Errno.EINVAL); // size
    assertThat(submitWithCmd(1, 0, 4096, 4, 0)).isEqualTo(Errno.EINVAL); // outside
    assertThat(submitWithCmd(1, 0, -4, 8, 0)).isEqualTo(Errno.EINVAL); // no wrap
    assertThat(submitWithCmd(1, 0, 4092, 4, 0)).isNull();
    assertThat(submitWithCmd(1, 0, 4095, 4, 0)).isNull(); // submit_offset / 4
  }

  /** {@code submit_lookup_cmds()} copies them, though the A630 applies none. */
  @Test
  void step10Relocations() {
    int _ = prepareSubmit();
    long ptr = client.ptr(GpuClient.DATA);

    assertThat(submitWithRelocs(1, UNMAPPED)).isEqualTo(Errno.EFAULT);
    assertThat(submitWithRelocs(-1, ptr)).isEqualTo(Errno.ENOMEM);
    assertThat(submitWithRelocs(1, ptr)).isEqualTo(Errno.EINVAL);
  }

  private @Nullable Errno submitWithRelocs(int count, long relocs) {
    client.cmd(new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4, 0, count, relocs));
    return submit(0);
  }

  /** {@code submit_lookup_objects()} copies and checks one after another. */
  @Test
  void step9TheFirstThatIsWrongIsTold() {
    int handle = prepareSubmit();
    client.store(GpuClient.LAST_BO, GemSubmitBo.LAYOUT, new GemSubmitBo(0, handle, 0)::write);
    GemSubmit plain = client.submitArgs(0, 2, 1);
    GemSubmit beyond =
        new GemSubmit(
            plain.flags(),
            0,
            2,
            1,
            client.ptr(GpuClient.LAST_BO),
            plain.cmds(),
            -1,
            0,
            0,
            0,
            0,
            0,
            0,
            0);

    assertThat(client.trySubmit(beyond)).isEqualTo(Errno.EINVAL);
    client.store(
        GpuClient.LAST_BO, GemSubmitBo.LAYOUT, new GemSubmitBo(GemSubmitBo.READ, handle, 0)::write);
    assertThat(client.trySubmit(beyond)).isEqualTo(Errno.EFAULT);
  }

  /** {@code submit_create()} allocates before anything is copied. */
  @Test
  void step4MoreThanOneAllocationIsEnomem() {
    int _ = prepareSubmit();
    for (int bos : new int[] {200_000, 0x3ffffff, -1}) {
      GemSubmit many = new GemSubmit(0x10, 0, bos, 0, UNMAPPED, UNMAPPED, -1, 0, 0, 0, 0, 0, 0, 0);
      assertThat(client.trySubmit(many)).isEqualTo(Errno.ENOMEM);
    }
    GemSubmit cmds = new GemSubmit(0x10, 0, 0, -1, 0, UNMAPPED, -1, 0, 0, 0, 0, 0, 0, 0);
    assertThat(client.trySubmit(cmds)).isEqualTo(Errno.ENOMEM);
  }

  private @Nullable Errno submitWithCmd(int type, int buffer, int offset, int size, int relocs) {
    client.cmd(new GemSubmitCmd(type, buffer, offset, size, 0, relocs, 0));
    return submit(0);
  }

  @Test
  void step11ABufferTwiceInTheTable() {
    int handle = prepareSubmit();
    client.bos(handle, handle);

    assertThat(client.trySubmit(client.submitArgs(0, 2, 1))).isEqualTo(Errno.EALREADY);
  }

  @Test
  void step13ABufferThatIsNotNeeded() {
    int _ = prepareSubmit();
    int unused = client.gemNew(4096);
    assertThat(madvise(unused, GemMadvise.DONTNEED)).isNull();
    client.bos(unused);

    assertThat(submit(0)).isEqualTo(Errno.EBUSY);
  }

  @Test
  void step13NoMemory() {
    int _ = prepareSubmit();
    assertThat(gemNew(0x2000_0000, GemNew.WC)).isNull(); // twice the machine's memory
    client.bos(client.answer(GemNew::read).handle());

    assertThat(submit(0)).isEqualTo(Errno.ENOMEM);
  }

  @Test
  void step15ANumberForTheFence() {
    int _ = prepareSubmit();
    int hanging = client.submit(GpuClient.hang());
    int _ = prepareSubmit();

    assertThat(submit(GemSubmit.FENCE_SN_IN, 0, -1, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(submit(GemSubmit.FENCE_SN_IN, hanging, -1, 0, 0)).isEqualTo(Errno.EINVAL);
    assertThat(submit(GemSubmit.FENCE_SN_IN, 100, -1, 0, 0)).isNull();
    assertThat(client.answer(GemSubmit::read).fence()).isEqualTo(100);
    assertThat(submit(0)).isNull();
    // idr_alloc_u32() does not move the cursor of idr_alloc_cyclic()
    assertThat(client.answer(GemSubmit::read).fence()).isEqualTo(hanging + 1);
  }

  @Test
  void aRefusedSubmitLeavesNothingBehind() {
    int handle = prepareSubmit();
    client.bos(handle, handle);
    int freeFd = client.openGpu();

    assertThat(client.trySubmit(client.submitArgs(GemSubmit.FENCE_FD_OUT, 2, 1)))
        .isEqualTo(Errno.EALREADY);

    assertThat(client.openGpu()).isEqualTo(freeFd + 1); // the reserved descriptor came back
    assertThat(client.waitFence(client.submit(NOP))).isNull();
    client.exit();
    machine.settle();
    assertThat(machine.pages.usage().keySet().toString()).doesNotContain("client");
  }
}
