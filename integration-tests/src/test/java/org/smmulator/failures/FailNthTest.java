package org.smmulator.failures;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import com.google.errorprone.annotations.Immutable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.attacks.Bystander;
import org.smmulator.attacks.RawMsm;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.process.ProcessDied;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;

/**
 * The nth allocation of a call fails, for each n until none does. The call says so with the errno
 * that fits; handles, descriptors, queues, addresses, fences and pages are as before; the same call
 * again succeeds with what it would have given at once; the end of the process leaves nothing; and
 * a client beside it is served.
 */
class FailNthTest {
  /**
   * The errno that each allocator's callers give. A table that cannot grow is EINVAL to msm; an
   * address is wanted of a file, or of the GPU's DMA domain: {@code iommu_dma_map_sg()}.
   */
  private static final ImmutableMap<Site, ImmutableSet<Errno>> ERRNOS =
      ImmutableMap.of(
          Site.PAGE, ImmutableSet.of(Errno.ENOMEM, Errno.EINVAL),
          Site.IOVA, ImmutableSet.of(Errno.ENOSPC, Errno.ENOMEM),
          Site.PASID, ImmutableSet.of(Errno.ENOSPC),
          Site.HANDLE, ImmutableSet.of(Errno.ENOMEM),
          Site.MMAP_OFFSET, ImmutableSet.of(Errno.ENOSPC),
          Site.SUBMIT_QUEUE, ImmutableSet.of(Errno.ENOMEM),
          Site.DESCRIPTOR, ImmutableSet.of(Errno.EMFILE));

  /** Makes the call; returns a number that tells whether it did the same as another time. */
  @Immutable
  interface Body {
    long run(MsmClient client) throws ErrnoException;
  }

  /** The calls, and where an allocation of theirs can fail. */
  enum Call {
    OPEN(client -> client.own.open(RawMsm.NODE), Site.DESCRIPTOR, Site.SUBMIT_QUEUE),
    DUP(client -> client.own.dup(client.used.fd), Site.DESCRIPTOR),
    GEM_NEW(client -> client.used.gemNew(MsmClient.PAGE, GemNew.WC), Site.MMAP_OFFSET, Site.HANDLE),
    FIRST_USE(client -> client.fresh.iova(client.freshBuffer), Site.PAGE, Site.IOVA),
    GET_IOVA(client -> client.used.iova(client.buffer), Site.IOVA),
    SET_IOVA(client -> client.used.info(client.buffer, GemInfo.SET_IOVA, client.free), Site.IOVA),
    SUBMIT(
        client ->
            client.used.submit(
                0, List.of(MsmClient.bo(client.commands), MsmClient.bo(client.buffer)), 4),
        Site.PAGE,
        Site.IOVA),
    SUBMIT_FOR_SYNC_FILE(
        client ->
            client.used.submitForSyncFile(
                List.of(MsmClient.bo(client.commands), MsmClient.bo(client.buffer)), 4),
        Site.DESCRIPTOR,
        Site.PAGE,
        Site.IOVA),
    SUBMIT_AS_FIRST_USE(
        client -> client.fresh.submit(0, List.of(MsmClient.bo(client.freshBuffer)), 4),
        Site.PAGE,
        Site.IOVA),
    SUBMITQUEUE_NEW(client -> client.used.newQueue(0), Site.SUBMIT_QUEUE),
    VM_BIND(client -> client.bind(), Site.PAGE),
    SYNCOBJ_CREATE(client -> client.usedDrm().createSyncobj(0), Site.HANDLE),
    PRIME_EXPORT(client -> client.usedDrm().primeHandleToFd(client.buffer, 0), Site.DESCRIPTOR),
    PRIME_IMPORT(client -> client.handOver(), Site.DESCRIPTOR, Site.HANDLE),
    HEAP_ALLOC(client -> client.heapBuffer(), Site.DESCRIPTOR, Site.PAGE),
    PRIME_IMPORT_FOREIGN(
        client -> client.importForeign(),
        Site.DESCRIPTOR,
        Site.PAGE,
        Site.HANDLE,
        Site.MMAP_OFFSET),
    MMAP(client -> client.used.mmap(client.buffer, MsmClient.LARGE_BYTES)),
    FORK(client -> client.own.fork(child -> {}), Site.PAGE);

    final Body body;
    final ImmutableSet<Site> sites;

    Call(Body body, Site... sites) {
      this.body = body;
      this.sites = ImmutableSet.copyOf(sites);
    }
  }

  /** The outcome of an attempt: a result or an errno, and what was made to fail. */
  private record Attempt(@Nullable Long result, @Nullable Errno errno, @Nullable Site failed) {}

  /** A call's result, the next number of each kind after it, and who has which pages then. */
  private record Outcome(long result, List<Long> next, ImmutableMap<String, Long> pages) {}

  private static Attempt attempt(Machine machine, MsmClient client, Call call, long nth) {
    machine.faults().failNth(nth);
    try {
      long result = call.body.run(client);
      return new Attempt(result, null, machine.faults().disarm());
    } catch (ErrnoException e) {
      return new Attempt(null, e.errno(), machine.faults().disarm());
    }
  }

  /** A board, and what is other about its kernel. */
  record Setting(String board, ImmutableMap<String, String> switches) {
    static Setting backing(String value) {
      return new Setting("db845c", ImmutableMap.of("gem.backing", value));
    }

    Machine boot() throws Exception {
      KernelConfig config = KernelConfig.defaults();
      for (Map.Entry<String, String> set : switches.entrySet()) {
        config = config.with(set.getKey(), set.getValue());
      }
      return Machine.on(new Boards().load(board)).config(config).boot();
    }

    @Override
    public String toString() {
      return board + switches;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCallWhoseAllocationFailsIsUndone(Call call) throws Exception {
    failEach(call, Setting.backing("contiguous"), call.sites);
    failEach(call, Setting.backing("scattered"), call.sites);
  }

  /** The designs that give each file a table, where their tables, banks and switches differ. */
  static Stream<Arguments> callsOfEachDesign() {
    return Stream.of(
            new Setting("db410c", ImmutableMap.of("msm.pagetables", "bind-task")),
            new Setting("db820c", ImmutableMap.of("msm.pagetables", "bind-task")),
            new Setting("trogdor", ImmutableMap.of()),
            new Setting("db845c", ImmutableMap.of("msm.pagetables", "bind-task")),
            new Setting(
                "db845c",
                ImmutableMap.of("msm.pagetables", "bind-task", "bind-task.base", "pasid")),
            new Setting("db845c", ImmutableMap.of("msm.pagetables", "dynamic-domains")),
            new Setting("db845c", ImmutableMap.of("msm.pagetables", "aux-domains")))
        .flatMap(setting ->
            Stream.of(Call.FIRST_USE, Call.SUBMIT, Call.SUBMIT_AS_FIRST_USE, Call.VM_BIND)
                .map(call -> Arguments.of(call, setting)));
  }

  @ParameterizedTest
  @MethodSource("callsOfEachDesign")
  void aCallWhoseAllocationFailsIsUndoneWhoeverMakesTheTable(Call call, Setting setting)
      throws Exception {
    // There the GPU has a DMA domain too, out of which its buffers get an address as well.
    Set<Site> ofDmaApi = setting.board.equals("db410c") ? Set.of(Site.IOVA) : Set.of();
    failEach(call, setting, Sets.union(call.sites, ofDmaApi).immutableCopy());
  }

  private static void failEach(Call call, Setting setting, ImmutableSet<Site> sites)
      throws Exception {
    Outcome expected;
    try (Machine machine = setting.boot()) {
      machine.settle();
      Bystander bystander = new Bystander(machine);
      bystander.assertServed();
      MsmClient client = new MsmClient(machine);
      expected = outcome(machine, client, call.body.run(client));
    }
    Set<Site> failed = NthAllocation.failEach(nth -> failNth(call, setting, nth, expected));
    assertWithMessage("what failed in turn").that(failed).isEqualTo(sites);
  }

  private static Outcome outcome(Machine machine, MsmClient client, long result)
      throws ErrnoException {
    List<Long> next = client.nextOfEach();
    machine.settle();
    return new Outcome(result, next, machine.pages().usage());
  }

  private static @Nullable Site failNth(Call call, Setting setting, long nth, Outcome expected)
      throws Exception {
    String story = "%s, %s, allocation %d".formatted(call, setting, nth);
    try (Machine machine = setting.boot()) {
      machine.settle();
      Bystander bystander = new Bystander(machine);
      bystander.assertServed();
      long pagesWithout = machine.pages().pagesInUse();
      MsmClient client = new MsmClient(machine);
      machine.settle();
      Map<String, Long> before = pagesToGiveBack(machine);

      Attempt attempt = attempt(machine, client, call, nth);

      if (attempt.failed() == null) {
        return null;
      }
      Long result = attempt.result();
      if (result == null) {
        assertWithMessage(story).that(ERRNOS.get(attempt.failed())).contains(attempt.errno());
        machine.settle();
        assertWithMessage(story).that(pagesToGiveBack(machine)).isEqualTo(before);
        result = call.body.run(client);
      }
      assertWithMessage(story).that(outcome(machine, client, result)).isEqualTo(expected);
      client.own.exit();
      machine.settle();
      assertWithMessage(story).that(machine.leakedPages()).isEmpty();
      assertWithMessage(story).that(machine.pages().pagesInUse()).isEqualTo(pagesWithout);
      bystander.assertServed();
      bystander.assertUntouched();
      return attempt.failed();
    }
  }

  /** Whatever fails, a touch of a mapped buffer ends the process that touches and no other. */
  @Test
  void aTouchWhosePagesFailEndsTheProcessAlone() throws Exception {
    Set<Site> failed = NthAllocation.failEach(FailNthTest::failNthOfATouch);

    assertThat(failed).containsExactly(Site.PAGE);
  }

  private static @Nullable Site failNthOfATouch(long nth) throws Exception {
    try (Machine machine = Setting.backing("scattered").boot()) {
      machine.settle();
      Bystander bystander = new Bystander(machine);
      bystander.assertServed();
      long pagesWithout = machine.pages().pagesInUse();
      MsmClient client = new MsmClient(machine);
      long va = client.used.mmap(client.buffer, MsmClient.LARGE_BYTES);

      machine.faults().failNth(nth);
      boolean died = !isTouched(client, va);
      Site site = machine.faults().disarm();

      assertThat(died).isEqualTo(site != null);
      client.own.exit();
      machine.settle();
      assertThat(machine.leakedPages()).isEmpty();
      assertThat(machine.pages().pagesInUse()).isEqualTo(pagesWithout);
      bystander.assertServed();
      bystander.assertUntouched();
      return site;
    }
  }

  private static boolean isTouched(MsmClient client, long va) {
    try {
      client.own.store32(va, 7);
      return true;
    } catch (ProcessDied death) {
      return false;
    }
  }

  /** A call that frees does not allocate, so it cannot fail for want of anything. */
  @Test
  void whatEndsSomethingAllocatesNothing() throws Exception {
    List<Body> endings =
        List.of(
            client -> {
              client.used.gemClose(client.buffer);
              return 0;
            },
            client -> {
              client.own.close(client.used.fd);
              return 0;
            },
            client -> {
              client.own.exit();
              return 0;
            });
    for (Body ending : endings) {
      try (Machine machine = Setting.backing("contiguous").boot()) {
        MsmClient client = new MsmClient(machine);
        int _ =
            client.used.submit(
                0, List.of(MsmClient.bo(client.commands), MsmClient.bo(client.buffer)), 4);
        machine.faults().failNth(1);

        long _ = ending.run(client);

        machine.settle();
        assertThat(machine.faults().disarm()).isNull();
      }
    }
  }

  /**
   * The pages in use by owner, but for those that stay until the file is closed, as in Linux: what
   * a table has grown, and pages of a buffer that then could not be mapped.
   */
  private static Map<String, Long> pagesToGiveBack(Machine machine) {
    return Maps.filterKeys(
        machine.pages().usage(),
        owner -> !owner.startsWith("pagetable of ") && !owner.startsWith("buffers of "));
  }
}
