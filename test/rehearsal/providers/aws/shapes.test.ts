import { describe, expect, it } from "vitest";
import { definitions } from "../../../../rehearsal/providers/aws/definitions";
import { readSdkShapes } from "../../../../rehearsal/providers/aws/sdk-shapes";
import { checkShape, shapes } from "../../../../rehearsal/providers/aws/shapes";
import { parsePath } from "../../../../rehearsal/providers/property-path";

/** Whether the SDK knows the place that a path in a definition names. */
function exists(token: string, path: string): boolean {
  let shape = shapes.kinds[token]?.inputs;
  for (const step of parsePath(path)) {
    if (step === "*") continue;
    const type = shape?.[step] ?? shape?.[`${step}?`];
    if (type === undefined) return false;
    const nested = /#([\w.]+)/.exec(type)?.[1];
    shape = nested === undefined ? undefined : shapes.types[nested];
  }
  return true;
}

describe("what the SDK tells about AWS kinds", () => {
  it("is committed as the installed SDK tells it", () => {
    expect(readSdkShapes(Object.keys(definitions))).toEqual(shapes);
  });

  it.each(Object.entries(definitions))("has every property that the definition of %s names", (token, definition) => {
    const named = [
      ...Object.keys(definition.rules ?? {}),
      ...Object.keys(definition.defaults ?? {}),
      ...(definition.replaceOn ?? []),
      ...[definition.name?.property, definition.name?.prefixProperty].filter((name) => name !== undefined),
    ];
    expect(named.filter((path) => !exists(token, path))).toEqual([]);
  });

  it("refuses a kind that the SDK does not have", () => {
    expect(() => readSdkShapes(["aws:ec2/vpc:Vpcs"])).toThrow("the SDK has no aws:ec2/vpc:Vpcs");
  });
});

describe("shapes", () => {
  it("list every missing, unknown and wrongly typed property at any depth", () => {
    const shape = shapes.kinds["aws:eks/nodeGroup:NodeGroup"]?.inputs ?? {};
    const failures = checkShape(shape, {
      clusterName: 3,
      nodeRoleArn: "arn:aws:iam::000000000000:role/nodes",
      scalingConfig: { minSize: "1", maxsize: 2, desiredSize: 1 },
      subnetIds: ["subnet-1", 2],
      labels: { pool: true },
      taints: {},
    });
    expect(failures.map(({ property, reason }) => `${property}: ${reason.split(";")[0]}`)).toEqual([
      "clusterName: found 3: must be a string",
      "scalingConfig.maxSize: found nothing: this property is required",
      'scalingConfig.minSize: found "1": must be a number',
      "scalingConfig.maxsize: unknown property",
      "subnetIds[1]: found 2: must be a string",
      "labels.pool: found true: must be a string",
      "taints: found {}: must be a list",
    ]);
  });
});
