package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.attacks.RawMsm;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.dmabuf.DmaBufSync;
import org.smmulator.uapi.drm.DrmPrimeHandle;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.LibDmaBuf;
import org.smmulator.userspace.LibDrm;

/** One buffer in two open files, each with its own pagetable, and in a process that has neither. */
class SharedBufferTest {
  private static final int PAGE = 4096;
  private static final long LONG_NS = 1_000_000_000_000L;
  private static final int VALUE = 0xcafe;

  private Machine machine;
  private Client client;
  private RawMsm maker;
  private RawMsm user;

  @BeforeEach
  void boot() throws Exception {
    machine = Machine.on(new Boards().load("db845c")).boot();
    client = machine.host("client");
    maker = new RawMsm(client, client.open(RawMsm.NODE));
    user = new RawMsm(client, client.open(RawMsm.NODE));
  }

  @AfterEach
  void close() {
    machine.close();
  }

  private static LibDrm drm(RawMsm file) {
    return new LibDrm(file.client, file.fd);
  }

  /** Has the GPU write {@link #VALUE} at the begin of the buffer, as {@code file} sees it. */
  private void write(RawMsm file, int handle) throws ErrnoException {
    long iova = file.iova(handle);
    int commands = file.gemNew(PAGE, GemNew.WC);
    long va = file.mmap(commands, PAGE);
    int[] packet = {Pm4.packet(Pm4Opcode.MEM_WRITE, 3), (int) iova, (int) (iova >>> 32), VALUE};
    for (int i = 0; i < packet.length; i++) {
      file.client.store32(va + 4L * i, packet[i]);
    }
    List<GemSubmitBo> bos =
        List.of(
            new GemSubmitBo(GemSubmitBo.READ, commands, 0),
            new GemSubmitBo(RawMsm.READ_WRITE, handle, 0));
    file.await(0, file.submit(0, bos, 4 * packet.length), LONG_NS);
  }

  @Test
  void whatOneFilesGpuWritesTheOtherAndTheDescriptorShow() throws Exception {
    int handle = maker.gemNew(PAGE, GemNew.WC);
    int fd = drm(maker).primeHandleToFd(handle, DrmPrimeHandle.RDWR);
    int imported = drm(user).primeFdToHandle(fd);

    write(user, imported);

    new LibDmaBuf(client).sync(fd, DmaBufSync.READ);
    assertThat(client.load32(client.mmap(fd, 0, PAGE))).isEqualTo(VALUE);
    assertThat(client.load32(maker.mmap(handle, PAGE))).isEqualTo(VALUE);
    assertThat(drm(user).primeFdToHandle(fd)).isEqualTo(imported);
  }

  @Test
  void aChildTakesTheBufferOverFromAParentThatHasLetItGo() throws Exception {
    int handle = maker.gemNew(PAGE, GemNew.WC);
    client.store32(maker.mmap(handle, PAGE), VALUE);
    int fd = drm(maker).primeHandleToFd(handle, DrmPrimeHandle.RDWR);
    drm(maker).closeGem(handle);
    List<Integer> seen = new ArrayList<>();

    int _ =
        client.fork(child -> {
          try {
            RawMsm own = new RawMsm(child, child.open(RawMsm.NODE));
            int imported = new LibDrm(child, own.fd).primeFdToHandle(fd);
            seen.add(child.load32(own.mmap(imported, PAGE)));
            write(own, imported);
          } catch (ErrnoException e) {
            throw new AssertionError(e);
          }
        });
    machine.settle();
    client.exit();

    assertThat(seen).containsExactly(VALUE);
    assertThat(machine.leakedPages()).isEmpty();
  }

  @Test
  void aBufferThatIsNotToBeSharedStaysWithItsFile() throws Exception {
    int handle = maker.gemNew(PAGE, GemNew.WC | GemNew.NO_SHARE);

    var e = assertThrows(ErrnoException.class, () -> drm(maker).primeHandleToFd(handle, 0));

    assertThat(e.errno()).isEqualTo(Errno.EPERM);
  }

  @Test
  void aDescriptorForReadingIsNotMappedForWriting() throws Exception {
    int handle = maker.gemNew(PAGE, GemNew.WC);
    int fd = drm(maker).primeHandleToFd(handle, 0);

    var e = assertThrows(ErrnoException.class, () -> client.mmap(fd, 0, PAGE));

    assertThat(e.errno()).isEqualTo(Errno.EACCES);
  }
}
