package org.smmulator.machine.input;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.junit.jupiter.api.Test;

/** A failure of the host is told in the words that its own tools use. */
class UserFilesTest {
  @Test
  void theReasonIsThatOfTheCLibrary() {
    assertThat(UserFiles.reason(new AccessDeniedException("/x"))).isEqualTo("Permission denied");
    assertThat(UserFiles.reason(new NoSuchFileException("/x")))
        .isEqualTo("No such file or directory");
    assertThat(UserFiles.reason(new NotDirectoryException("/x"))).isEqualTo("Not a directory");
    assertThat(UserFiles.reason(new FileSystemException("/x", null, "Is a directory")))
        .isEqualTo("Is a directory");
    assertThat(UserFiles.reason(new IOException("No space left on device")))
        .isEqualTo("No space left on device");
  }
}
