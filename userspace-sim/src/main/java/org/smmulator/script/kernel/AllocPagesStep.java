package org.smmulator.script.kernel;

import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;

/** {@code alloc_pages}: memory of the kernel. */
final class AllocPagesStep extends KernelStep {
  private static final long MOST_BYTES = 64L << 20;

  private final FormField<String> device =
      required("device", DEVICE, "The device that it is for; it goes when its driver does.");
  private final FormField<Long> size =
      required("size", Scalar.SIZE, "Its size, which is rounded up to pages of 4 KiB.");
  private final FormField<Lying> pages =
      optional(
          "pages",
          FieldType.oneOf(Lying.class),
          Lying.CONTIGUOUS,
          "Whether neighbours in it are neighbours in memory: contiguous or scattered.");

  private final FormField<PageZone> zone =
      optional(
          "zone",
          FieldType.oneOf(PageZone.class),
          PageZone.KERNEL,
          "The part of memory that it is taken from: kernel, or client, as a program's would be.");

  AllocPagesStep() {
    super("alloc_pages", "Allocates zeroed memory in the kernel: alloc_pages().", PAGES);
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    long bytes = args.get(size);
    if (bytes <= 0 || bytes > MOST_BYTES) {
      throw args.wrong("no memory of 0x%x bytes can be had".formatted(bytes), "take 4K to 64M");
    }
  }

  @Override
  protected KernelPages run(Step step, ProcessRun process) throws ErrnoException {
    PageAllocator allocator = process.machine().pages();
    PlatformDevice owner = device(step, device, process);
    int count = (int) ((step.get(size) + PageAllocator.PAGE_SIZE - 1) >>> PageAllocator.PAGE_SHIFT);
    return switch (step.get(pages)) {
      case CONTIGUOUS -> KernelPages.run(allocator, step.get(zone), owner, count);
      case SCATTERED -> KernelPages.scattered(allocator, step.get(zone), owner, count);
    };
  }

  @Override
  protected String words(Step step) {
    return "allocates 0x%x bytes of %s memory%s"
        .formatted(step.get(size), FieldType.word(step.get(pages)), step.asWords());
  }

  /** How pages lie. */
  private enum Lying {
    CONTIGUOUS,
    SCATTERED
  }
}
