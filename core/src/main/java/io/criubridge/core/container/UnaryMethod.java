// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/** Describes the few calls that are made to gRPC; its code generator would bring three jars. */
final class UnaryMethod {

  private UnaryMethod() {}

  /**
   * A call with one question and one answer.
   *
   * @param service the full name of the service
   */
  static <Q extends MessageLite, R extends MessageLite> MethodDescriptor<Q, R> of(
      String service, String method, Parser<Q> question, Parser<R> answer) {
    return MethodDescriptor.newBuilder(
            new MessageMarshaller<>(question), new MessageMarshaller<>(answer))
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
        .setSafe(true)
        .build();
  }

  private record MessageMarshaller<M extends MessageLite>(Parser<M> parser)
      implements MethodDescriptor.Marshaller<M> {

    @Override
    public InputStream stream(M message) {
      return message.toByteString().newInput();
    }

    @Override
    public M parse(InputStream stream) {
      try (stream) {
        return parser.parseFrom(stream);
      } catch (InvalidProtocolBufferException e) {
        throw Status.INTERNAL
            .withDescription("not the message expected: " + e.getMessage())
            .withCause(e)
            .asRuntimeException();
      } catch (IOException e) {
        throw Status.INTERNAL.withDescription(e.toString()).withCause(e).asRuntimeException();
      }
    }
  }
}
