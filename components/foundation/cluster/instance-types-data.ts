/**
 * What EC2 itself answers about its instance types (`DescribeInstanceTypes`, `DescribeInstanceTypeOfferings`), as the data
 * files of moto 5.2.5 (Apache-2.0) record the answers. They are no younger than that release.
 */
export const instanceTypesAsOf = "2026-10-27";
export const instanceTypesSource =
  "EC2 DescribeInstanceTypes and DescribeInstanceTypeOfferings, as recorded in moto 5.2.5";

/** Regions whose offers were recorded; of any other region nothing can be said. */
export const recordedRegions: readonly string[] = words(
  `af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
   ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ca-central-1 ca-west-1 eu-central-1 eu-central-2
   eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 sa-east-1
   us-east-1 us-east-2 us-west-1 us-west-2`,
);

export interface FamilyRow {
  /** Regions that offer every size of the family. */
  readonly regions: readonly string[];
  /** NVIDIA's own name of the GPU in the product label, and its memory as the API gives it, MiB. */
  readonly gpu?: { readonly product: string; readonly memoryMib: number };
  /** EC2 sells capacity blocks of it. */
  readonly capacityBlocks?: true;
  readonly sizes: Readonly<Record<string, SizeRow>>;
}

/** vCPUs, memory in GiB, GPUs, EFA interfaces at most (one for each network card), and whether Dedicated Hosts carry it. */
type SizeRow = readonly [vcpus: number, memoryGib: number, gpus: number, efaInterfaces: number, hosts: boolean];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
const everywhereBut = (...left: string[]): string[] => recordedRegions.filter((region) => !left.includes(region));

/** Sizes of the general families, whose memory is a fixed number of GiB for each vCPU. */
const general = (gibPerVcpu: number): Record<string, SizeRow> =>
  Object.fromEntries(
    [2, 4, 8, 16, 32, 48, 64, 96, 192].map((vcpus): [string, SizeRow] => [
      vcpus === 2 ? "large" : vcpus === 4 ? "xlarge" : `${vcpus / 4}xlarge`,
      [vcpus, vcpus * gibPerVcpu, 0, vcpus === 192 ? 1 : 0, vcpus < 96],
    ]),
  );

/** Sizes that the G families share; only memory and the network of the two largest differ. */
const graphics = (gibPerVcpu: number, efaOfLargest: readonly [number, number]): Record<string, SizeRow> => ({
  xlarge: [4, 4 * gibPerVcpu, 1, 0, false],
  "2xlarge": [8, 8 * gibPerVcpu, 1, 0, false],
  "4xlarge": [16, 16 * gibPerVcpu, 1, 0, false],
  "8xlarge": [32, 32 * gibPerVcpu, 1, 1, false],
  "12xlarge": [48, 48 * gibPerVcpu, 4, 1, false],
  "16xlarge": [64, 64 * gibPerVcpu, 1, 1, false],
  "24xlarge": [96, 96 * gibPerVcpu, 4, efaOfLargest[0], true],
  "48xlarge": [192, 192 * gibPerVcpu, 8, efaOfLargest[1], true],
});

export const families: Readonly<Record<string, FamilyRow>> = {
  m7i: { regions: everywhereBut("ca-west-1", "me-south-1"), sizes: general(4) },
  c7i: { regions: everywhereBut("me-south-1"), sizes: general(2) },
  g5: {
    regions: words(
      `ap-east-1 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-2 ap-southeast-3 ca-central-1 eu-central-1
       eu-north-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 sa-east-1 us-east-1 us-east-2
       us-west-2`,
    ),
    gpu: { product: "NVIDIA-A10G", memoryMib: 22888 },
    sizes: graphics(4, [1, 1]),
  },
  g6: {
    regions: words(
      `ap-northeast-1 ap-northeast-2 ap-south-1 ap-south-2 ap-southeast-2 ap-southeast-5 ca-central-1 eu-central-1
       eu-central-2 eu-north-1 eu-south-2 eu-west-2 eu-west-3 me-central-1 sa-east-1 us-east-1 us-east-2 us-west-2`,
    ),
    gpu: { product: "NVIDIA-L4", memoryMib: 22888 },
    sizes: graphics(4, [1, 1]),
  },
  g6e: {
    regions: words(
      `ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 eu-central-1 eu-north-1 eu-south-2
       me-central-1 us-east-1 us-east-2 us-west-2`,
    ),
    gpu: { product: "NVIDIA-L40S", memoryMib: 45776 },
    sizes: graphics(8, [2, 4]),
  },
  p4d: {
    regions: words(
      `ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1
       eu-west-2 sa-east-1 us-east-1 us-east-2 us-west-2`,
    ),
    gpu: { product: "NVIDIA-A100-SXM4-40GB", memoryMib: 40960 },
    capacityBlocks: true,
    sizes: { "24xlarge": [96, 1152, 8, 4, true] },
  },
  p4de: {
    regions: words("ap-northeast-1 ap-southeast-1 eu-central-1 il-central-1 us-east-1 us-west-2"),
    gpu: { product: "NVIDIA-A100-SXM4-80GB", memoryMib: 81920 },
    capacityBlocks: true,
    sizes: { "24xlarge": [96, 1152, 8, 4, false] },
  },
  p5: {
    regions: words(
      `ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-2 ap-southeast-3 ca-central-1 eu-north-1 eu-west-2
       sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2`,
    ),
    gpu: { product: "NVIDIA-H100-80GB-HBM3", memoryMib: 81920 },
    capacityBlocks: true,
    sizes: { "48xlarge": [192, 2048, 8, 32, false] },
  },
  p5e: {
    regions: words("ap-southeast-2 ap-southeast-3 eu-north-1 eu-west-2 sa-east-1 us-east-2 us-west-2"),
    gpu: { product: "NVIDIA-H200", memoryMib: 144384 },
    capacityBlocks: true,
    sizes: { "48xlarge": [192, 2048, 8, 32, false] },
  },
  p5en: {
    regions: words(
      `ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-3 eu-north-1 eu-south-2 me-central-1 us-east-1
       us-east-2 us-west-1 us-west-2`,
    ),
    gpu: { product: "NVIDIA-H200", memoryMib: 144384 },
    capacityBlocks: true,
    sizes: { "48xlarge": [192, 2048, 8, 16, false] },
  },
};
