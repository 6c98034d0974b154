import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type * as grpc from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { NodeProgram, type NodeOptions } from "./node-program";
import { directDependencies } from "./program-dependencies";

/** The SDK's runner uses this code after it has told the user what went wrong: nothing more is to be printed. */
const EXITED_AFTER_TELLING_THE_USER = 32;

/**
 * The engine's view of Node.js: it runs the program and the policy pack in processes of their own and reports how
 * they ended. A stand-in for the official language host, with the parts a deployment uses; code generation and
 * dependency installation are left to the official one.
 */
export class LanguageHost {
  private readonly running = new Set<ChildProcess>();

  constructor(
    private readonly engineAddress: string | undefined,
    private readonly tracing: string | undefined,
  ) {}

  /** Ends every program this host started, and waits until they are gone. */
  async stopPrograms(): Promise<void> {
    await Promise.all(
      [...this.running].map((child) => {
        const gone = once(child, "close");
        child.kill("SIGTERM");
        return gone;
      }),
    );
  }

  service(): Partial<ILanguageRuntimeServer> & grpc.UntypedServiceImplementation {
    return {
      handshake: (_call: unknown, reply: grpc.sendUnaryData<language.LanguageHandshakeResponse>) =>
        reply(null, new language.LanguageHandshakeResponse()),
      getPluginInfo: (_call: unknown, reply: grpc.sendUnaryData<PluginInfo>) =>
        reply(null, new PluginInfo().setVersion(sdkVersion)),
      // Every resource says which provider version it needs, so nothing has to be known beforehand.
      getRequiredPackages: (_call: unknown, reply: grpc.sendUnaryData<language.GetRequiredPackagesResponse>) =>
        reply(null, new language.GetRequiredPackagesResponse()),
      getRequiredPlugins: (_call: unknown, reply: grpc.sendUnaryData<language.GetRequiredPluginsResponse>) =>
        reply(null, new language.GetRequiredPluginsResponse()),
      runtimeOptionsPrompts: (_call: unknown, reply: grpc.sendUnaryData<language.RuntimeOptionsResponse>) =>
        reply(null, new language.RuntimeOptionsResponse()),
      about: (_call: unknown, reply: grpc.sendUnaryData<language.AboutResponse>) =>
        reply(null, new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
      getProgramDependencies: (
        call: grpc.ServerUnaryCall<language.GetProgramDependenciesRequest, language.GetProgramDependenciesResponse>,
        reply: grpc.sendUnaryData<language.GetProgramDependenciesResponse>,
      ) => reply(null, programDependencies(call.request)),
      installDependencies: (
        call: grpc.ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>,
      ) => call.end(),
      cancel: (_call: unknown, reply: grpc.sendUnaryData<Empty>) => {
        void this.stopPrograms().then(() => reply(null, new Empty()));
      },
      run: (
        call: grpc.ServerUnaryCall<language.RunRequest, language.RunResponse>,
        reply: grpc.sendUnaryData<language.RunResponse>,
      ) => this.run(call, reply),
      runPlugin: (call: grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>) =>
        this.runPlugin(call),
    };
  }

  private run(
    call: grpc.ServerUnaryCall<language.RunRequest, language.RunResponse>,
    reply: grpc.sendUnaryData<language.RunResponse>,
  ): void {
    const request = call.request;
    const info = request.getInfo() ?? new language.ProgramInfo();
    let child: ChildProcess;
    try {
      const program = new NodeProgram(info.getProgramDirectory(), nodeOptions(info));
      child = program.start("@pulumi/pulumi/cmd/run", this.runArguments(request, info), {
        directory: info.getProgramDirectory(),
        environment: {
          PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        },
        output: "inherit",
      });
    } catch (error) {
      reply(null, new language.RunResponse().setError((error as Error).message));
      return;
    }
    this.track(child);
    call.on("cancelled", () => child.kill("SIGTERM"));
    child.on("error", (error) =>
      reply(null, new language.RunResponse().setError(`node could not be started: ${error.message}`)),
    );
    child.on("close", (code, signal) => reply(null, runResponse(code, signal)));
  }

  private runArguments(request: language.RunRequest, info: language.ProgramInfo): string[] {
    const option = (name: string, value: string | undefined) => (value ? [`--${name}`, value] : []);
    return [
      ...option("monitor", request.getMonitorAddress()),
      ...option("engine", this.engineAddress),
      ...option("organization", request.getOrganization()),
      ...option("project", request.getProject()),
      ...option("root-directory", info.getRootDirectory()),
      ...option("stack", request.getStack()),
      ...option("pwd", request.getPwd()),
      ...option("parallel", String(request.getParallel())),
      ...option("tracing", this.tracing),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info.getEntryPoint() || ".",
      ...request.getArgsList(),
    ];
  }

  private runPlugin(call: grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>): void {
    const request = call.request;
    const info = request.getInfo() ?? new language.ProgramInfo();
    const isPolicyPack = request.getKind() === "analyzer";
    let child: ChildProcess;
    try {
      // The official host gives node's own arguments to programs only: a pack that needs tsx registers it itself.
      const program = new NodeProgram(info.getProgramDirectory(), { ...nodeOptions(info), nodeArguments: "" });
      const runner = isPolicyPack ? "@pulumi/pulumi/cmd/run-policy-pack" : "@pulumi/pulumi/cmd/run-plugin";
      // A policy pack's runner wants the engine's address before the pack, a provider's wants its program first.
      const args = isPolicyPack
        ? [...request.getArgsList(), info.getProgramDirectory()]
        : [info.getProgramDirectory(), ...request.getArgsList()];
      child = program.start(runner, args, {
        // A pack reads its own package.json from the directory it runs in.
        directory: isPolicyPack ? info.getProgramDirectory() : request.getPwd(),
        environment: environmentFrom(request.getEnvList()),
        output: "pipe",
      });
    } catch (error) {
      call.write(new language.RunPluginResponse().setStderr(Buffer.from(`${(error as Error).message}\n`)));
      call.write(new language.RunPluginResponse().setExitcode(1));
      call.end();
      return;
    }
    this.track(child);
    call.on("cancelled", () => child.kill("SIGTERM"));
    child.stdout?.on("data", (chunk: Buffer) => call.write(new language.RunPluginResponse().setStdout(chunk)));
    child.stderr?.on("data", (chunk: Buffer) => call.write(new language.RunPluginResponse().setStderr(chunk)));
    child.on("error", (error) => call.destroy(error));
    child.on("close", (code) => {
      call.write(new language.RunPluginResponse().setExitcode(code ?? 1));
      call.end();
    });
  }

  private track(child: ChildProcess): void {
    this.running.add(child);
    child.on("close", () => this.running.delete(child));
  }
}

function runResponse(code: number | null, signal: NodeJS.Signals | null): language.RunResponse {
  const response = new language.RunResponse();
  if (code === 0) return response;
  if (code === EXITED_AFTER_TELLING_THE_USER) return response.setBail(true);
  return response.setError(
    signal ? `Program exited unexpectedly: signal ${signal}` : `Program exited with non-zero exit code: ${code}`,
  );
}

function nodeOptions(info: language.ProgramInfo): NodeOptions {
  const options = (info.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
  return {
    nodeArguments: typeof options.nodeargs === "string" ? options.nodeargs : "",
    typeScript: options.typescript !== false,
    tsConfiguration: typeof options.tsconfig === "string" ? options.tsconfig : undefined,
  };
}

function environmentFrom(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

function programDependencies(request: language.GetProgramDependenciesRequest): language.GetProgramDependenciesResponse {
  const directory = request.getInfo()?.getProgramDirectory() ?? process.cwd();
  return new language.GetProgramDependenciesResponse().setDependenciesList(
    directDependencies(directory).map(({ name, version }) =>
      new language.DependencyInfo().setName(name).setVersion(version),
    ),
  );
}
