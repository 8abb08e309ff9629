package org.smmulator.hw.smmuv3;

import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.hw.vmsa.Space;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.regs.smmuv3.Cd;
import org.smmulator.regs.smmuv3.Evt;
import org.smmulator.regs.smmuv3.SmmuV3Regs;
import org.smmulator.regs.smmuv3.Ste;
import org.smmulator.regs.smmuv3.StreamTableEntry.Stage1;
import org.smmulator.regs.smmuv3.StreamTableEntry.Stage2;

/**
 * Finds the configuration of a stream and substream: through the stream table, then the table of
 * context descriptors, both in memory. Arm IHI 0070, 3.3 and 3.9.
 *
 * <p>Stream table entries and context descriptors are cached, the valid and the invalid, until
 * software invalidates them, and so are {@linkplain FirstLevels first levels} of tables.
 */
final class Configuration {
  private final SmmuV3Config config;
  private final Dram dram;
  private final Timebase timebase;
  private final TlbSpaces spaces;
  private final IpaTranslation stage2;
  private final Space none;
  private final ConfigurationCache<Stream> streams = new ConfigurationCache<>();
  private final ConfigurationCache<SubstreamConfig> substreams = new ConfigurationCache<>();
  private final FirstLevels firstLevels = new FirstLevels();

  private static final FaultPolicy FAULTS_OF_NONE = FaultPolicy.withoutStage1(ImmutableSet.of());

  private long tableBase;
  private int tableConfig;
  private boolean recordsBadStreams;
  private boolean el2HasAsids;

  Configuration(
      SmmuV3Config config,
      Dram dram,
      Timebase timebase,
      TlbSpaces spaces,
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

  /** The cached configuration of a substream; null if there is none. */
  @Nullable SubstreamConfig cached(int sid, int ssid) {
    return substreams.find(ConfigurationCache.key(sid, ssid));
  }

  /** The entry of a stream; null if it cannot be fetched, and then {@code fault} says why. */
  @Nullable Stream entry(int sid, FaultRecord fault) {
    return stream(sid, Translator.NO_SUBSTREAM, fault);
  }

  /** The configuration of a substream; null if there is none, and then {@code fault} says why. */
  @Nullable SubstreamConfig of(int sid, int ssid, FaultRecord fault) {
    SubstreamConfig known = cached(sid, ssid);
    if (known != null) {
      return known;
    }
    Stream stream = stream(sid, ssid, fault);
    if (stream == null) {
      return null;
    }
    SubstreamConfig found = follow(stream, sid, ssid, fault);
    if (found != null) {
      substreams.put(ConfigurationCache.key(sid, ssid), found);
    }
    return found;
  }

  /**
   * Invalidates the streams that agree with {@code sid} in all bits but the lowest {@code bits},
   * and every context descriptor of theirs.
   *
   * @param leaf whether the first level of the stream table stays
   */
  void invalidateStreams(int sid, int bits, boolean leaf) {
    streams.invalidateStreams(sid, bits);
    substreams.invalidateStreams(sid, bits);
    firstLevels.invalidateContexts(sid, bits);
    if (!leaf) {
      firstLevels.invalidateStreams(sid, bits, SmmuV3Regs.STRTAB_BASE_CFG_SPLIT.get(tableConfig));
    }
  }

  /** Invalidates every context descriptor of a stream. */
  void invalidateContexts(int sid) {
    substreams.invalidateStreams(sid, 0);
    firstLevels.invalidateContexts(sid, 0);
  }

  /**
   * Invalidates one context descriptor of a stream.
   *
   * @param leaf whether the first level that leads there stays
   */
  void invalidateContext(int sid, int ssid, boolean leaf) {
    if (!leaf) {
      firstLevels.invalidateContext(sid, ssid);
    }
    substreams.invalidate(ConfigurationCache.key(sid, ssid));
    if (ssid == 0) {
      substreams.invalidate(ConfigurationCache.key(sid, Translator.NO_SUBSTREAM));
    }
  }

  /** CR2.E2H: whether EL2 has ASIDs. */
  boolean el2HasAsids() {
    return el2HasAsids;
  }

  /** The tag of EL2 for {@code asid}: EL2 has ASIDs only if CR2.E2H is set. */
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

  /** The address of the stream table entry of {@code sid}; negative if there is none. */
  private long entryOf(int sid, int ssid, FaultRecord fault) {
    int sizeBits = Math.min(SmmuV3Regs.STRTAB_BASE_CFG_LOG2SIZE.get(tableConfig), config.sidBits());
    long index = Integer.toUnsignedLong(sid);
    if (index >>> sizeBits != 0) {
      return badStream(sid, ssid, fault);
    }
    if (SmmuV3Regs.STRTAB_BASE_CFG_FMT.get(tableConfig) == SmmuV3Regs.STRTAB_BASE_CFG_FMT_LINEAR
        || !config.has(Feature.TWO_LEVEL_STREAMS)) {
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

  private @Nullable SubstreamConfig follow(Stream stream, int sid, int ssid, FaultRecord fault) {
    switch (stream.kind()) {
      case ILLEGAL -> {
        return end(SubstreamConfig.Kind.ILLEGAL_STREAM, stream);
      }
      case ABORT -> {
        return end(SubstreamConfig.Kind.ABORT, stream);
      }
      case BYPASS, TRANSLATE -> {
        if (ssid != Translator.NO_SUBSTREAM && !stream.hasSubstream(ssid)) {
          fault.badConfiguration(Evt.C_BAD_SUBSTREAMID, sid, ssid);
          return null;
        }
      }
    }
    Stage1 stage1 = stream.stage1();
    boolean lacksSubstream = stream.lacksSubstream(ssid);
    if (stage1 == null || (lacksSubstream && stage1.withoutSubstream() == Ste.S1DSS_BYPASS)) {
      return withoutStage1(stream);
    }
    boolean takesDescriptor0 = stage1.withoutSubstream() == Ste.S1DSS_SSID0;
    if (lacksSubstream ? !takesDescriptor0 : takesDescriptor0 && stream.isSubstream0(ssid)) {
      fault.badConfiguration(Evt.F_STREAM_DISABLED, sid, ssid);
      return null;
    }
    return throughStage1(stream, stage1, sid, ssid, fault);
  }

  private SubstreamConfig end(SubstreamConfig.Kind kind, Stream stream) {
    return new SubstreamConfig(kind, stream, null, none, none, FAULTS_OF_NONE);
  }

  private SubstreamConfig withoutStage1(Stream stream) {
    if (stream.tables() == null) {
      return end(SubstreamConfig.Kind.BYPASS, stream);
    }
    Space space = spaces.of(stream.vmid()).stage2;
    return new SubstreamConfig(
        SubstreamConfig.Kind.TRANSLATE, stream, null, space, space, faultPolicy(stream, null));
  }

  private @Nullable SubstreamConfig throughStage1(
      Stream stream, Stage1 stage1, int sid, int ssid, FaultRecord fault) {
    Tables below = stream.tables();
    if (below != null) {
      stage2.enter(below, spaces.of(stream.vmid()).stage2);
    }
    long at = contextOf(stream, stage1, sid, ssid, fault);
    at = at < 0 ? at : toMemory(stream, at, Cd.BYTES, sid, ssid, fault);
    if (at < 0) {
      return null;
    }
    StreamContext context =
        StreamContext.decode(
            config,
            stage1.stallsDisabled(),
            dram.getLong(at),
            dram.getLong(at + 8),
            dram.getLong(at + 16));
    if (context == null || !isLegalAsid(stream, context.asid())) {
      return end(SubstreamConfig.Kind.ILLEGAL_CONTEXT, stream);
    }
    int asid = context.asid();
    return new SubstreamConfig(
        SubstreamConfig.Kind.TRANSLATE,
        stream,
        context,
        stream.isEl2() ? spaces.el2().of(el2Asid(asid)) : spaces.of(stream.vmid()).el1.of(asid),
        below == null ? none : spaces.of(stream.vmid()).stage2,
        faultPolicy(stream, context));
  }

  /** EL2 has ASIDs only if CR2.E2H is set; else the field is ignored. IHI 0070, 5.4.2. */
  private boolean isLegalAsid(Stream stream, int asid) {
    boolean ignored = stream.isEl2() && !el2HasAsids;
    return ignored || (asid & ~config.tagMask()) == 0;
  }

  private static FaultPolicy faultPolicy(Stream stream, @Nullable StreamContext context) {
    Stage2 stage2 = stream.stage2();
    ImmutableSet<Stage2.Flag> flags2 = stage2 == null ? ImmutableSet.of() : stage2.flags();
    return context == null
        ? FaultPolicy.withoutStage1(flags2)
        : new FaultPolicy(context.descriptor().flags(), flags2);
  }

  // ---- the table of context descriptors

  /** The address of a substream's context descriptor, an IPA if nested; negative if none. */
  private long contextOf(Stream stream, Stage1 stage1, int sid, int ssid, FaultRecord fault) {
    int index = Math.max(ssid, 0);
    if (stage1.isLinear()) {
      return stage1.contextTable() + (long) index * Cd.BYTES;
    }
    int split = stage1.split();
    Long known = firstLevels.context(sid, index, split);
    long first;
    if (known != null) {
      first = known;
    } else {
      long at = stage1.contextTable() + (long) (index >>> split) * Cd.L1_BYTES;
      at = toMemory(stream, at, Cd.L1_BYTES, sid, ssid, fault);
      if (at < 0) {
        return at;
      }
      first = dram.getLong(at);
      firstLevels.putContext(sid, index, split, first);
    }
    long second = first & Cd.L1_L2PTR.mask();
    boolean reachable = stream.tables() != null || second >>> config.outputBits() == 0;
    if (!Cd.L1_V.isSet(first) || !reachable) {
      fault.badConfiguration(Evt.C_BAD_SUBSTREAMID, sid, ssid);
      return -1;
    }
    return second + (long) (index & ((1 << split) - 1)) * Cd.BYTES;
  }

  /** The physical address of a part of the stream's configuration; negative if none. */
  private long toMemory(
      Stream stream, long address, int sizeBytes, int sid, int ssid, FaultRecord fault) {
    long at = address;
    if (stream.tables() != null) {
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
      fault.translation(sid, ssid, 0, 0, stage2Fault, stage2.faultIpa(), faultPolicy(stream, null));
    }
  }

  private boolean fetchable(long pa, int sizeBytes) {
    timebase.consume(config.costs().walkStepNs());
    return dram.covers(pa, sizeBytes);
  }
}
