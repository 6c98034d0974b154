import { expect, test } from "vitest";
import { registrationsOf } from "../../bench/registrations";

const urn = (types: string, name: string) => `urn:pulumi:on-prem-platform::cloister::${types}::${name}`;

test("a state becomes what a program registers, without what the engine makes by itself", () => {
  const stack = urn("pulumi:pulumi:Stack", "cloister-on-prem-platform");
  const component = urn("cloister:index:Platform", "platform");
  const provider = urn("cloister:index:Platform$pulumi:providers:kubernetes", "cluster");
  const resources = [
    { urn: stack, type: "pulumi:pulumi:Stack", custom: false },
    { urn: urn("pulumi:providers:random", "default_4_21_2"), type: "pulumi:providers:random", custom: true },
    { urn: component, type: "cloister:index:Platform", custom: false, parent: stack },
    {
      urn: provider,
      type: "pulumi:providers:kubernetes",
      custom: true,
      inputs: { __internal: {}, version: "4.34.2", context: "cloister" },
      parent: component,
    },
    {
      urn: urn("cloister:index:Platform$kubernetes:core/v1:Namespace", "gateway"),
      type: "kubernetes:core/v1:Namespace",
      custom: true,
      inputs: { metadata: { name: "gateway" } },
      parent: component,
      provider: `${provider}::7d799f23`,
      dependencies: [component],
      protect: true,
    },
  ];
  expect(registrationsOf(JSON.stringify({ deployment: { resources } }))).toEqual([
    expect.objectContaining({ name: "platform", kind: "component", parent: stack, inputs: {}, protect: false }),
    expect.objectContaining({ name: "cluster", kind: "provider", inputs: { context: "cloister" }, version: "4.34.2" }),
    expect.objectContaining({
      name: "gateway",
      kind: "custom",
      inputs: { metadata: { name: "gateway" } },
      provider,
      dependencies: [component],
      protect: true,
    }),
  ]);
});
