// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gRPC server on a unix socket that answers with bytes as they were recorded. */
final class UnixGrpcServer implements AutoCloseable {
  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;

  /** Answers a question. */
  @FunctionalInterface
  interface Answer {
    byte[] to(byte[] question) throws StatusException;
  }

  private UnixGrpcServer(Path socket, Map<String, Map<String, Answer>> services)
      throws IOException {
    List<ServerServiceDefinition> definitions = new ArrayList<>();
    services.forEach((service, answers) -> definitions.add(definition(service, answers)));
    server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .bossEventLoopGroup(threads)
            .workerEventLoopGroup(threads)
            .addServices(definitions)
            .build()
            .start();
  }

  /** Starts a server with services, each with answers for its methods. */
  static UnixGrpcServer start(Path socket, Map<String, Map<String, Answer>> services)
      throws IOException {
    return new UnixGrpcServer(socket, services);
  }

  private static ServerServiceDefinition definition(String service, Map<String, Answer> answers) {
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service);
    answers.forEach(
        (method, answer) ->
            definition.addMethod(
                method(service, method),
                ServerCalls.asyncUnaryCall(
                    (question, observer) -> {
                      try {
                        observer.onNext(answer.to(question));
                        observer.onCompleted();
                      } catch (StatusException e) {
                        observer.onError(e);
                      }
                    })));
    return definition.build();
  }

  static MethodDescriptor<byte[], byte[]> method(String service, String method) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
        .build();
  }

  static StatusException notFound(String what) {
    return Status.NOT_FOUND.withDescription(what).asException();
  }

  @Override
  public void close() throws Exception {
    server.shutdownNow();
    server.awaitTermination();
    threads.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
  }
}
