import { fstatSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { decode } from "./codec";
import { changedPaths } from "./difference";
import { EngineLog } from "./engine-log";
import { Lifecycle, SealedFailure } from "./lifecycle";
import { formatPath, overlaps, parsePath } from "./property-path";
import type { Json, Properties, ProviderTable } from "./provider";

type Handler<Request, Response> = (request: Request) => Promise<Response> | Response;

/** One provider's gRPC service: it settles the protocol and the configuration and leaves resources to the lifecycle. */
export class ProviderServer {
  private readonly cancellation = new AbortController();
  private readonly log: EngineLog;
  private lifecycle: Lifecycle;

  constructor(
    private readonly table: ProviderTable,
    engineAddress: string | undefined,
  ) {
    this.log = new EngineLog(engineAddress);
    this.lifecycle = new Lifecycle(table, {}, this.log, this.cancellation.signal);
  }

  service(): grpc.UntypedServiceImplementation {
    const { name, version } = this.table;
    return {
      handshake: this.unary(() =>
        new rpc.ProviderHandshakeResponse().setAcceptSecrets(true).setSupportsAutonamingConfiguration(true),
      ),
      getPluginInfo: this.unary(() => new PluginInfo().setVersion(version)),
      getSchema: this.unary(() => new rpc.GetSchemaResponse().setSchema(JSON.stringify({ name, version }))),
      getMapping: this.unary(() => new rpc.GetMappingResponse()),
      getMappings: this.unary(() => new rpc.GetMappingsResponse()),
      attach: this.unary(() => new Empty()),
      cancel: this.unary(() => {
        this.cancellation.abort();
        return new Empty();
      }),
      checkConfig: this.unary((request: rpc.CheckRequest) => this.checkConfiguration(request)),
      diffConfig: this.unary((request: rpc.DiffRequest) => diffConfiguration(request)),
      configure: this.unary((request: rpc.ConfigureRequest) => this.configure(request)),
      check: this.unary((request: rpc.CheckRequest) => this.lifecycle.check(request)),
      diff: this.unary((request: rpc.DiffRequest) => this.lifecycle.diff(request)),
      create: this.unary((request: rpc.CreateRequest) => this.lifecycle.create(request)),
      read: this.unary((request: rpc.ReadRequest) => this.lifecycle.read(request)),
      update: this.unary((request: rpc.UpdateRequest) => this.lifecycle.update(request)),
      delete: this.unary(async (request: rpc.DeleteRequest) => {
        await this.lifecycle.delete(request);
        return new Empty();
      }),
      invoke: this.unary((request: rpc.InvokeRequest) => this.lifecycle.invoke(request)),
    };
  }

  private checkConfiguration(request: rpc.CheckRequest): rpc.CheckResponse {
    const news = decode(request.getNews());
    const failures = this.table.checkConfiguration?.(configurationFrom(news.value)) ?? [];
    return new rpc.CheckResponse()
      .setInputs(request.getNews())
      .setFailuresList(
        failures
          .filter(({ property }) => !news.unknowns.some((unknown) => overlaps(unknown, parsePath(property))))
          .map(({ property, reason }) => new rpc.CheckFailure().setProperty(property).setReason(reason)),
      );
  }

  private configure(request: rpc.ConfigureRequest): rpc.ConfigureResponse {
    const configuration = configurationFrom(decode(request.getArgs()).value);
    this.lifecycle = new Lifecycle(this.table, configuration, this.log, this.cancellation.signal);
    return new rpc.ConfigureResponse()
      .setAcceptsecrets(true)
      .setSupportspreview(true)
      .setSupportsAutonamingConfiguration(true);
  }

  private unary<Request, Response>(handle: Handler<Request, Response>): grpc.handleUnaryCall<Request, Response> {
    return (call, reply) => {
      const answer = async () => {
        try {
          const response = await handle(call.request);
          await this.log.flush();
          reply(null, response);
        } catch (error) {
          await this.log.flush();
          reply(serviceError(error), null);
        }
      };
      void answer();
    };
  }
}

/** Serves one provider to the engine until the engine goes away. */
export function serveProvider(table: ProviderTable): void {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, new ProviderServer(table, process.argv.at(-1)).service());
  const stop = () => process.exit(0);
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const input = fstatSync(0);
  // The engine holds our standard input open for as long as it lives, even when it is killed outright.
  if (input.isFIFO() || input.isSocket()) process.stdin.on("end", stop).on("error", stop).resume();
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}

/** SDKs send structured provider settings as JSON text. Numbers stay text: an account number may start with 0. */
function configurationFrom(args: Properties): Properties {
  const parse = (value: Json): Json => {
    if (typeof value !== "string" || !/^(?:[{[]|true$|false$)/.test(value)) return value;
    try {
      return JSON.parse(value) as Json;
    } catch {
      return value;
    }
  };
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, parse(value)]));
}

function diffConfiguration(request: rpc.DiffRequest): rpc.DiffResponse {
  const changed = changedPaths(decode(request.getOldInputs()).value, decode(request.getNews()));
  return new rpc.DiffResponse()
    .setChanges(changed.length > 0 ? rpc.DiffResponse.DiffChanges.DIFF_SOME : rpc.DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList(changed.map(formatPath));
}

function serviceError(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof SealedFailure)) return { code: grpc.status.UNKNOWN, details: message };
  const failed = new rpc.ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(error.properties)
    .setReasonsList([...error.reasons]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(message).setDetailsList([detail]);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
