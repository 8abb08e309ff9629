package org.smmulator.script.core;

import com.google.common.primitives.Ints;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.userspace.MappableBuffer;

/**
 * Bytes in a range of memory of which nobody else can know which they are: each word depends on the
 * process and on its place. Whoever writes there is found out, whatever the way in.
 *
 * @param process whose it is
 */
record Canary(Address<MappableBuffer> at, int sizeBytes, int process) {
  static final Kind<Canary> KIND = new Kind<>("a canary", Canary.class);

  byte[] bytes() {
    byte[] bytes = new byte[sizeBytes];
    for (int i = 0; i < sizeBytes; i++) {
      bytes[i] = (byte) (word(i & -Integer.BYTES) >>> (8 * (i & (Integer.BYTES - 1))));
    }
    return bytes;
  }

  /** The finalizer of MurmurHash3: neighbouring words have nothing in common. */
  private int word(int offset) {
    int hash = process * 0x9e37_79b9 + offset;
    hash = (hash ^ hash >>> 16) * 0x85eb_ca6b;
    hash = (hash ^ hash >>> 13) * 0xc2b2_ae35;
    return hash ^ hash >>> 16;
  }

  /**
   * Looks whether all bytes are there.
   *
   * @throws FailedExpectation if not; it says where the first strange word is, and which
   */
  void check(ProcessRun owner) throws ErrnoException, FailedExpectation {
    byte[] found = MemoryRange.load(at, sizeBytes, owner);
    byte[] own = bytes();
    for (int i = 0; i < sizeBytes; i++) {
      if (found[i] != own[i]) {
        throw new FailedExpectation(
            "0x%x bytes at %s that nobody has touched".formatted(sizeBytes, at),
            "from 0x%x on there is 0x%x".formatted(i, wordOf(found, i)));
      }
    }
  }

  /** The word at an offset, as the CPU has it; at the end of the range, the byte. */
  private static int wordOf(byte[] bytes, int i) {
    return i + Integer.BYTES > bytes.length
        ? Byte.toUnsignedInt(bytes[i])
        : Ints.fromBytes(bytes[i + 3], bytes[i + 2], bytes[i + 1], bytes[i]);
  }
}
