package org.smmulator.drm.exynos.dma;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Task;

/**
 * Turns of files: jobs of one file run together, on as many engines as it uses, and jobs of another
 * wait until all engines are idle and see its table. Who asked first is served first.
 */
final class BindTaskTurns extends EngineTurns {
  private final Iommu iommu;
  private final IommuTasks tasks;
  private final Mutex lock;
  private final List<Member> engines = new ArrayList<>();
  private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
  private final List<Turn> granted = new ArrayList<>();

  /** An engine, and the address space that it shares with the others. */
  private record Member(Device engine, IommuDomain.Paging home) {}

  /** The file whose table all engines walk; null if they may not be together. */
  private @Nullable TokenSpace current;

  BindTaskTurns(ExynosPagetables.Services services) {
    this.iommu = services.iommu();
    this.tasks = services.tasks();
    this.lock = services.kernel().lockdep().mutex("exynos_drm->turns");
  }

  @Override
  public void join(Device engine) throws ErrnoException {
    IommuDomain home = iommu.domainOf(engine);
    if (!(home instanceof IommuDomain.Paging shared)) {
      throw ENODEV.because("%s has no IOMMU that keeps files apart", engine.name());
    }
    engines.add(new Member(engine, shared));
  }

  @Override
  public void leave(Device engine) {
    try (var _ = lock.lock()) {
      for (Member member : engines) {
        if (member.engine().equals(engine)) {
          moveBack(member);
        }
      }
      engines.removeIf(member -> member.engine().equals(engine));
    }
  }

  @Override
  public Space open(Task opener) {
    return new TokenSpace(opener);
  }

  // ---- turns

  @Override
  public boolean take(Turn turn) throws ErrnoException {
    try (var _ = lock.lock()) {
      if (granted.contains(turn)) {
        return true;
      }
      if (!waiting.contains(turn)) {
        waiting.addLast(turn);
      }
      if (!waiting.getFirst().equals(turn)
          || (!turn.space().equals(current) && !granted.isEmpty())) {
        return false;
      }
      waiting.removeFirst();
      try {
        loadFor((TokenSpace) turn.space());
        granted.add(turn);
      } finally {
        tellFirst();
      }
      return true;
    }
  }

  @Override
  public void giveBack(Turn turn) {
    try (var _ = lock.lock()) {
      if (granted.remove(turn) || waiting.remove(turn)) {
        tellFirst();
      }
    }
  }

  private void tellFirst() {
    Turn first = waiting.peekFirst();
    if (first != null) {
      first.tell();
    }
  }

  /** Has every engine walk the table of {@code file}. */
  private void loadFor(TokenSpace file) throws ErrnoException {
    if (file.equals(current)) {
      return;
    }
    current = null;
    for (Member member : engines) {
      file.load(member.engine());
    }
    current = file;
  }

  private void moveBack(Member member) {
    if (member.home().equals(iommu.domainOf(member.engine()))) {
      return;
    }
    try {
      iommu.load(member.home(), member.engine());
    } catch (ErrnoException e) {
      throw new IllegalStateException("an engine must fit where it came from", e);
    }
  }

  /** A file's token, made when the file needs it first. */
  private final class TokenSpace implements Space {
    private final Task opener;

    // Looked up by address, never iterated.
    private final Set<Long> mapped = new HashSet<>();
    private @Nullable IommuTask token;

    TokenSpace(Task opener) {
      this.opener = opener;
    }

    /** The token, of a task that lives: the opener's, or else of who holds the file now. */
    private IommuTask token(Task caller) throws ErrnoException {
      IommuTask made = token;
      if (made != null) {
        if (made.task().isDead()) {
          made.handOver(caller);
        }
        return made;
      }
      if (engines.isEmpty()) {
        throw ENODEV.because("no engine is bound");
      }
      IommuTask bound =
          tasks.bindTask(
              engines.getFirst().engine(), opener.isDead() ? caller : opener, 0, ignored -> {});
      try {
        for (Member member : engines.subList(1, engines.size())) {
          bound.join(member.engine());
        }
      } catch (ErrnoException e) {
        bound.unbind();
        throw e;
      }
      token = bound;
      return bound;
    }

    @Override
    public void map(Task caller, CoherentBuffer memory, int prot) throws ErrnoException {
      try (var _ = lock.lock()) {
        if (!mapped.add(memory.dmaAddress())) {
          return;
        }
        try {
          mapPages(token(caller), memory, prot);
        } catch (ErrnoException e) {
          mapped.remove(memory.dmaAddress());
          throw e;
        }
      }
    }

    private static void mapPages(IommuTask to, CoherentBuffer memory, int prot)
        throws ErrnoException {
      if (!memory.isInPieces()) {
        to.map(memory.dmaAddress(), memory.pa(), memory.sizeBytes(), prot);
        return;
      }
      long done = 0;
      try {
        while (done < memory.sizeBytes()) {
          to.map(memory.dmaAddress() + done, memory.paAt(done), PageAllocator.PAGE_SIZE, prot);
          done += PageAllocator.PAGE_SIZE;
        }
      } catch (ErrnoException e) {
        if (done > 0) {
          var _ = to.unmap(memory.dmaAddress(), done);
        }
        throw e;
      }
    }

    @Override
    public void unmap(CoherentBuffer memory) {
      try (var _ = lock.lock()) {
        if (mapped.remove(memory.dmaAddress()) && token != null) {
          var _ = token.unmap(memory.dmaAddress(), memory.sizeBytes());
        }
      }
    }

    void load(Device engine) throws ErrnoException {
      if (token == null) {
        throw ENODEV.because("the file has nothing on the engines");
      }
      token.load(engine);
    }

    private boolean walks(Member member, IommuTask made) {
      return iommu.domainOf(member.engine()) instanceof IommuDomain.Paging now
          && now.pagetableBase() == made.pagetableBase();
    }

    @Override
    public void close() {
      try (var _ = lock.lock()) {
        IommuTask made = token;
        token = null;
        mapped.clear();
        if (made == null) {
          return;
        }
        engines.stream()
            .filter(member -> walks(member, made))
            .forEach(BindTaskTurns.this::moveBack);
        if (equals(current)) {
          current = null;
        }
        made.unbind();
      } catch (ErrnoException e) {
        throw new IllegalStateException("the token was bound", e);
      }
    }
  }
}
