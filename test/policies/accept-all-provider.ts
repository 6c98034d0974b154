import { main, type Provider } from "@pulumi/pulumi/provider";

/** A provider for tests of the pack: it takes any resource and gives its inputs back. It stands in for nothing real. */
const acceptAll: Provider = {
  version: "1.0.0",
  schema: "",
  check: (_urn, _olds, news: Record<string, unknown>) => Promise.resolve({ inputs: news }),
  create: (urn, inputs: Record<string, unknown>) =>
    Promise.resolve({ id: urn.split("::").at(-1) ?? urn, outs: inputs }),
  diff: () => Promise.resolve({ changes: false }),
  delete: () => Promise.resolve(),
};

void main(acceptAll, process.argv.slice(2));
