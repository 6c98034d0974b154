import { describe, expect, it } from "vitest";
import { startControlPlane } from "../../../rehearsal/control-plane/control-plane";
import { nodeMistakes, nodeObject } from "../../../rehearsal/control-plane/nodes";
import { nodes } from "./fixtures";

describe("nodeObject", () => {
  it("gives a GPU node its labels, capacity and taint", () => {
    expect(
      nodeObject({ ...nodes[1]!, labels: { extra: "yes" }, taints: [{ key: "own", effect: "NoExecute" }] }),
    ).toEqual({
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: "gpu-1",
        labels: {
          "kubernetes.io/hostname": "gpu-1",
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
          "node.kubernetes.io/instance-type": "hgx-h100",
          "topology.kubernetes.io/zone": "rack-b",
          "cloister.dev/pool": "serving",
          "rehearsal.cloister.dev/stand-in": "kwok",
          "nvidia.com/gpu.present": "true",
          "nvidia.com/gpu.count": "8",
          "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
          extra: "yes",
        },
      },
      spec: {
        taints: [
          { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
          { key: "own", effect: "NoExecute" },
        ],
      },
      status: expect.objectContaining({
        capacity: { cpu: "96", memory: "1024Gi", "ephemeral-storage": "200Gi", pods: "110", "nvidia.com/gpu": "8" },
      }) as unknown,
    });
  });

  it("gives a node without GPUs neither", () => {
    const plain = JSON.stringify(nodeObject(nodes[0]!));
    expect(plain).not.toContain("nvidia.com");
  });
});

describe("mistakes", () => {
  it("are told all at once, each with what to do", async () => {
    const wrong = [
      { ...nodes[0]!, name: "Wrong_Name", cpus: 0 },
      { ...nodes[1]!, gpuProduct: undefined },
      { ...nodes[1]!, gpus: -1 },
    ];
    expect(nodeMistakes(wrong)).toEqual([
      'nodes[0].name is "Wrong_Name": give a DNS label, lower-case letters, digits and "-", at most 63.',
      "nodes[0].cpus is 0: give a whole number, at least 1.",
      "nodes[1].gpuProduct is missing: name the product of its 8 GPUs.",
      'nodes[2].name is "gpu-1" again: give each node its own name.',
      "nodes[2].gpus is -1: give a whole number, at least 0.",
    ]);
    const options = { directory: "/nowhere", context: "x", kubernetesVersion: "latest", nodes: wrong, binaries: {} };
    await expect(startControlPlane(options as never, undefined as never)).rejects.toThrow(
      /kubernetesVersion is "latest"[^]*nodes\[0\][^]*nodes\[2\].gpus/,
    );
  });
});
