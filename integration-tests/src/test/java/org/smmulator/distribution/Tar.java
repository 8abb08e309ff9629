package org.smmulator.distribution;

import java.io.IOException;
import java.nio.file.Path;

/** The machine's tar, which keeps who may execute what. */
final class Tar {
  private Tar() {}

  static void unpack(Path archive, Path into) throws IOException, InterruptedException {
    Host.run("tar", "-xf", archive.toString(), "-C", into.toString());
  }

  /** Packs the folder's content into an archive in {@code scratch}. */
  static Path of(Path folder, Path scratch) throws IOException, InterruptedException {
    Path archive = scratch.resolve("files.tar");
    Host.run("tar", "-cf", archive.toString(), "-C", folder.toString(), ".");
    return archive;
  }
}
