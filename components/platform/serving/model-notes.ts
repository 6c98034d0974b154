import { imageCatalogue, type CatalogueEntry, type ImageName, type ImageReference } from "../../images";
import type { ServedModel } from "./vllm-args";

/** What a bill of materials says of one part: a reference by digest gives name and hash. */
function part(type: "machine-learning-model" | "container", name: ImageName, reference: string) {
  const { upstream, licence }: CatalogueEntry = imageCatalogue[name];
  const [, content = ""] = reference.split("@sha256:");
  return {
    type,
    name,
    hashes: [{ alg: "SHA-256", content }],
    externalReferences: [{ type: "distribution", url: upstream }],
    ...(licence === undefined ? {} : { licenses: [{ license: licence }] }),
  };
}

/** The bill of materials of a served model, CycloneDX 1.6: its weights and the server that runs them, by digest. */
export function modelBom(model: ImageName, image: ImageReference): Record<string, string> {
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    components: [part("machine-learning-model", model, image(model)), part("container", "vllm", image("vllm"))],
  };
  return { "cloister.dev/model-bom": JSON.stringify(document) };
}

/** What the leak gate signed of the model; nothing where it serves as a trial. */
export const leakGateNotes = ({ leakGate }: ServedModel): Record<string, string> =>
  leakGate === undefined
    ? {}
    : { "cloister.dev/leak-gate-digest": leakGate.digest, "cloister.dev/leak-gate-signature": leakGate.signature };
