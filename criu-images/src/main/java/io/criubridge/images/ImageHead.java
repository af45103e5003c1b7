// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

/**
 * What stands before an image's magic. Source: criu/image.c, img_write_magic(); images of version 1
 * (before CRIU 1.3) have none at all.
 */
public enum ImageHead {
  /** Nothing: the inventory, and all raw files. */
  NONE(0),
  /** The number that all other images begin with. */
  COMMON(0x54564319),
  /** The number that files for CRIU's own use begin with. */
  SERVICE(0x55105940);

  private final int number;

  ImageHead(int number) {
    this.number = number;
  }

  /** The four bytes, as a little-endian number; 0 for {@link #NONE}. */
  public int number() {
    return number;
  }
}
