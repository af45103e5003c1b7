// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashedRowsTest {

  private static final int MANY = 10_000;

  /** Also where all hashes end in the same bits, so that every row is found by probing. */
  @ParameterizedTest
  @ValueSource(ints = {0, 50})
  void rows_areFoundAndGoneThrough_howeverManyThereAre(int shift) {
    HashedRows rows = new HashedRows(3);
    Map<Long, Long> expected = new HashMap<>();
    Random random = new Random(1);
    for (int i = 0; expected.size() < (shift == 0 ? MANY : MANY / 10); i++) {
      long hash = Math.max(1, random.nextLong() >>> 1 << shift);
      if (expected.put(hash, (long) i) == null) {
        assertThat(rows.find(hash)).isEqualTo(HashedRows.NONE);
        rows.add(hash);
      }
      rows.set(rows.find(hash), 2, i);
    }
    assertThat(rows.size()).isEqualTo(expected.size());
    Map<Long, Long> found = new HashMap<>();
    for (int row = 0; row < rows.size(); row++) {
      assertThat(rows.get(row, 1)).isZero();
      assertThat(rows.find(rows.get(row, 0))).isEqualTo(row);
      found.put(rows.get(row, 0), rows.get(row, 2));
    }
    assertThat(found).isEqualTo(expected);
  }
}
