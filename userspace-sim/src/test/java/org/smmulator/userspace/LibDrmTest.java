package org.smmulator.userspace;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.uapi.drm.DrmSyncobjCreate;

/** Ioctls of the DRM core on a real device, also by two processes on one open file. */
class LibDrmTest {
  private Machine machine;
  private Client client;
  private LibDrm drm;

  @BeforeEach
  void boot() throws Exception {
    machine = Machine.on(new Boards().load("db845c")).boot();
    client = machine.host("parent");
    drm = new LibDrm(client, client.open("/dev/dri/renderD128"));
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aSyncObjectIsMadeAndDestroyedOnce() throws Exception {
    int handle = drm.createSyncobj(DrmSyncobjCreate.SIGNALED);

    drm.destroySyncobj(handle);

    assertErrno(Errno.EINVAL, "SYNCOBJ_DESTROY", () -> drm.destroySyncobj(handle));
    assertErrno(Errno.EINVAL, "SYNCOBJ_CREATE", () -> drm.createSyncobj(2));
  }

  @Test
  void aChildSharesTheHandlesOfTheFileThatItInherits() throws Exception {
    int parents = drm.createSyncobj(0);
    List<Integer> childs = new ArrayList<>();
    int _ =
        client.fork(child -> {
          LibDrm inherited = new LibDrm(child, drm.fd());
          try {
            inherited.destroySyncobj(parents);
            childs.add(inherited.createSyncobj(0));
            childs.add(inherited.createSyncobj(0));
          } catch (ErrnoException e) {
            throw new AssertionError(e);
          }
        });

    machine.settle();

    assertThat(childs).containsExactly(parents, parents + 1).inOrder();
    drm.destroySyncobj(parents + 1); // the child has ended, the file is still open here
    assertThat(drm.createSyncobj(0)).isEqualTo(parents + 1);
  }

  @Test
  void aNewFileAfterTheLastOneWasClosedStartsAfresh() throws Exception {
    int handle = drm.createSyncobj(0);
    client.close(drm.fd());

    LibDrm again = new LibDrm(client, client.open("/dev/dri/renderD128"));

    assertErrno(Errno.EINVAL, "SYNCOBJ_DESTROY", () -> again.destroySyncobj(handle));
    assertThat(again.createSyncobj(0)).isEqualTo(handle);
  }

  @Test
  void exitLeavesNothingBehind() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertThat(drm.createSyncobj(0)).isEqualTo(i + 1);
    }

    client.exit();

    assertThat(machine.leakedPages()).isEmpty();
    Client next = machine.host("next");
    LibDrm fresh = new LibDrm(next, next.open("/dev/dri/renderD128"));
    assertThat(fresh.createSyncobj(0)).isEqualTo(1);
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(Errno errno, String reason, Call call) {
    var e = assertThrows(ErrnoException.class, call::run);

    assertThat(e.errno()).isEqualTo(errno);
    assertThat(e).hasMessageThat().contains(reason);
  }
}
