// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.bench;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessTable;
import java.io.IOException;
import java.util.Collections;

/** Reads one process as often as asked, for strace to count the calls. */
public final class ReadOneOften {

  private ReadOneOften() {}

  public static void main(String[] arguments) throws IOException {
    int self = Math.toIntExact(ProcessHandle.current().pid());
    ProcessTable.read(ProcFs.HOST, Collections.nCopies(Integer.parseInt(arguments[0]), self));
  }
}
