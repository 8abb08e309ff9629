package org.smmulator.scenario;

import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.engines.CopyAlloc;
import org.smmulator.uapi.engines.CopyBind;
import org.smmulator.uapi.engines.CopyMap;
import org.smmulator.uapi.engines.CopyRun;
import org.smmulator.uapi.engines.EngineIoctl;
import org.smmulator.userspace.Client;

/** A process's calls on an open {@code /dev/copyN}. */
public record CopyNode(Client client, int fd) {
  public static final int READ_WRITE = CopyMap.READ | CopyMap.WRITE;

  public static CopyNode open(Client client, String path) throws ErrnoException {
    return new CopyNode(client, client.open(path));
  }

  /** Allocates a buffer that the engine and the process share. */
  public CopyAlloc alloc(long sizeBytes) throws ErrnoException {
    MemorySegment arg = MemorySegment.ofArray(new long[3]);
    new CopyAlloc(sizeBytes, 0, 0).write(arg, 0);
    call("COPY_ALLOC", EngineIoctl.COPY_ALLOC, arg);
    return CopyAlloc.read(arg, 0);
  }

  public long mmap(CopyAlloc buffer) throws ErrnoException {
    return client.mmap(fd, buffer.offset(), buffer.sizeBytes());
  }

  public CopyBind bind(int flags) throws ErrnoException {
    MemorySegment arg = MemorySegment.ofArray(new long[1]);
    new CopyBind(flags, 0).write(arg, 0);
    call("COPY_BIND", EngineIoctl.COPY_BIND, arg);
    return CopyBind.read(arg, 0);
  }

  public void map(long address, CopyAlloc buffer, int flags) throws ErrnoException {
    map(new CopyMap(address, buffer.offset(), buffer.sizeBytes(), flags, 0));
  }

  public void map(CopyMap wanted) throws ErrnoException {
    MemorySegment arg = MemorySegment.ofArray(new long[4]);
    wanted.write(arg, 0);
    call("COPY_MAP", EngineIoctl.COPY_MAP, arg);
  }

  public void unmap(long address, long sizeBytes) throws ErrnoException {
    MemorySegment arg = MemorySegment.ofArray(new long[4]);
    new CopyMap(address, 0, sizeBytes, 0, 0).write(arg, 0);
    call("COPY_UNMAP", EngineIoctl.COPY_UNMAP, arg);
  }

  public void copy(long from, long to, long sizeBytes, int flags) throws ErrnoException {
    MemorySegment arg = MemorySegment.ofArray(new long[4]);
    new CopyRun(from, to, sizeBytes, flags, 0).write(arg, 0);
    call("COPY_RUN", EngineIoctl.COPY_RUN, arg);
  }

  public void close() throws ErrnoException {
    client.close(fd);
  }

  private void call(String what, int cmd, MemorySegment arg) throws ErrnoException {
    try (var scratch = client.scratch()) {
      long va = scratch.bytes(arg.byteSize());
      client.store(va, arg);
      client.ioctl(what, fd, cmd, va);
      client.load(va, arg);
    }
  }
}
