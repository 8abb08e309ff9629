package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.NO_SUBSTREAM;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.PAGES;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STREAMS;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.ats.AtsDevice;
import org.smmulator.hw.ats.AtsPort.Answer;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.regs.ats.AtsRegs;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** A device that asks before it touches memory, and has missing pages made present. */
final class PageRequestTest {
  private static final int SID = 5;
  private static final int PASID = 3;
  private static final long IOVA = 0x7000;
  private static final long PA = 0x8050_0000L;

  private static final long READ_BIT = 1L << 60;
  private static final long WRITE_BIT = 1L << 61;
  private static final long LAST = 1L << 62;
  private static final long SSID_V = 1L << 63;
  private static final long EATS_TRANS = 1L << 28;

  private final SmmuV3Bench bench = new SmmuV3Bench();
  private final long root = bench.tables.table();

  PageRequestTest() throws DramUnavailableException {
    bench.stage1(SID, root, 1, 0);
    bench.dram.putLong(STREAMS + 64 * SID + 8, EATS_TRANS);
    bench.start();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aMissingPageIsNoFaultForADeviceThatOnlyAsks() {
    assertThat(bench.smmu.translationRequest(SID, NO_SUBSTREAM, IOVA, READ)).isEqualTo(0);
    assertThat(bench.eventsWritten()).isEqualTo(0);

    bench.tables.map(root, 0, IOVA, PA);
    assertThat(bench.smmu.translationRequest(SID, NO_SUBSTREAM, IOVA, READ) & -4096).isEqualTo(PA);
  }

  @Test
  void aGroupOfRequestsIsAnsweredAsAWhole() {
    request("engine", NO_SUBSTREAM, 2, READ | WRITE);
    assertThat(bench.log).isEmpty();
    assertThat(bench.pagePin.high).isTrue();
    assertThat(bench.read1(SmmuV3Regs.PRIQ_PROD)).isEqualTo(2);
    assertThat(bench.dram.getLong(PAGES)).isEqualTo(SID | READ_BIT | WRITE_BIT);
    assertThat(bench.dram.getLong(PAGES + 16)).isEqualTo(SID | READ_BIT | WRITE_BIT | LAST);
    assertThat(bench.dram.getLong(PAGES + 8) & -4096).isEqualTo(IOVA);
    assertThat(bench.dram.getLong(PAGES + 24) & -4096).isEqualTo(IOVA + 0x1000);
    assertThat(group(0)).isEqualTo(group(1));

    bench.write1(SmmuV3Regs.PRIQ_CONS, 2);
    assertThat(bench.pagePin.high).isFalse();
    respond(group(0), 2);

    assertThat(bench.log).containsExactly("engine SUCCESS");
  }

  @Test
  void aRequestNamesItsSubstream() {
    request("engine", PASID, 1, READ);

    assertThat(bench.dram.getLong(PAGES))
        .isEqualTo(SID | (long) PASID << 32 | READ_BIT | LAST | SSID_V);
  }

  @Test
  void denialAndFailureAreToldApart() {
    request("denied", NO_SUBSTREAM, 1, READ);
    request("failed", NO_SUBSTREAM, 1, READ);

    respond(group(1), 0);
    respond(group(0), 1);

    assertThat(bench.log).containsExactly("failed FAILURE", "denied INVALID").inOrder();
  }

  @Test
  void anAnswerToNobodyDoesNothing() {
    request("engine", NO_SUBSTREAM, 1, READ);

    bench.command(0x41 | (long) (SID + 1) << 32, 2 << 12 | group(0));
    respond(group(0) + 1, 2);

    assertThat(bench.log).isEmpty();
  }

  @Test
  void aGroupThatFindsNoRoomIsToldToTryAgainAndTheOverflowIsMarked() {
    for (int i = 0; i < 4; i++) {
      request("engine" + i, NO_SUBSTREAM, 1, READ);
    }

    request("late", NO_SUBSTREAM, 1, READ);

    assertThat(bench.log).containsExactly("late SUCCESS");
    assertThat(bench.read1(SmmuV3Regs.PRIQ_PROD)).isEqualTo(1 << 31 | 4);
  }

  /** IHI 0070, 8.1: unlike events, requests are lost until then. */
  @Test
  void nothingIsWrittenUntilSoftwareHasAcknowledgedTheOverflow() {
    for (int i = 0; i < 5; i++) {
      request("engine" + i, NO_SUBSTREAM, 1, READ);
    }
    bench.write1(SmmuV3Regs.PRIQ_CONS, 4); // all read, but for the loss

    request("late", NO_SUBSTREAM, 1, READ);
    assertThat(bench.log).containsExactly("engine4 SUCCESS", "late SUCCESS").inOrder();

    bench.write1(SmmuV3Regs.PRIQ_CONS, 1 << 31 | 4);
    request("last", NO_SUBSTREAM, 1, READ);
    assertThat(bench.log).hasSize(2);
    assertThat(bench.read1(SmmuV3Regs.PRIQ_PROD)).isEqualTo(1 << 31 | 5);
  }

  /** IHI 0070, 8.2: without SMMUEN there is no PRIQEN. */
  @ParameterizedTest
  @ValueSource(ints = {SmmuV3Bench.PRIQEN, SmmuV3Bench.SMMUEN})
  void whileTheQueueIsOffADeviceIsToldToStop(int cleared) {
    bench.write(SmmuV3Regs.CR0, SmmuV3Bench.ALL_ON & ~cleared);
    bench.settle();

    assertThat(bench.smmu.pageRequest(SID, NO_SUBSTREAM, IOVA, 1, READ)).isEqualTo(Answer.FAILURE);
  }

  @Test
  void theRequestsInterruptIsAMessageOnceItHasAnAddress() {
    bench.write(SmmuV3Regs.PRIQ_IRQ_CFG0, CONTEXTS + 0x1000);
    bench.write(SmmuV3Regs.PRIQ_IRQ_CFG1, 0x99);

    request("engine", NO_SUBSTREAM, 1, READ);

    assertThat(bench.dram.getInt(CONTEXTS + 0x1000)).isEqualTo(0x99);
    assertThat(bench.pagePin.rises).isEqualTo(0);
  }

  @Test
  void aDeviceThatRequestsItsPagesWaitsUntilSoftwareHasBroughtThem() {
    BusMaster engine = engineThatAsks();
    bench.time.process("engine", () -> engine.store32(IOVA + 8, 0xcafe));
    bench.settle();
    assertThat(bench.dram.getLong(PAGES)).isEqualTo(SID | WRITE_BIT | LAST);

    bench.tables.map(root, 0, IOVA, PA);
    respond(group(0), 2);

    assertThat(bench.dram.getInt(PA + 8)).isEqualTo(0xcafe);
    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void aDeviceThatIsDeniedItsPageSeesAnAbort() {
    BusMaster engine = engineThatAsks();
    bench.time.process("engine", () -> engine.store32(IOVA, 1));
    bench.settle();

    respond(group(0), 0);

    assertThat(engine.aborted()).isTrue();
  }

  private BusMaster engineThatAsks() {
    AtsDevice port =
        new AtsDevice(new AtsDevice.Config(4, 1, 10), bench.time, bench.smmu, bench.smmu, SID);
    port.mmio().write32(AtsRegs.CONTROL.offset(), AtsRegs.CONTROL_ENABLE.mask());
    return new BusMaster(bench.dram, port, SID);
  }

  private void request(String name, int ssid, int pages, int access) {
    bench.time.process(
        name,
        () -> bench.log.add(name + " " + bench.smmu.pageRequest(SID, ssid, IOVA, pages, access)));
    bench.settle();
  }

  private int group(int entry) {
    return (int) bench.dram.getLong(PAGES + 16L * entry + 8) & 0x1ff;
  }

  private void respond(int group, int response) {
    bench.command(0x41 | (long) SID << 32, (long) response << 12 | group);
  }
}
