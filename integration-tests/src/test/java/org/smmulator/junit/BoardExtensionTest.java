package org.smmulator.junit;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** A parameter that asks for a machine that cannot be is answered with the cure. */
class BoardExtensionTest {
  static void wants(@Board(value = "db845", set = "sed=1") Object machine) {}

  @Test
  void aBoardThatThereIsNotIsAnsweredWithTheNearest() throws Exception {
    Method method = BoardExtensionTest.class.getDeclaredMethod("wants", Object.class);
    Board board = method.getParameters()[0].getAnnotation(Board.class);
    ParameterContext parameter = mock(ParameterContext.class);
    when(parameter.findAnnotation(Board.class)).thenReturn(Optional.of(board));

    var e =
        assertThrows(
            ParameterResolutionException.class,
            () -> new BoardExtension().resolveParameter(parameter, mock(ExtensionContext.class)));

    assertThat(e).hasMessageThat().contains("there is no board 'db845'\n  did you mean 'db845c'?");
  }
}
