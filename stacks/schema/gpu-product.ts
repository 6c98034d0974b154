import { z } from "zod";

export const gpuProduct = z
  .enum([
    "NVIDIA-L4",
    "NVIDIA-A10G",
    "NVIDIA-L40S",
    "NVIDIA-A100-SXM4-40GB",
    "NVIDIA-A100-SXM4-80GB",
    "NVIDIA-H100-80GB-HBM3",
    "NVIDIA-H200",
  ])
  .meta({
    description: "The product label that NVIDIA's device plugin gives such a GPU",
    mend: "write the value of `nvidia.com/gpu.product` of such a node",
  });
