import { expect, it } from "vitest";
import { unpackOnce } from "../../policies/unpack-once";

it("unpacks what the SDK was handed once, whatever the number of rules that ask, and marked secrets every time", () => {
  const asked: boolean[] = [];
  const sdk = {
    deserializeProperties: (properties: object, marked: boolean) => (asked.push(marked), { ...properties }),
  };
  unpackOnce(sdk);
  const properties = { a: 1 };
  expect(sdk.deserializeProperties(properties, false)).toBe(sdk.deserializeProperties(properties, false));
  expect(sdk.deserializeProperties({ a: 1 }, false)).toEqual({ a: 1 });
  sdk.deserializeProperties(properties, true);
  sdk.deserializeProperties(properties, true);
  expect(asked).toEqual([false, false, true, true]);
});

it("finds the part of the SDK that it is for", async () => {
  const server = (await import("@pulumi/policy/deserialize")) as Record<string, unknown>;
  expect(typeof server.deserializeProperties).toBe("function");
});
