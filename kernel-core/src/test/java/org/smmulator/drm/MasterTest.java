package org.smmulator.drm;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.smmulator.drm.DrmTrial.PAGE;
import static org.smmulator.kernel.errno.Errno.EACCES;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.uapi.drm.DrmAuth;
import org.smmulator.uapi.drm.DrmGemFlink;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSetClientName;
import org.smmulator.uapi.drm.DrmSetVersion;
import org.smmulator.uapi.drm.DrmUnique;

/** Masters vouch for clients, and clients and devices have names: drm_auth.c, drm_ioctl.c. */
class MasterTest {
  private static final int NAME = 0x100;

  private final DrmTrial trial = new DrmTrial();
  private final DrmDevice device = trial.device();
  private final Caller other = trial.caller("other", false);

  @AfterEach
  void close() {
    trial.close();
  }

  @Test
  void aMasterVouchesForAFileOnceByItsNumber() throws Exception {
    DrmFile master = device.openPrimary(trial.user);
    DrmFile client = device.openPrimary(other);
    assertThat(flink(client)).isEqualTo(EACCES);

    int magic = magic(client);
    assertThat(magic(client)).isEqualTo(magic);
    assertThat(magic(master)).isNotEqualTo(magic);
    assertThat(authenticate(client, magic)).isEqualTo(EACCES); // only the master may
    assertThat(authenticate(master, 77)).isEqualTo(EINVAL);
    assertThat(authenticate(master, 0)).isEqualTo(EINVAL);
    assertThat(authenticate(master, magic)).isNull();

    assertThat(flink(client)).isEqualTo(Errno.ENOENT); // allowed, and no such handle
    assertThat(authenticate(master, magic)).isEqualTo(EINVAL);
  }

  @Test
  void aNumberIsFreeWhenItsFileIsClosed() throws Exception {
    DrmFile master = device.openPrimary(trial.user);
    DrmFile client = device.openPrimary(other);
    int magic = magic(client);

    client.release();
    assertThat(authenticate(master, magic)).isEqualTo(EINVAL);
    assertThat(magic(device.openPrimary(other))).isEqualTo(magic);
  }

  @Test
  void anotherMasterVouchesForItsOwnOnly() throws Exception {
    DrmFile first = device.openPrimary(trial.user);
    DrmFile client = device.openPrimary(other);
    int magic = magic(client);
    trial.ioctl(first, DrmIoctl.DROP_MASTER, (memory, at) -> {});
    DrmFile second = device.openPrimary(other);

    assertThat(authenticate(second, magic)).isEqualTo(EINVAL);
    second.release();
    trial.ioctl(first, DrmIoctl.SET_MASTER, (memory, at) -> {});

    assertThat(authenticate(first, magic)).isNull(); // they are still its clients
  }

  @Test
  void theDeviceHasANameForWhoAskedForAnInterfaceThatHasIt() throws Exception {
    DrmFile master = device.openPrimary(trial.user);
    device.register(new Device("5000000.gpu", "platform", null, trial.dmesg));
    assertThat(uniqueLength(master, 100)).isEqualTo(0);

    assertThat(setVersion(master, 1, 0, -1, 0)).isNull();
    assertThat(uniqueLength(master, 100)).isEqualTo(0);
    assertThat(setVersion(master, 1, 1, -1, 0)).isNull();

    assertThat(uniqueLength(master, 3)).isEqualTo(11); // it does not fit and is not written
    assertThat(trial.page.asSlice(NAME, 11).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(new byte[11]);
    assertThat(uniqueLength(master, 11)).isEqualTo(11);
    byte[] name = trial.page.asSlice(NAME, 11).toArray(ValueLayout.JAVA_BYTE);
    assertThat(new String(name, ISO_8859_1)).isEqualTo("5000000.gpu");
    assertThat(trial.errno(master, DrmIoctl.GET_UNIQUE, new DrmUnique(11, 0x10)::write))
        .isEqualTo(EFAULT);
  }

  @Test
  void aVersionThatThereIsNotIsEinvalAndWhatThereIsIsTold() throws Exception {
    DrmFile master = device.openPrimary(trial.user);
    DrmFile client = device.openPrimary(other);
    record Row(@Nullable Errno errno, int diMajor, int diMinor, int ddMajor, int ddMinor) {}
    for (Row row :
        List.of(
            new Row(null, -1, 9, -1, 9),
            new Row(null, 1, 4, 1, 0),
            new Row(EINVAL, 2, 0, -1, 0),
            new Row(EINVAL, 1, 5, -1, 0),
            new Row(EINVAL, 1, -1, -1, 0),
            new Row(EINVAL, -1, 0, 2, 0),
            new Row(EINVAL, -1, 0, 1, 1))) {
      assertWithMessage("%s", row)
          .that(setVersion(master, row.diMajor, row.diMinor, row.ddMajor, row.ddMinor))
          .isEqualTo(row.errno);
      assertThat(DrmSetVersion.read(trial.page, 0)).isEqualTo(new DrmSetVersion(1, 4, 1, 0));
    }
    assertThat(setVersion(client, 1, 4, 1, 0)).isEqualTo(EACCES);
  }

  @Test
  void aClientsNameIsInFdinfoUntilItTakesItAway() throws Exception {
    DrmFile file = device.openRender(trial.user);

    assertThat(setName(file, "glxgears")).isNull();
    assertThat(file.fdinfo()).contains("drm-client-name:\tglxgears\n");
    assertThat(setName(file, "two words")).isEqualTo(EINVAL);
    assertThat(setName(file, "bell\u0007")).isEqualTo(EINVAL);
    assertThat(setName(file, "x".repeat(65))).isEqualTo(EINVAL);
    assertThat(file.fdinfo()).contains("drm-client-name:\tglxgears\n");
    assertThat(setName(file, "x".repeat(64))).isNull();
    assertThat(trial.errno(file, DrmIoctl.SET_CLIENT_NAME, new DrmSetClientName(1, 0x10)::write))
        .isEqualTo(EFAULT);

    assertThat(setName(file, "")).isNull();
    assertThat(file.fdinfo()).doesNotContain("drm-client-name");
  }

  private int magic(DrmFile file) throws Exception {
    trial.ioctl(file, DrmIoctl.GET_MAGIC, (memory, at) -> {});
    return DrmAuth.read(trial.page, 0).magic();
  }

  private @Nullable Errno authenticate(DrmFile by, int magic) {
    return trial.errno(by, DrmIoctl.AUTH_MAGIC, new DrmAuth(magic)::write);
  }

  private @Nullable Errno flink(DrmFile file) {
    return trial.errno(file, DrmIoctl.GEM_FLINK, new DrmGemFlink(9, 0)::write);
  }

  private long uniqueLength(DrmFile file, long roomBytes) throws Exception {
    trial.ioctl(file, DrmIoctl.GET_UNIQUE, new DrmUnique(roomBytes, PAGE + NAME)::write);
    return DrmUnique.read(trial.page, 0).uniqueLen();
  }

  private @Nullable Errno setVersion(
      DrmFile file, int diMajor, int diMinor, int ddMajor, int ddMinor) {
    return trial.errno(
        file, DrmIoctl.SET_VERSION, new DrmSetVersion(diMajor, diMinor, ddMajor, ddMinor)::write);
  }

  private @Nullable Errno setName(DrmFile file, String name) {
    MemorySegment.copy(
        MemorySegment.ofArray(name.getBytes(ISO_8859_1)), 0, trial.page, NAME, name.length());
    return trial.errno(
        file, DrmIoctl.SET_CLIENT_NAME, new DrmSetClientName(name.length(), PAGE + NAME)::write);
  }
}
