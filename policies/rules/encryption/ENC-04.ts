import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { notOwnKey } from "../../reading/cloud-name";
import type { Properties, Rule } from "../../rule";

type Fields = Readonly<Record<string, unknown>>;

function sealed(path: string, read: () => Fields, examination: Examination): void {
  const at = (property: string) => (path === "" ? property : `${path}.${property}`);
  examination.ask(at("encrypted"), () => {
    const { encrypted } = read();
    // Lustre has no other state than encrypted; the others say so as a boolean or, in a template, as text.
    const always = path === "" && "storageCapacity" in read();
    return encrypted === true || encrypted === "true" || always ? undefined : "it is not encrypted";
  });
  examination.ask(at("kmsKeyId"), () => notOwnKey(read().kmsKeyId));
}

/** What decides for volumes that say nothing themselves, and for copies of them. */
const ofAccount: Readonly<Record<string, (props: Properties) => string | undefined>> = {
  EncryptionByDefault: ({ enabled }) => (enabled === false ? "new volumes are not encrypted by default" : undefined),
  DefaultKmsKey: ({ keyArn }) => notOwnKey(keyArn),
  // Other provisioners lay volumes on disks that are encrypted below them, and say nothing of it.
  StorageClass: ({ provisioner, parameters }) => {
    if (provisioner !== "ebs.csi.aws.com" && provisioner !== "ebs.csi.eks.amazonaws.com") return undefined;
    if (parameters?.encrypted !== "true") return "its volumes are not encrypted";
    return parameters.kmsKeyId ? undefined : "the provider's own key is used";
  },
  Vault: ({ kmsKeyArn }) => notOwnKey(kmsKeyArn),
};

export const enc04: Rule = {
  id: "ENC-04",
  title: "Volumes, launch templates and file systems are encrypted with a customer-held key",
  severity: "high",
  scope: "resource",
  types: [
    "aws:ebs/volume:Volume",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:efs/fileSystem:FileSystem",
    "aws:fsx/lustreFileSystem:LustreFileSystem",
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    "aws:ebs/defaultKmsKey:DefaultKmsKey",
    "aws:backup/vault:Vault",
    "kubernetes:storage.k8s.io/*:StorageClass",
  ],
  remediation:
    "Set encrypted and kmsKeyId, with the key that the environment keeps for volumes; a launch template names each of its devices.",
  supports: controlsOf("ENC-04"),
  check(subject, examination) {
    const { props, type } = subject;
    const decides = ofAccount[type.split(":").at(-1) ?? ""];
    if (decides !== undefined) return examination.ask("", () => decides(props));
    if (!type.endsWith(":LaunchTemplate")) return sealed("", () => props as Fields, examination);
    examination.within("blockDeviceMappings", () => {
      const devices = (props.blockDeviceMappings ?? []) as Properties[];
      if (devices.length === 0)
        examination.ask("blockDeviceMappings", () => "no device is named, so its image decides");
      devices.forEach((device, index) =>
        sealed(`blockDeviceMappings[${index}].ebs`, () => (device.ebs ?? {}) as Fields, examination),
      );
    });
  },
};
