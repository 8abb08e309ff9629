package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv3.FaultRecord.Consequences;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.hw.vmsa.Space;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.regs.smmuv3.Cd;
import org.smmulator.regs.smmuv3.Evt;
import org.smmulator.regs.smmuv3.SmmuV3Regs;
import org.smmulator.regs.smmuv3.Ste;

/**
 * From a stream and a substream to their configuration: through the stream table, then the table of
 * context descriptors, both in memory. Arm IHI 0070, 3.3 and 3.9.
 *
 * <p>Stream table entries and context descriptors are remembered, the valid and the invalid, until
 * software invalidates them, and so are {@linkplain FirstLevels first levels} of tables.
 */
final class Configuration {
  private final SmmuV3Config config;
  private final Dram dram;
  private final Timebase timebase;
  private final Spaces spaces;
  private final IpaTranslation stage2;
  private final Space none;
  private final ConfigurationCache<Stream> streams = new ConfigurationCache<>();
  private final ConfigurationCache<Route> routes = new ConfigurationCache<>();
  private final FirstLevels firstLevels = new FirstLevels();

  private long tableBase;
  private int tableConfig;
  private boolean recordsBadStreams;
  private boolean el2HasAsids;

  Configuration(
      SmmuV3Config config,
      Dram dram,
      Timebase timebase,
      Spaces spaces,
      IpaTranslation stage2,
      Space none) {
    this.config = config;
    this.dram = dram;
    this.timebase = timebase;
    this.spaces = spaces;
    this.stage2 = stage2;
    this.none = none;
  }

  /** Takes over what the registers say of the stream table. */
  void use(long strtabBase, int strtabBaseCfg, int cr2) {
    tableBase = strtabBase & SmmuV3Regs.STRTAB_BASE_ADDR.mask();
    tableConfig = strtabBaseCfg;
    recordsBadStreams = SmmuV3Regs.CR2_RECINVSID.isSet(cr2);
    el2HasAsids = SmmuV3Regs.CR2_E2H.isSet(cr2);
  }

  /** What is remembered of a substream; null if nothing is. */
  @Nullable Route known(int sid, int ssid) {
    return routes.find(ConfigurationCache.key(sid, ssid));
  }

  /** The entry of a stream; null if it cannot be had, and then {@code fault} says why. */
  @Nullable Stream entry(int sid, FaultRecord fault) {
    return stream(sid, Translator.NO_SUBSTREAM, fault);
  }

  /**
   * The configuration of a substream; null if it cannot be had, and then {@code fault} says why.
   */
  @Nullable Route route(int sid, int ssid, FaultRecord fault) {
    Route known = known(sid, ssid);
    if (known != null) {
      return known;
    }
    Stream stream = stream(sid, ssid, fault);
    if (stream == null) {
      return null;
    }
    Route route = follow(stream, sid, ssid, fault);
    if (route != null) {
      routes.put(ConfigurationCache.key(sid, ssid), route);
    }
    return route;
  }

  /**
   * Forgets the streams that agree with {@code sid} in all bits but the lowest {@code bits}, and
   * every context descriptor of theirs.
   *
   * @param leaf whether the first level of the stream table stays
   */
  void forgetStreams(int sid, int bits, boolean leaf) {
    streams.removeStreams(sid, bits);
    routes.removeStreams(sid, bits);
    firstLevels.forgetContexts(sid, bits);
    if (!leaf) {
      firstLevels.forgetStreams(sid, bits, SmmuV3Regs.STRTAB_BASE_CFG_SPLIT.get(tableConfig));
    }
  }

  /** Forgets every context descriptor of a stream. */
  void forgetContexts(int sid) {
    routes.removeStreams(sid, 0);
    firstLevels.forgetContexts(sid, 0);
  }

  /**
   * Forgets one context descriptor of a stream.
   *
   * @param leaf whether the first level that leads there stays
   */
  void forgetContext(int sid, int ssid, boolean leaf) {
    if (!leaf) {
      firstLevels.forgetContext(sid, ssid);
    }
    routes.remove(ConfigurationCache.key(sid, ssid));
    if (ssid == 0) {
      routes.remove(ConfigurationCache.key(sid, Translator.NO_SUBSTREAM));
    }
  }

  /** The ASID under which EL2 keeps what is said to be of {@code asid}. */
  int el2Asid(int asid) {
    return el2HasAsids ? asid : 0;
  }

  // ---- the stream table

  private @Nullable Stream stream(int sid, int ssid, FaultRecord fault) {
    Stream known = streams.find(ConfigurationCache.key(sid));
    if (known != null) {
      return known;
    }
    long at = entryOf(sid, ssid, fault);
    if (at < 0) {
      return null;
    }
    if (!fetchable(at, Ste.BYTES)) {
      fault.failedFetch(Evt.F_STE_FETCH, sid, ssid, at);
      return null;
    }
    Stream stream =
        Stream.decode(
            config,
            dram.getLong(at),
            dram.getLong(at + 8),
            dram.getLong(at + 16),
            dram.getLong(at + 24));
    streams.put(ConfigurationCache.key(sid), stream);
    return stream;
  }

  /** Where the stream table entry of {@code sid} is; negative if nowhere. */
  private long entryOf(int sid, int ssid, FaultRecord fault) {
    int sizeBits =
        Math.min(SmmuV3Regs.STRTAB_BASE_CFG_LOG2SIZE.get(tableConfig), config.streams().sidBits());
    long index = Integer.toUnsignedLong(sid);
    if (index >>> sizeBits != 0) {
      return badStream(sid, ssid, fault);
    }
    if (SmmuV3Regs.STRTAB_BASE_CFG_FMT.get(tableConfig) == SmmuV3Regs.STRTAB_BASE_CFG_FMT_LINEAR
        || !config.streams().twoLevelStreams()) {
      return tableBase + index * Ste.BYTES;
    }
    int split = SmmuV3Regs.STRTAB_BASE_CFG_SPLIT.get(tableConfig);
    Long known = firstLevels.stream(sid, split);
    long first;
    if (known != null) {
      first = known;
    } else {
      long at = tableBase + (index >>> split) * Ste.L1_BYTES;
      if (!fetchable(at, Ste.L1_BYTES)) {
        fault.failedFetch(Evt.F_STE_FETCH, sid, ssid, at);
        return -1;
      }
      first = dram.getLong(at);
      firstLevels.putStream(sid, split, first);
    }
    int span = Ste.L1_SPAN.getInt(first);
    long inSecond = index & ((1L << split) - 1);
    if (span == 0 || span > split + 1 || inSecond >>> (span - 1) != 0) {
      return badStream(sid, ssid, fault);
    }
    return (first & Ste.L1_L2PTR.mask()) + inSecond * Ste.BYTES;
  }

  private long badStream(int sid, int ssid, FaultRecord fault) {
    if (recordsBadStreams) {
      fault.badConfiguration(Evt.C_BAD_STREAMID, sid, ssid);
    } else {
      fault.silent(sid, ssid);
    }
    return -1;
  }

  // ---- from the stream on

  private @Nullable Route follow(Stream stream, int sid, int ssid, FaultRecord fault) {
    switch (stream.kind()) {
      case ILLEGAL -> {
        return end(Route.Kind.ILLEGAL_STREAM, stream);
      }
      case ABORT -> {
        return end(Route.Kind.ABORT, stream);
      }
      case BYPASS, TRANSLATE -> {
        if (ssid != Translator.NO_SUBSTREAM && !hasSubstream(stream, ssid)) {
          fault.badConfiguration(Evt.C_BAD_SUBSTREAMID, sid, ssid);
          return null;
        }
      }
    }
    boolean without = ssid == Translator.NO_SUBSTREAM && stream.contextBits() > 0;
    if (!stream.hasStage1() || (without && stream.withoutSubstream() == Ste.S1DSS_BYPASS)) {
      return withoutStage1(stream);
    }
    if (without && stream.withoutSubstream() == Ste.S1DSS_TERMINATE) {
      fault.badConfiguration(Evt.F_STREAM_DISABLED, sid, ssid);
      return null;
    }
    return throughStage1(stream, sid, ssid, fault);
  }

  /** Where a stage 1 is, and substreams are on, which leave 0 free if that is the default. */
  private static boolean hasSubstream(Stream stream, int ssid) {
    return stream.hasStage1()
        && stream.contextBits() > 0
        && ssid >>> stream.contextBits() == 0
        && !(ssid == 0 && stream.withoutSubstream() == Ste.S1DSS_SSID0);
  }

  private Route end(Route.Kind kind, Stream stream) {
    return new Route(
        kind, stream, null, none, none, none, new Consequences(false, true, true, false, true));
  }

  private Route withoutStage1(Stream stream) {
    if (stream.stage2() == null) {
      return end(Route.Kind.BYPASS, stream);
    }
    Space space = spaces.of(stream.vmid()).stage2;
    return new Route(
        Route.Kind.TRANSLATE, stream, null, space, none, space, consequences(stream, null));
  }

  private @Nullable Route throughStage1(Stream stream, int sid, int ssid, FaultRecord fault) {
    Tables below = stream.stage2();
    if (below != null) {
      stage2.enter(below, spaces.of(stream.vmid()).stage2);
    }
    long at = contextOf(stream, sid, ssid, fault);
    at = at < 0 ? at : toMemory(stream, at, Cd.BYTES, sid, ssid, fault);
    if (at < 0) {
      return null;
    }
    Stage1Config context =
        Stage1Config.decode(
            config,
            stream.stallsDisabled(),
            dram.getLong(at),
            dram.getLong(at + 8),
            dram.getLong(at + 16));
    if (context == null) {
      return end(Route.Kind.ILLEGAL_CONTEXT, stream);
    }
    Spaces.Regime regime = stream.isEl2() ? spaces.el2() : spaces.of(stream.vmid()).el1;
    int asid = context.asid() & config.stages().tagMask();
    return new Route(
        Route.Kind.TRANSLATE,
        stream,
        context,
        regime.of(stream.isEl2() ? el2Asid(asid) : asid),
        regime.global(),
        below == null ? none : spaces.of(stream.vmid()).stage2,
        consequences(stream, context));
  }

  private static Consequences consequences(Stream stream, @Nullable Stage1Config context) {
    return new Consequences(
        context != null && Cd.S.isSet(context.word0()),
        context != null && Cd.R.isSet(context.word0()),
        context != null && Cd.A.isSet(context.word0()),
        stream.stall2(),
        stream.record2());
  }

  // ---- the table of context descriptors

  /** Where the context descriptor of a substream is, as the stream has it; negative if nowhere. */
  private long contextOf(Stream stream, int sid, int ssid, FaultRecord fault) {
    int index = Math.max(ssid, 0);
    if (stream.contextBits() == 0 || stream.contextFormat() == Ste.S1FMT_LINEAR) {
      return stream.contexts() + (long) index * Cd.BYTES;
    }
    int split = stream.contextFormat() == Ste.S1FMT_64K_L2 ? Cd.L2_SPLIT_64K : Cd.L2_SPLIT_4K;
    Long known = firstLevels.context(sid, index, split);
    long first;
    if (known != null) {
      first = known;
    } else {
      long at = stream.contexts() + (long) (index >>> split) * Cd.L1_BYTES;
      at = toMemory(stream, at, Cd.L1_BYTES, sid, ssid, fault);
      if (at < 0) {
        return at;
      }
      first = dram.getLong(at);
      firstLevels.putContext(sid, index, split, first);
    }
    if (!Cd.L1_V.isSet(first)) {
      fault.badConfiguration(Evt.C_BAD_SUBSTREAMID, sid, ssid);
      return -1;
    }
    return (first & Cd.L1_L2PTR.mask()) + (long) (index & ((1 << split) - 1)) * Cd.BYTES;
  }

  /** Where in memory something of the stream's configuration is; negative if nowhere. */
  private long toMemory(
      Stream stream, long address, int sizeBytes, int sid, int ssid, FaultRecord fault) {
    long at = address;
    if (stream.stage2() != null) {
      at = stage2.locate(address, Leaf.CLASS_CONTEXT);
      if (at < 0) {
        refuse(stream, at, sid, ssid, fault);
        return -1;
      }
    }
    if (!fetchable(at, sizeBytes)) {
      fault.failedFetch(Evt.F_CD_FETCH, sid, ssid, at);
      return -1;
    }
    return at;
  }

  private void refuse(Stream stream, long stage2Fault, int sid, int ssid, FaultRecord fault) {
    if (Leaf.kind(stage2Fault) == Leaf.EXTERNAL_ABORT) {
      fault.failedWalk(sid, ssid, 0, 0, stage2Fault, stage2.faultAddress());
    } else {
      fault.translation(
          sid, ssid, 0, 0, stage2Fault, stage2.faultIpa(), consequences(stream, null));
    }
  }

  private boolean fetchable(long pa, int sizeBytes) {
    timebase.consume(config.costs().walkStepNs());
    return dram.covers(pa, sizeBytes);
  }
}
