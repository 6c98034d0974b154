// Registers what a recorded deployment holds, and decides nothing: the floor that the kit's own program is measured against.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");

const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Secrets of the state's form as secrets of the SDK's. */
function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== "object" || value === null) return value;
  if (value[SIGNATURE] === SECRET) return pulumi.secret(JSON.parse(value.plaintext));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item)]));
}

const registered = new Map();

function register({ urn, type, name, kind, inputs, parent, provider, dependencies, protect, version }) {
  const options = {
    parent: registered.get(parent),
    provider: registered.get(provider),
    dependsOn: dependencies.map((dependency) => registered.get(dependency)).filter(Boolean),
    protect,
    version,
  };
  const make = {
    component: () => new pulumi.ComponentResource(type, name, {}, { parent: options.parent }),
    custom: () => new pulumi.CustomResource(type, name, revived(inputs), options),
    provider: () => new pulumi.ProviderResource(type.split(":").at(-1), name, revived(inputs), options),
  };
  registered.set(urn, make[kind]());
}

module.exports = async () => {
  // The one question that the kit's program asks the engine: what the foundation offers.
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack().replace(/platform$/, "foundation")}`;
  await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  JSON.parse(readFileSync(process.env.CLOISTER_BENCH_REGISTRATIONS, "utf8")).forEach(register);
};
