package org.smmulator.fuzz;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.bus.ExternalAbort;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.FlatTreeReader;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.BootReport;

/**
 * A flattened tree that a few bytes of are wrong is refused with the place, or read; and one that
 * is read boots, or booting it is refused with the place. The bytes come from a fixed seed.
 *
 * <p>More of it: {@code -Dsmmulator.fuzz.blobs=100000}.
 */
class BrokenBlobsTest {
  private static final int BLOBS = Integer.getInteger("smmulator.fuzz.blobs", 300);
  private static final int MOST_CHANGES = 4;

  /** Values that stand at the edges of what a size, an offset or a token can be. */
  private static final int[] ODD = {
    0, 1, 2, 3, 4, 9, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x1000, 0xd00dfeed
  };

  private static byte[] blob(String board) throws Exception {
    return FlatTreeWriter.write(new Boards().load(board));
  }

  /** The blob says the same as the text that it was made from. */
  @ParameterizedTest
  @ValueSource(strings = {"virt", "db410c", "tm2"})
  void aBoardBootsFromABlobAsFromItsSource(String board) throws Exception {
    DeviceTree read = FlatTreeReader.read("board.dtb", blob(board));

    assertThat(bootReport(read)).isEqualTo(bootReport(new Boards().load(board)));
  }

  private static String bootReport(DeviceTree tree) throws Exception {
    StringWriter text = new StringWriter();
    try (Machine machine = Machine.on(tree).boot()) {
      BootReport report = new BootReport(machine, new PrintWriter(text));
      report.printTree();
      report.printGroups();
      machine.shutDown();
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"virt", "db845c", "tm2"})
  void whateverIsWrongWithABlobIsSaidWithItsPlace(String board) throws Exception {
    byte[] sound = blob(board);
    int refused = 0;
    int booted = 0;
    for (int seed = 0; seed < BLOBS; seed++) {
      byte[] broken = broken(sound, new Random(seed));
      String message = messageOf(broken);
      if (message == null) {
        booted++;
      } else {
        refused++;
        assertWithMessage("%s, seed %s", board, seed).that(message).contains("board.dtb:");
      }
    }
    assertThat(refused).isGreaterThan(BLOBS / 20);
    assertThat(booted).isGreaterThan(BLOBS / 20);
  }

  private static byte[] broken(byte[] sound, Random chance) {
    byte[] bytes = sound.clone();
    int changes = 1 + chance.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes; i++) {
      int at = chance.nextInt(bytes.length / Integer.BYTES) * Integer.BYTES;
      switch (chance.nextInt(4)) {
        case 0 -> bytes[at + chance.nextInt(Integer.BYTES)] ^= (byte) (1 << chance.nextInt(8));
        case 1 -> ByteBuffer.wrap(bytes).putInt(at, ODD[chance.nextInt(ODD.length)]);
        case 2 -> {
          int from = chance.nextInt(bytes.length / Integer.BYTES) * Integer.BYTES;
          System.arraycopy(sound, from, bytes, at, Integer.BYTES);
        }
        default -> {
          if (chance.nextInt(8) == 0) {
            return Arrays.copyOf(bytes, at);
          }
          bytes[at] = (byte) chance.nextInt();
        }
      }
    }
    return bytes;
  }

  /** Returns the reason for which the blob is refused; null if it is read and boots. */
  private static @Nullable String messageOf(byte[] blob) {
    DeviceTree tree;
    try {
      tree = Quickly.read(() -> FlatTreeReader.read("board.dtb", blob));
    } catch (DeviceTreeException e) {
      return String.valueOf(e.getMessage());
    }
    try (Machine machine = Machine.on(tree).boot()) {
      machine.shutDown();
      return null;
    } catch (BadInputException e) {
      return String.valueOf(e.getMessage());
    } catch (MachineStopped e) {
      // Registers that are elsewhere than the tree says: the kernel dies of it on a board too.
      assertThat(e).hasCauseThat().isInstanceOf(ExternalAbort.class);
      return null;
    }
  }

  @Test
  void headersAloneNestingWithoutEndAndLoopsOfOffsetsAreRefused() {
    for (byte[] bytes :
        new byte[][] {
          {},
          {(byte) 0xd0, 0x0d, (byte) 0xfe, (byte) 0xed},
          ByteBuffer.allocate(40).putInt(0, 0xd00dfeed).putInt(0x14, 17).putInt(0x18, 16).array(),
          nested(1 << 20),
        }) {
      assertThat(messageOf(bytes)).startsWith("board.dtb:");
    }
  }

  /** Nodes in nodes, {@code levels} deep. */
  private static byte[] nested(int levels) {
    ByteBuffer made = ByteBuffer.allocate(40 + 16 + 8 + 8 * levels);
    made.putInt(0, 0xd00dfeed).putInt(0x08, 56).putInt(0x0c, 40).putInt(0x10, 40);
    made.putInt(0x14, 17).putInt(0x18, 16);
    made.position(56);
    made.putInt(1).putInt(0);
    for (int i = 0; i < levels; i++) {
      made.putInt(1).putInt('a' << 24);
    }
    return made.array();
  }
}
