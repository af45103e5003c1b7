// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.ByteString;
import io.criubridge.images.files.InetEndpoint;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One internet address in the place of another, for every port or for one.
 *
 * @param oldPort none for every port
 * @param newPort none for the old one
 */
public record AddressChange(
    ByteString oldAddress, OptionalInt oldPort, ByteString newAddress, OptionalInt newPort) {

  private static final Pattern IPV6_WITH_PORT = Pattern.compile("\\[(.*)](?::(\\d{1,5}))?");
  private static final Pattern IPV4_WITH_PORT = Pattern.compile("([^:]*)(?::(\\d{1,5}))?");
  private static final int IPV4_BYTES = 4;
  private static final ByteString MAPPED =
      ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1});

  /** Refuses addresses of two families. */
  public AddressChange {
    if (oldAddress.size() != newAddress.size()) {
      throw new IllegalArgumentException("a socket cannot change between IPv4 and IPv6");
    }
    if (newPort.isPresent() && oldPort.isEmpty()) {
      throw new IllegalArgumentException("a new port needs an old one");
    }
  }

  /**
   * Reads {@code OLD=NEW}, each an address with or without a port: {@code 10.0.0.1}, {@code
   * 10.0.0.1:80}, {@code fd00::1} or {@code [fd00::1]:80}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static AddressChange parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("not OLD=NEW: " + text);
    }
    Matcher from = matcher(text.substring(0, equals));
    Matcher to = matcher(text.substring(equals + 1));
    return new AddressChange(
        InetEndpoint.parseAddress(from.group(1)), port(from),
        InetEndpoint.parseAddress(to.group(1)), port(to));
  }

  /** The endpoint that takes another's place; none if this is about another address. */
  Optional<InetEndpoint> apply(InetEndpoint endpoint) {
    if (oldPort.isPresent() && oldPort.getAsInt() != endpoint.port()) {
      return Optional.empty();
    }
    int port = newPort.orElse(endpoint.port());
    if (endpoint.address().equals(oldAddress)) {
      return Optional.of(new InetEndpoint(newAddress, port));
    }
    // An IPv6 socket that speaks IPv4.
    if (oldAddress.size() == IPV4_BYTES && endpoint.address().equals(MAPPED.concat(oldAddress))) {
      return Optional.of(new InetEndpoint(MAPPED.concat(newAddress), port));
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return new InetEndpoint(oldAddress, oldPort.orElse(0)).toString();
  }

  private static Matcher matcher(String text) {
    boolean bare = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[");
    Matcher matcher =
        (bare || text.startsWith("[") ? IPV6_WITH_PORT : IPV4_WITH_PORT)
            .matcher(bare ? "[" + text + "]" : text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not an address: " + text);
    }
    return matcher;
  }

  private static OptionalInt port(Matcher matcher) {
    if (matcher.group(2) == null) {
      return OptionalInt.empty();
    }
    int port = Integer.parseInt(matcher.group(2));
    if (port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    return OptionalInt.of(port);
  }
}
