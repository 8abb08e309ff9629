package org.smmulator.hw.bus;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** Both directions over the line: registers towards a device, memory accesses from it. */
class BusTest {
  private static final RegisterMap MAP = new RegisterMap("TEST");
  private static final Reg32 ID = MAP.reg32("ID", 0x0);
  private static final Reg32 CONTROL = MAP.reg32("CONTROL", 0x4);
  private static final Reg64 BASE = MAP.reg64("BASE", 0x8);
  private static final Reg32 SLOT = MAP.array32("SLOT", 0x10, 4, 2);

  private final Scheduler time = new Scheduler(Schedule.firstCome(), 1);
  private final SystemBus bus = new SystemBus(time, 50);
  private final List<String> log = new ArrayList<>();
  private Dram dram;

  @BeforeEach
  void memory() throws Exception {
    dram = new Dram(ImmutableList.of(new DramBank(0x8000_0000L, 1 << 20)));
  }

  @AfterEach
  void close() {
    dram.close();
    time.close();
  }

  @Test
  void aWriteReachesTheModelAndAConstantStaysAsItIs() {
    RegisterFile file =
        RegisterFile.builder(0x1000)
            .constant(ID, 0x30)
            .onWrite(CONTROL, value -> log.add("control " + value))
            .onWrite(BASE, () -> log.add("base"))
            .onWrite(SLOT, 0xff, (index, value) -> log.add("slot " + index))
            .build();
    bus.attach("dev", 0x500_0000L, 0x1000, file, Wire.tiedHigh());
    Mmio mmio = bus.map(0x500_0000L, 0x1000);

    mmio.write(ID, 7);
    mmio.write(CONTROL, 1);
    mmio.write(BASE, 0x1_2345_6789L);
    mmio.write(SLOT, 1, 0xabcd);

    assertThat(mmio.read(ID)).isEqualTo(0x30);
    assertThat(mmio.read(BASE)).isEqualTo(0x1_2345_6789L);
    assertThat(mmio.read(SLOT, 1)).isEqualTo(0xcd);
    assertThat(log).containsExactly("control 1", "base", "base", "slot 1").inOrder();
  }

  /** Kernels of 32 bits do either, by the header that a driver includes. */
  @Test
  void aRegisterOf64BitsIsWrittenByHalvesInEitherOrder() {
    AtomicBoolean narrow = new AtomicBoolean();
    RegisterFile file =
        RegisterFile.builder(0x1000)
            .onWrite(
                BASE,
                narrow::get,
                low -> log.add("low " + low),
                whole -> log.add("whole 0x" + Long.toHexString(whole)))
            .build();
    int low = BASE.offset();

    file.write32(low, 1);
    file.write32(low + 4, 2);
    file.write32(low + 4, 3);
    file.write32(low, 4);
    narrow.set(true);
    file.write32(low, 5);
    narrow.set(false);
    file.write32(low + 4, 6);
    file.write32(low, 7);

    assertThat(log)
        .containsExactly("whole 0x200000001", "whole 0x300000004", "low 5", "whole 0x600000007")
        .inOrder();
  }

  @Test
  void anUndeclaredRegisterReadsAsZeroAndIgnoresWrites() {
    RegisterFile file = RegisterFile.builder(0x1000).constant(ID, 1).build();

    file.write32(0x800, 5);

    assertThat(file.read32(0x800)).isEqualTo(0);
  }

  @Test
  void anUnclockedDeviceAbortsTheAccess() {
    Wire clock = Wire.low();
    RegisterFile file = RegisterFile.builder(0x1000).constant(ID, 1).build();
    bus.attach("5040000.iommu", 0x504_0000L, 0x1000, file, clock);
    Mmio mmio = bus.map(0x504_0000L, 0x1000);

    var abort = assertThrows(ExternalAbort.class, () -> mmio.read(ID));
    clock.set(true);

    assertThat(abort).hasMessageThat().contains("unclocked 5040000.iommu at offset 0x0");
    assertThat(mmio.read(ID)).isEqualTo(1);
  }

  @Test
  void whereNoDeviceIsAnAccessAborts() {
    Mmio nothing = bus.map(0x700_0000L, 0x1000);

    assertThrows(ExternalAbort.class, () -> nothing.read(ID));
  }

  @Test
  void aMasterWithoutAnIommuReachesMemoryByPhysicalAddress() {
    BusMaster master = new BusMaster(dram, Translator.none(), 0);

    master.store64(0x8000_0ffcL, 0x1122_3344_5566_7788L);

    assertThat(dram.getInt(0x8000_0ffcL)).isEqualTo(0x5566_7788);
    assertThat(dram.getInt(0x8000_1000L)).isEqualTo(0x1122_3344);
    assertThat(master.load64(0x8000_0ffcL)).isEqualTo(0x1122_3344_5566_7788L);
  }

  @Test
  void anAccessThatCrossesAPageIsTranslatedTwice() {
    Translator swapped = (stream, substream, iova, access) -> 0x8000_0000L + (iova ^ 0x1000);
    BusMaster master = new BusMaster(dram, swapped, 0);

    master.store32(0xffe, 0x1122_3344);

    assertThat(dram.getShort(0x8000_1ffeL)).isEqualTo((short) 0x3344);
    assertThat(dram.getShort(0x8000_0000L)).isEqualTo((short) 0x1122);
  }

  @Test
  void aRefusedAccessReadsZeroAndSaysWhetherTheBusReportedIt() {
    dram.putInt(0x8000_0000L, 7);
    BusMaster aborted = new BusMaster(dram, (s, ss, iova, a) -> Translator.ABORT, 0);
    BusMaster ignored = new BusMaster(dram, (s, ss, iova, a) -> Translator.RAZ_WI, 0);

    assertThat(aborted.load32(0x8000_0000L)).isEqualTo(0);
    assertThat(aborted.aborted()).isTrue();
    assertThat(ignored.load32(0x8000_0000L)).isEqualTo(0);
    assertThat(ignored.aborted()).isFalse();
    aborted.store32(0x8000_0000L, 9);
    assertThat(dram.getInt(0x8000_0000L)).isEqualTo(7);
  }

  @Test
  void aBlockThatIsPartlyRefusedGetsThePagesThatWereNot() {
    Translator secondPageOnly =
        (s, ss, iova, a) -> iova < 0x1000 ? Translator.ABORT : 0x8000_0000L + iova;
    BusMaster master = new BusMaster(dram, secondPageOnly, 0);
    dram.putInt(0x8000_1000L, 0x0403_0201);
    byte[] got = {9, 9, 9, 9, 9, 9, 9, 9};

    master.read(0xffc, MemorySegment.ofArray(got), 0, 8);

    assertThat(got).isEqualTo(new byte[] {0, 0, 0, 0, 1, 2, 3, 4});
    assertThat(master.aborted()).isTrue();
  }

  @Test
  void anAddressBeyondMemoryIsABusErrorNotAnException() {
    BusMaster master = new BusMaster(dram, Translator.none(), 0);

    assertThat(master.load32(0x1000)).isEqualTo(0);
    assertThat(master.aborted()).isTrue();
  }

  @Test
  void aPortSaysWithEachAccessWhichSubstreamItIs() {
    List<Integer> seen = new ArrayList<>();
    Translator noted =
        (s, substream, iova, a) -> {
          seen.add(substream);
          return iova;
        };
    BusMaster master = new BusMaster(dram, noted, 0);

    master.withSubstream(5).store32(0x8000_0000L, 1);
    master.store32(0x8000_0000L, 2);
    var _ = master.withSubstream(0).load64(0x8000_0ffcL);

    assertThat(seen.subList(0, 3)).containsExactly(5, Translator.NO_SUBSTREAM, 0).inOrder();
    assertThat(ImmutableSet.copyOf(seen.subList(2, seen.size()))).containsExactly(0);
  }

  @Test
  void aWordStoredBesideMemoryReachesTheRegisterThatTheTranslationLeadsTo() {
    RegisterFile file =
        RegisterFile.builder(0x1000).onWrite(CONTROL, value -> log.add("message " + value)).build();
    bus.attach("frame", 0x500_0000L, 0x1000, file, Wire.tiedHigh());
    Translator toTheFrame = (s, ss, iova, a) -> iova == 0x4 ? 0x500_0004L : Translator.ABORT;
    BusMaster master = new BusMaster(dram, bus, toTheFrame, 0);

    master.store32(0x4, 33);

    assertThat(log).containsExactly("message 33");
    assertThat(master.aborted()).isFalse();
    master.store32(0x8, 34);
    assertThat(master.aborted()).isTrue();
    assertThat(log).hasSize(1);
  }

  @Test
  void onlyAStoreOfAWordToAPoweredDeviceIsAMessage() {
    Wire clock = Wire.low();
    RegisterFile file =
        RegisterFile.builder(0x1000).onWrite(CONTROL, value -> log.add("message " + value)).build();
    bus.attach("frame", 0x500_0000L, 0x1000, file, clock);
    BusMaster master = new BusMaster(dram, bus, Translator.none(), 0);

    master.store32(0x500_0004L, 1);
    assertThat(master.aborted()).isTrue();

    clock.set(true);
    master.store64(0x500_0004L, 1);
    assertThat(master.aborted()).isTrue();
    assertThat(master.load32(0x500_0004L)).isEqualTo(0);
    assertThat(master.aborted()).isTrue();
    master.store32(0x600_0004L, 1);
    assertThat(master.aborted()).isTrue();
    assertThat(log).isEmpty();
  }
}
