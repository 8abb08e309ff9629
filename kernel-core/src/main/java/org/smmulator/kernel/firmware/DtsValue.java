package org.smmulator.kernel.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The value of a property as the source has it: bytes, and references between them. */
final class DtsValue {
  /**
   * A node that is named by its label, its path, or a label and the rest of a path: {@code &smmu},
   * {@code &{/soc/iommu@1000}}, {@code &{soc/iommu@1000}}.
   *
   * @param isPath whether it stands by itself and means the path, rather than the phandle
   */
  record Reference(String to, boolean isPath, Place place) {}

  /** Says which node a reference means, and by which number nodes refer to it. */
  interface Resolver {
    DtNode node(Reference reference);

    int phandle(DtNode node);
  }

  // The bytes before each reference, and the references; the tail stands behind the last.
  private final List<byte[]> before = new ArrayList<>();
  private final List<Reference> references = new ArrayList<>();
  private final ByteArrayOutputStream tail = new ByteArrayOutputStream();

  boolean hasReferences() {
    return !references.isEmpty();
  }

  void add(int oneByte) {
    tail.write(oneByte);
  }

  void addString(byte[] text) {
    tail.writeBytes(text);
    tail.write(0);
  }

  /** Adds the lower {@code bits} bits of {@code number}, big-endian. */
  void addNumber(long number, int bits) {
    for (int shift = bits - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      tail.write((int) (number >>> shift));
    }
  }

  void add(Reference reference) {
    before.add(tail.toByteArray());
    references.add(reference);
    tail.reset();
  }

  /** Returns the bytes of a value without references. */
  byte[] bytes() {
    return tail.toByteArray();
  }

  /** Returns the bytes, once every label is known. */
  byte[] resolve(Resolver resolver) {
    DtsValue whole = new DtsValue();
    for (int i = 0; i < references.size(); i++) {
      whole.tail.writeBytes(before.get(i));
      DtNode target = resolver.node(references.get(i));
      if (references.get(i).isPath()) {
        whole.addString(target.path().getBytes(StandardCharsets.UTF_8));
      } else {
        whole.addNumber(resolver.phandle(target), Integer.SIZE);
      }
    }
    whole.tail.writeBytes(tail.toByteArray());
    return whole.bytes();
  }
}
