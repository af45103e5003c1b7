// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a first pass has written: for each path what its file was like and where its member is. Two
 * hashes and two numbers in plain arrays, 32 bytes a slot and at most half of the slots in use, so
 * that a million entries fit into a small heap; the names are in the archive.
 */
final class MemberTable {

  private static final int WIDTH = 4;

  /** States of a member, in the low bits of its position, which is a multiple of 512. */
  private static final int UNSEEN = 0;

  private static final int RIGHT = 1;
  private static final int SUPERSEDED = 2;
  private static final int STATES = 3;

  private long[] slots = new long[WIDTH * 1024];
  private int used;

  int size() {
    return used;
  }

  /** Notes the member for a path that has none yet. */
  void add(long path, long fingerprint, MemberRange member) {
    if ((used + 1) * 2 * WIDTH > slots.length) {
      grow();
    }
    int slot = slot(path);
    used++;
    slots[slot] = path;
    slots[slot + 1] = fingerprint;
    slots[slot + 2] = member.offset() | UNSEEN;
    slots[slot + 3] = member.length();
  }

  /** Whether there is a member for a path, right or not. */
  boolean has(long path) {
    return slots[slot(path)] != 0;
  }

  /** Says what a path's file is like now, and learns whether its member is still right. */
  boolean confirm(long path, long fingerprint) {
    int slot = slot(path);
    if (slots[slot] == 0) {
      return false;
    }
    boolean right = slots[slot + 1] == fingerprint;
    setState(slot, right ? RIGHT : SUPERSEDED);
    return right;
  }

  /** Says that a path gets another member. */
  void supersede(long path) {
    int slot = slot(path);
    if (slots[slot] != 0) {
      setState(slot, SUPERSEDED);
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
    for (int slot = 0; slot < slots.length; slot += WIDTH) {
      int is = (int) slots[slot + 2] & STATES;
      if (slots[slot] != 0 && (is == state || is == orState)) {
        found.add(new MemberRange(slots[slot + 2] & ~STATES, slots[slot + 3]));
      }
    }
    found.sort(Comparator.comparingLong(MemberRange::offset));
    return found;
  }

  private void setState(int slot, int state) {
    slots[slot + 2] = (slots[slot + 2] & ~STATES) | state;
  }

  /** Where a path is, or belongs. */
  private int slot(long path) {
    int mask = slots.length / WIDTH - 1;
    int at = (int) path & mask;
    while (slots[at * WIDTH] != 0 && slots[at * WIDTH] != path) {
      at = (at + 1) & mask;
    }
    return at * WIDTH;
  }

  private void grow() {
    long[] before = slots;
    slots = new long[before.length * 2];
    for (int at = 0; at < before.length; at += WIDTH) {
      if (before[at] != 0) {
        System.arraycopy(before, at, slots, slot(before[at]), WIDTH);
      }
    }
  }
}
