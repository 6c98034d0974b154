import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, it } from "vitest";
import { decode, encode, hideUnknowns, restoreMarks } from "../../../rehearsal/providers/codec";
import { changedPaths, detailedChanges, differenceOf } from "../../../rehearsal/providers/difference";
import { equal, formatPath, overlaps, parsePath } from "../../../rehearsal/providers/property-path";
import type { Json, Properties } from "../../../rehearsal/providers/provider";

// The same cases in every run: a failure can be looked at again.
fc.configureGlobal({ seed: 20_260_101 });

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: Json): Json => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const received = (properties: Properties) => decode(Struct.fromJavaScript(properties));

const properties = fc.dictionary(
  fc.stringMatching(/^[a-zA-Z.$"-]{1,6}$/).filter((key) => key !== "__proto__"),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
) as fc.Arbitrary<Properties>;

describe("paths", () => {
  it("survive writing and reading", () => {
    const step = fc.oneof(fc.nat(99), fc.stringMatching(/^[a-z."\\[\]0-9-]{1,8}$/));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });

  it("overlap when one holds the other, and `*` is any step", () => {
    expect(overlaps(["a", "b"], ["a"])).toBe(true);
    expect(overlaps(["a"], ["b"])).toBe(false);
    expect(overlaps(parsePath("rules[*].port"), ["rules", 3, "port"])).toBe(true);
    expect(overlaps(parsePath("rules[*].port"), ["rules", 3, "name"])).toBe(false);
  });
});

describe("the codec", () => {
  it("hands plain values through unchanged", () => {
    fc.assert(
      fc.property(properties, (value) => {
        const decoded = decode(encode(value));
        expect(decoded.value).toEqual(JSON.parse(JSON.stringify(value)));
        expect(decoded.secrets).toEqual([]);
        expect(decoded.unknowns).toEqual([]);
      }),
    );
  });

  it("opens secrets, leaves unknowns out and remembers both", () => {
    const decoded = received({ a: secret("x"), b: unknown, c: { d: secret(unknown), e: 1 }, list: ["x", unknown] });
    expect(decoded.value).toEqual({ a: "x", c: { e: 1 } });
    expect(decoded.secrets.map(formatPath)).toEqual(["a", "c.d"]);
    expect(decoded.unknowns.map(formatPath)).toEqual(["b", "c.d", "list"]);
  });

  it("marks secrets again wherever they were", () => {
    const again = decode(encode({ a: "x", c: { d: ["y"] } }, [["a"], ["c", "d", 0]]));
    expect(again.value).toEqual({ a: "x", c: { d: ["y"] } });
    expect(again.secrets.map(formatPath)).toEqual(["a", "c.d[0]"]);
  });

  it("puts defaults beside what the engine sent, and keeps every mark", () => {
    const sent = received({ key: secret("x"), later: unknown, nested: { shut: secret("y") } });
    const returned = { ...sent.value, size: 1, nested: { shut: "y", open: true } };
    expect(restoreMarks(sent.value, returned, sent.marked)).toEqual({
      key: secret("x"),
      later: unknown,
      nested: { shut: secret("y"), open: true },
      size: 1,
    });
  });

  it("hides outputs that may depend on what is unknown, and keeps what echoes an input", () => {
    const inputs = received({ name: "a", later: unknown, spec: { size: 1, later: unknown } });
    const state = { name: "a", arn: "guess", spec: { size: 1, made: true } };
    expect(hideUnknowns(state, inputs, equal)).toEqual({
      name: "a",
      arn: unknown,
      later: unknown,
      spec: { size: 1, made: unknown, later: unknown },
    });
    expect(hideUnknowns(state, received({ name: "a" }), equal)).toEqual(state);
  });
});

describe("differences", () => {
  it("are none between equal inputs, and found at every other path", () => {
    fc.assert(
      fc.property(properties, (value) => {
        expect(changedPaths(value, received(value))).toEqual([]);
      }),
    );
    const olds = { a: 1, list: [{ n: 1 }, { n: 2 }], gone: true };
    const news = received({ a: 1, list: [{ n: 1 }, { n: 3 }], later: unknown });
    expect(changedPaths(olds, news).map(formatPath).sort()).toEqual(["gone", "later", "list[1].n"]);
  });

  it("replace where they must, and are told as added, deleted or updated", () => {
    const olds = { place: { region: "a" }, gone: true };
    const news = received({ place: { region: "b" }, fresh: 1 });
    const found = differenceOf(olds, news, ["place.region"]);
    expect(found.replaces).toEqual(["place.region"]);
    expect(detailedChanges(found, olds, news)).toEqual(
      expect.arrayContaining([
        { path: "place.region", kind: "update", replaces: true },
        { path: "gone", kind: "delete", replaces: false },
        { path: "fresh", kind: "add", replaces: false },
      ]),
    );
  });
});
