package org.smmulator.hw.dram;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Takes pages out of a mapped file, so that the host has their memory back: {@code madvise(2)} with
 * {@code MADV_REMOVE}.
 */
final class HolePunch {
  private static final int MADV_REMOVE = 9;

  private final MethodHandle madvise;

  private HolePunch(MethodHandle madvise) {
    this.madvise = madvise;
  }

  /** Null where the JVM may not call native code, or the host has no such call. */
  @SuppressWarnings("restricted") // only reached where the JVM was told that it may
  static @Nullable HolePunch ifAllowed() {
    if (!HolePunch.class.getModule().isNativeAccessEnabled()) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor shape = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    return linker
        .defaultLookup()
        .find("madvise")
        .map(function -> new HolePunch(linker.downcallHandle(function, shape)))
        .orElse(null);
  }

  /**
   * Has {@code pages} read as zero and take no memory; they stay as they are if the host refuses.
   */
  void punch(MemorySegment pages) {
    try {
      int _ = (int) madvise.invokeExact(pages, pages.byteSize(), MADV_REMOVE);
    } catch (Throwable e) {
      throw new IllegalStateException("madvise", e);
    }
  }
}
