package org.smmulator.junit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;

/** See {@link Board}. */
final class BoardExtension implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.isAnnotated(Board.class)
        && parameter.getParameter().getType().equals(Machine.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Board board = parameter.findAnnotation(Board.class).orElseThrow();
    try {
      Machine machine =
          Machine.on(new Boards().load(board.value())).config(config(board)).traced().boot();
      // JUnit closes what is in the store when the test ends.
      context
          .getStore(ExtensionContext.Namespace.create(BoardExtension.class))
          .put(parameter.getIndex(), machine);
      return machine;
    } catch (BadInputException e) {
      throw new ParameterResolutionException(board + ": " + e.report(), e);
    }
  }

  private static KernelConfig config(Board board) throws BadInputException {
    KernelConfig config = KernelConfig.defaults();
    for (String switched : board.set()) {
      config = config.with(switched);
    }
    return config;
  }
}
