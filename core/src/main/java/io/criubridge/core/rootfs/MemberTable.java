// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.ArrayList;
import java.util.List;

/**
 * What a first pass has written: for each path, by its hash, what its file was like and where its
 * member is. The names are in the archive.
 */
final class MemberTable {

  /** What a row has after its path's hash. */
  private static final int FINGERPRINT = 1;

  private static final int OFFSET = 2;
  private static final int LENGTH = 3;
  private static final int WIDTH = 4;

  /** States of a member, in the low bits of its position, which is a multiple of 512. */
  private static final int UNSEEN = 0;

  private static final int RIGHT = 1;
  private static final int SUPERSEDED = 2;
  private static final int STATES = 3;

  private final HashedRows rows = new HashedRows(WIDTH);

  int size() {
    return rows.size();
  }

  /** Notes the member for a path that has none yet; it is behind those that were noted before. */
  void add(long path, long fingerprint, MemberRange member) {
    int row = rows.add(path);
    rows.set(row, FINGERPRINT, fingerprint);
    rows.set(row, OFFSET, member.offset() | UNSEEN);
    rows.set(row, LENGTH, member.length());
  }

  /** Whether there is a member for a path, right or not. */
  boolean has(long path) {
    return rows.find(path) != HashedRows.NONE;
  }

  /** Says what a path's file is like now, and learns whether its member is still right. */
  boolean confirm(long path, long fingerprint) {
    int row = rows.find(path);
    if (row == HashedRows.NONE) {
      return false;
    }
    boolean right = rows.get(row, FINGERPRINT) == fingerprint;
    setState(row, right ? RIGHT : SUPERSEDED);
    return right;
  }

  /** Says that a path gets another member. */
  void supersede(long path) {
    int row = rows.find(path);
    if (row != HashedRows.NONE) {
      setState(row, SUPERSEDED);
    }
  }

  /** The members that are right no longer, in the order of the archive. */
  List<MemberRange> stale() {
    return select(UNSEEN, SUPERSEDED);
  }

  /** Those of them whose path nobody asked for. */
  List<MemberRange> unseen() {
    return select(UNSEEN, UNSEEN);
  }

  private List<MemberRange> select(int state, int orState) {
    List<MemberRange> found = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      long offset = rows.get(row, OFFSET);
      int is = (int) offset & STATES;
      if (is == state || is == orState) {
        found.add(new MemberRange(offset & ~STATES, rows.get(row, LENGTH)));
      }
    }
    return found;
  }

  private void setState(int row, int state) {
    rows.set(row, OFFSET, (rows.get(row, OFFSET) & ~STATES) | state);
  }
}
