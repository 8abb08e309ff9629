package org.smmulator.machine.silicon;

import java.util.Locale;
import org.smmulator.hw.adreno.GpuWorkListener;
import org.smmulator.trace.TraceEvent;
import org.smmulator.trace.Tracepoint;
import org.smmulator.trace.Tracer;

/**
 * The work that packets start in a model of an Adreno: events of this simulator, since no kernel
 * sees them. Draws and dispatches do nothing but take time.
 */
public sealed interface AdrenoTrace extends TraceEvent {
  @Override
  default String system() {
    return "adreno";
  }

  /** A packet that draws. The numbers are 0 where the packet leaves them to registers. */
  record Draw(String gpu, int opcode, long indices, long instances) implements AdrenoTrace {
    @Override
    public String name() {
      return "adreno_draw";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT,
          "gpu=%s opcode=0x%02x indices=%d instances=%d",
          gpu,
          opcode,
          indices,
          instances);
    }
  }

  /** A packet that starts a compute shader. */
  record Dispatch(String gpu, int opcode, long x, long y, long z) implements AdrenoTrace {
    @Override
    public String name() {
      return "adreno_dispatch";
    }

    @Override
    public String print() {
      return String.format(
          Locale.ROOT, "gpu=%s opcode=0x%02x groups=%dx%dx%d", gpu, opcode, x, y, z);
    }
  }

  /** A packet that fills or copies. */
  record Blit(String gpu, boolean moved) implements AdrenoTrace {
    @Override
    public String name() {
      return "adreno_blit";
    }

    @Override
    public String print() {
      return String.format(Locale.ROOT, "gpu=%s moved=%d", gpu, moved ? 1 : 0);
    }
  }

  /** Makes a listener that writes what {@code gpu} does into a trace. */
  static GpuWorkListener listener(String gpu, Tracer tracer) {
    Tracepoint<Draw> draw = tracer.tracepoint(Draw.class);
    Tracepoint<Dispatch> dispatch = tracer.tracepoint(Dispatch.class);
    Tracepoint<Blit> blit = tracer.tracepoint(Blit.class);
    return new GpuWorkListener() {
      @Override
      public void draws(int opcode, long indices, long instances) {
        if (draw.on) {
          draw.emit(new Draw(gpu, opcode, indices, instances));
        }
      }

      @Override
      public void dispatches(int opcode, long x, long y, long z) {
        if (dispatch.on) {
          dispatch.emit(new Dispatch(gpu, opcode, x, y, z));
        }
      }

      @Override
      public void blits(boolean moved) {
        if (blit.on) {
          blit.emit(new Blit(gpu, moved));
        }
      }
    };
  }
}
