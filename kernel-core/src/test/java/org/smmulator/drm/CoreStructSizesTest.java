package org.smmulator.drm;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.primitives.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.Ioc;
import org.smmulator.uapi.drm.DrmSyncobjCreate;

/**
 * Clients that were built against older and newer headers: an ioctl is found by its number, what an
 * older struct lacks is zero, and of a newer one nothing is touched that the kernel does not know.
 * The numbers are those that gcc computes from {@code include/uapi/drm/drm.h}.
 */
class CoreStructSizesTest {
  private static final byte BEYOND = (byte) 0xa5;

  /** The answer of one call, and the bytes of its struct afterwards. */
  private record Answer(@Nullable Errno errno, List<Byte> struct, boolean beyondIsUntouched) {}

  /**
   * Runs {@code cmd} with another size than it has on a card node of root's, which is the master.
   */
  private static Answer call(int cmd, int sizeBytes, byte[] struct) {
    try (DrmTrial trial = new DrmTrial()) {
      List<Answer> answers = new ArrayList<>();
      trial.run(() -> {
        DrmFile file = open(trial);
        trial.page.fill(BEYOND);
        MemorySegment.copy(struct, 0, trial.page, ValueLayout.JAVA_BYTE, 0, sizeBytes);
        int sized = Ioc.ioc(Ioc.dir(cmd), Ioc.type(cmd), Ioc.nr(cmd), sizeBytes);
        Errno errno =
            DrmTrial.errno(() -> {
              var _ = file.ioctl(trial.user, sized, DrmTrial.PAGE);
            });
        byte[] after = trial.page.asSlice(0, sizeBytes).toArray(ValueLayout.JAVA_BYTE);
        boolean untouched = true;
        for (long at = sizeBytes; at < OnePage.BYTES; at++) {
          untouched &= trial.page.get(ValueLayout.JAVA_BYTE, at) == BEYOND;
        }
        answers.add(new Answer(errno, Bytes.asList(after), untouched));
      });
      return answers.getFirst();
    }
  }

  /** With a buffer and a sync object that have the handle 1. */
  private static DrmFile open(DrmTrial trial) throws ErrnoException {
    DrmDevice device = trial.device(DriverFeature.SYNCOBJ, DriverFeature.SYNCOBJ_TIMELINE);
    DrmFile file = device.openPrimary(trial.user);
    assertThat(trial.buffer(file, trial.gem(device))).isEqualTo(1);
    int create = 0xc00864bf;
    trial.ioctl(file, create, (memory, at) -> new DrmSyncobjCreate(0, 1).write(memory, at));
    return file;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "VERSION, 0xc0406400, 0",
    "GET_UNIQUE, 0xc0106401, 0",
    "GET_MAGIC, 0x80046402, 0",
    "GET_CLIENT, 0xc0286405, 0",
    "GET_STATS, 0x80f86406, 0",
    "SET_VERSION, 0xc0106407, 1",
    "GEM_CLOSE, 0x40086409, 1",
    "GEM_FLINK, 0xc008640a, 1",
    "GEM_OPEN, 0xc010640b, 1",
    "GET_CAP, 0xc010640c, 5",
    "SET_CLIENT_CAP, 0x4010640d, 1",
    "AUTH_MAGIC, 0x40046411, 1",
    "SET_MASTER, 0x641e, 0",
    "DROP_MASTER, 0x641f, 0",
    "PRIME_HANDLE_TO_FD, 0xc00c642d, 1",
    "PRIME_FD_TO_HANDLE, 0xc00c642e, 1",
    "SYNCOBJ_CREATE, 0xc00864bf, 0",
    "SYNCOBJ_DESTROY, 0xc00864c0, 1",
    "SYNCOBJ_HANDLE_TO_FD, 0xc01864c1, 1",
    "SYNCOBJ_FD_TO_HANDLE, 0xc01864c2, 1",
    "SYNCOBJ_WAIT, 0xc02864c3, 0",
    "SYNCOBJ_RESET, 0xc01064c4, 0",
    "SYNCOBJ_SIGNAL, 0xc01064c5, 0",
    "SYNCOBJ_TIMELINE_WAIT, 0xc03064ca, 0",
    "SYNCOBJ_QUERY, 0xc01864cb, 0",
    "SYNCOBJ_TRANSFER, 0xc02064cc, 1",
    "SYNCOBJ_TIMELINE_SIGNAL, 0xc01864cd, 0",
    "SYNCOBJ_EVENTFD, 0xc01864cf, 1",
    "SET_CLIENT_NAME, 0xc01064d1, 0",
  })
  void whateverItsSizeTheCallIsTheSame(String name, String number, int firstWord) {
    int cmd = Long.decode(number).intValue();
    int size = Ioc.sizeBytes(cmd);
    byte[] struct = new byte[size + 64];
    if (size >= 4) {
      struct[0] = (byte) firstWord;
    }
    Answer whole = call(cmd, size, struct);
    assertThat(whole.beyondIsUntouched()).isTrue();

    for (int sizeBytes = 0; sizeBytes <= size + 64; sizeBytes += 4) {
      boolean older = sizeBytes < size;
      if (older && sizeBytes < 4 && firstWord != 0) {
        continue; // the word that matters would be missing
      }
      byte[] given = struct.clone();
      if (!older) {
        Arrays.fill(given, size, sizeBytes, (byte) 0x77); // fields of the future
      }
      Answer answer = call(cmd, sizeBytes, given);

      String what = name + " of " + sizeBytes + " bytes";
      assertWithMessage(what).that(answer.errno()).isEqualTo(whole.errno());
      assertWithMessage(what).that(answer.beyondIsUntouched()).isTrue();
      int common = Math.min(size, sizeBytes);
      assertWithMessage(what)
          .that(answer.struct().subList(0, common))
          .isEqualTo(whole.struct().subList(0, common));
      for (int at = size; at < sizeBytes; at++) {
        byte kept = (Ioc.dir(cmd) == Ioc.READ) ? 0 : (byte) 0x77; // what did not come in is zero
        assertWithMessage(what).that(answer.struct().get(at)).isEqualTo(kept);
      }
    }
  }

  /** {@code drm_ioc32.c}: the four structs that have other sizes in a 32-bit process. */
  @Test
  void a32BitProcessHasPointersAndLongsOf32Bits() {
    try (DrmTrial trial = new DrmTrial()) {
      trial.run(() -> {
        DrmFile file = open(trial);
        int room = (int) DrmTrial.PAGE + 256;

        int[] version = compat(trial, file, 0xc0246400, 0, 0, 0, 64, room, 0, 0, 0, 0);
        assertThat(version[0]).isEqualTo(1);
        assertThat(version[3]).isEqualTo("featured".length());
        assertThat(version[4]).isEqualTo(room);
        assertThat(trial.page.get(ValueLayout.JAVA_BYTE, 256)).isEqualTo((byte) 'f');

        assertThat(compat(trial, file, 0xc0086401, 8, room)).isEqualTo(new int[] {0, room});
        int[] client = compat(trial, file, 0xc0186405, 0, 7, 7, 7, 7, 7);
        assertThat(client[1]).isEqualTo(1); // the master is authenticated
        assertThat(client[2]).isEqualTo(trial.user.task().pid());
        assertThat(compat(trial, file, 0x807c6406, 1, 2, 3)).isEqualTo(new int[3]);
        assertThat(compat(trial, file, 0xc010640c, 5, 0, 0, 0)).isEqualTo(new int[] {5, 0, 3, 0});
        assertThat(
                DrmTrial.errno(() -> {
                  var _ = file.compatIoctl(trial.user, 0xc0246400, 1);
                }))
            .isEqualTo(Errno.EFAULT);
      });
    }
  }

  private static int[] compat(DrmTrial trial, DrmFile file, int cmd, int... words)
      throws ErrnoException {
    for (int i = 0; i < words.length; i++) {
      trial.page.set(ValueLayout.JAVA_INT, 4L * i, words[i]);
    }
    var _ = file.compatIoctl(trial.user, cmd, DrmTrial.PAGE);
    return trial.page.asSlice(0, 4L * words.length).toArray(ValueLayout.JAVA_INT);
  }

  /** SET_NAME arrives as {@code _IOW} and GET as {@code _IOWR} of the same number. */
  @Test
  void theDirectionIsThatOfBothTheCallerAndTheTable() {
    byte[] struct = new byte[16];
    struct[0] = 5; // DRM_CAP_PRIME

    int writeOnly = 0x4010640c;
    int readOnly = 0x8010640c;

    assertThat(call(writeOnly, 16, struct).struct())
        .isEqualTo(Bytes.asList(struct)); // nothing is copied back
    assertThat(call(0xc010640c, 16, struct).struct().get(8)).isEqualTo((byte) 3);
    assertThat(call(readOnly, 16, struct).struct().get(0)).isEqualTo((byte) 0); // nothing came in
  }
}
