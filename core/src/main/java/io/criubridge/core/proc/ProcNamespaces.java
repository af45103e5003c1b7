// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The namespaces of processes. Two processes share one exactly if its inode is the same.
 *
 * <p>Source: namespaces(7)
 *
 * @param procFs where processes are looked up
 */
public record ProcNamespaces(ProcFs procFs) {
  private static final Pattern LINK = Pattern.compile("[a-z_]+:\\[([0-9]{1,18})]");

  /**
   * The text of a namespace link, such as {@code net:[4026531840]}.
   *
   * @throws ProcessGoneException if the process has exited
   */
  public String link(int pid, NamespaceKind kind) throws IOException {
    return procFs.link(pid, kind.linkPath()).toString();
  }

  /**
   * The inode of a namespace.
   *
   * <p>Seed: GetNetNSInode
   *
   * @throws ProcessGoneException if the process has exited
   */
  public long inode(int pid, NamespaceKind kind) throws IOException {
    return inode(procFs.path(pid, kind.linkPath()).toString(), link(pid, kind));
  }

  static long inode(String file, String link) throws ProcFormatException {
    Matcher matcher = LINK.matcher(link);
    if (!matcher.matches()) {
      throw new ProcFormatException(file, 1, link, "not a namespace link");
    }
    return Long.parseLong(matcher.group(1));
  }

  /**
   * Whether two processes share their namespace of a kind.
   *
   * @throws ProcessGoneException if one of them has exited
   */
  public boolean same(int pid, int otherPid, NamespaceKind kind) throws IOException {
    return inode(pid, kind) == inode(otherPid, kind);
  }
}
