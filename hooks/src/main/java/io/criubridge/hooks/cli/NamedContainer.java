// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.core.container.ContainerId;
import io.criubridge.core.container.PodContainer;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.config.Configuration;
import io.criubridge.hooks.config.ConfigurationReader;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.rpc.ContainerInit;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * A container as a person names it.
 *
 * @param words its id, or {@code pod} and {@code NAMESPACE/POD/CONTAINER}
 */
record NamedContainer(List<String> words, CommandLine command) {

  static final String POD = "pod";

  /** Finds its first process, as the node's settings say. */
  ProcessIdentity init(Map<String, String> environment) throws IOException {
    boolean pod = words.size() == 2 && words.get(0).equals(POD);
    if (words.size() != 1 && !pod) {
      throw wrong("name one container: by its id, as pod NAMESPACE/POD/CONTAINER, or by its PID");
    }
    Configuration configuration =
        ConfigurationReader.read(Phase.Operation.DUMP, Optional.empty(), environment);
    ContainerInit init = new ContainerInit(configuration, ProcFs.HOST);
    return pod ? init.of(podContainer(words.get(1))) : init.of(id(words.get(0)));
  }

  private ContainerId id(String text) {
    try {
      return new ContainerId(ContainerId.stripScheme(text));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private PodContainer podContainer(String name) {
    String[] parts = name.split("/", -1);
    try {
      if (parts.length == 3) {
        return new PodContainer(parts[1], parts[0], parts[2]);
      }
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    throw wrong(name + " is not NAMESPACE/POD/CONTAINER");
  }

  private ParameterException wrong(String what) {
    return new ParameterException(command, what);
  }
}
