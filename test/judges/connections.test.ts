import { describe, expect, it } from "vitest";
import { AddressRanges } from "./address-ranges";
import { connectionLines, namedConnections } from "./connections";

describe("AddressRanges", () => {
  it.each([
    [["10.0.0.0/8"], "10.0.0.0-10.255.255.255"],
    [["10.0.0.7/24"], "10.0.0.0-10.0.0.255"],
    [["192.0.2.1"], "192.0.2.1-192.0.2.1"],
    [["10.0.1.0/24", "10.0.0.0-10.0.0.255"], "10.0.0.0-10.0.1.255"],
    [["0.0.0.0/0", "10.0.0.0/8"], "0.0.0.0-255.255.255.255"],
    [["10.0.2.0/24", "10.0.0.0/24"], "10.0.0.0-10.0.0.255,10.0.2.0-10.0.2.255"],
  ])("draws %j together", (texts, expected) => {
    expect(texts.reduce((ranges, text) => ranges.with(text), new AddressRanges()).text).toBe(expected);
  });

  it("knows addresses from names", () => {
    expect(["10.0.0.0/8", "10.0.0.0-10.0.0.9", "gateway/envoy"].map((text) => AddressRanges.isOne(text))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("connections", () => {
  const lines = connectionLines(
    namedConnections(
      [
        { name: "gateway/envoy", zone: "gateway", app: "envoy" },
        { name: "gateway/guard", zone: "gateway", app: "guard" },
        { name: "serving/one", zone: "serving", app: "vllm" },
        { name: "serving/two", zone: "serving", app: "vllm" },
      ],
      { clients: ["10.30.4.0/24", "10.30.5.0/24"], objectStore: [], auditLog: false },
    ),
  );

  it("follow from the flow table for what stands, and only for that", () => {
    expect(lines.filter((line) => !line.includes("coredns"))).toEqual([
      "10.30.4.0-10.30.5.255 => gateway/envoy : TCP 8443",
      "gateway/envoy => gateway/guard : TCP 8444",
      "gateway/guard => serving/one : TCP 8000",
      "gateway/guard => serving/two : TCP 8000",
    ]);
    expect(lines).toContain("serving/two => kube-system/coredns : UDP 53");
  });
});
