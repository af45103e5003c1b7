// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The operands of a command that hands options to CRIU: its own words, then, from the first one
 * that begins with a dash, CRIU's.
 */
record CriuOptions(List<String> operands, List<String> criu) {

  static CriuOptions of(List<String> words, CommandLine command) {
    int end = 0;
    while (end < words.size() && !words.get(end).startsWith("-")) {
      end++;
    }
    List<String> criu = List.copyOf(words.subList(end, words.size()));
    if (criu.stream().anyMatch(option -> option.startsWith("--action-script"))) {
      throw new ParameterException(
          command, "--action-script: criu-bridge is notified by CRIU itself; leave it out");
    }
    return new CriuOptions(List.copyOf(words.subList(0, end)), criu);
  }
}
