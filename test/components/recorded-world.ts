import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";

type Values = Record<string, unknown>;

/** A resource as a program registered it; options included, which mocks alone do not hand on. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Name of the parent; absent for what stands at the top. */
  readonly parent?: string;
  readonly custom: boolean;
  /** Name of an explicit provider. */
  readonly provider?: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly inputs: Values;
}

export interface World<Result> {
  readonly result: Result;
  readonly resources: readonly Registered[];
  /** Inputs of the one resource of that name. */
  inputs(name: string): Values;
  ofType(type: string): Registered[];
}

/** What a provider computes of a resource; a token that is not here makes the program fail. */
export type Computed = Readonly<Record<string, (args: MockResourceArgs) => Values>>;

/** A registration in the engine's own protocol, as far as it is read here. */
interface RegisterRequest {
  getName(): string;
  getType(): string;
  getParent(): string;
  getProvider(): string;
  getCustom(): boolean;
  getProtect(): boolean;
  getRetainondelete(): boolean;
}
type Reply = (error: unknown, response?: { getUrn(): string }) => void;
type Register = (request: RegisterRequest, reply: Reply) => Promise<void>;

const lastPart = (urn: string): string | undefined => (urn === "" ? undefined : urn.slice(urn.lastIndexOf("::") + 2));

/**
 * Runs a program against mocks that fail closed, waits until every resource is registered, and returns what it asked
 * for. Rejects with an unknown token, or with what the program threw.
 */
export async function record<Result>(computed: Computed, program: () => Result): Promise<World<pulumi.Unwrap<Result>>> {
  const resources: Registered[] = [];
  const inputs = new Map<string, Values>();
  const unknown: string[] = [];
  await pulumi.runtime.setMocks(
    {
      call: ({ token }) => {
        unknown.push(`the program calls ${token}, which no test knows`);
        return {};
      },
      newResource: (args) => {
        const given = args.inputs as Values;
        inputs.set(`${args.type} ${args.name}`, given);
        const compute = args.custom === true ? computed[args.type] : () => ({});
        if (compute === undefined) unknown.push(`the program makes a ${args.type}, which no test knows`);
        return { id: args.custom === true ? `${args.name}-id` : undefined, state: { ...given, ...compute?.(args) } };
      },
    },
    "cloister",
    "test",
    false,
  );
  listen(resources, inputs);
  let thrown: unknown;
  let result: pulumi.Output<pulumi.Unwrap<Result>> | undefined;
  try {
    result = pulumi.output(program());
  } catch (error) {
    thrown = error;
  }
  await pulumi.runtime.disconnect();
  if (thrown !== undefined) throw thrown as Error;
  if (unknown.length > 0) throw new Error(unknown.join("\n"));
  return {
    result: (await valueOf(result)) as pulumi.Unwrap<Result>,
    resources,
    inputs: (name) => {
      const found = resources.filter((resource) => resource.name === name);
      if (found.length !== 1) throw new Error(`${found.length} resources are named ${name}`);
      return found[0]?.inputs ?? {};
    },
    ofType: (type) => resources.filter((resource) => resource.type === type),
  };
}

/** Mocks do not tell who the parent is, nor whether a resource is protected: the protocol does. */
function listen(resources: Registered[], inputs: ReadonlyMap<string, Values>): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, reply) =>
    register(request, (error, response) => {
      resources.push({
        urn: response?.getUrn() ?? "",
        type: request.getType(),
        name: request.getName(),
        parent: lastPart(request.getParent()),
        custom: request.getCustom(),
        // A provider is named by its URN and identifier.
        provider: lastPart(request.getProvider().replace(/::[^:]*$/, "")),
        protect: request.getProtect(),
        retainOnDelete: request.getRetainondelete(),
        inputs: inputs.get(`${request.getType()} ${request.getName()}`) ?? {},
      });
      reply(error, response);
    });
}

const valueOf = <Value>(output: pulumi.Output<Value> | undefined): Promise<Value | undefined> =>
  new Promise((resolve) => {
    if (output === undefined) return resolve(undefined);
    output.apply((value) => resolve(value));
  });
