// Runs in Lambda, which has Node and AWS's own client but none of the kit's packages: plain JavaScript, and all of it here.
"use strict";

const { randomBytes } = require("node:crypto");

/** Length of a value, bytes: as long as the digests of SHA-256 that are keyed with it. */
const length = 32;

/** The steps of a rotation, as the secret store calls them one after the other; each may be called again. */
const steps = {
  async createSecret({ store, SecretId, token }) {
    if ((await read(store, SecretId, token)) !== undefined) return;
    const SecretString = randomBytes(length).toString("base64");
    await store.putSecretValue({ SecretId, ClientRequestToken: token, SecretString, VersionStages: ["AWSPENDING"] });
  },

  // Readers fetch the value: there is nobody to tell it to.
  async setSecret() {},

  async testSecret({ store, SecretId, token }) {
    const value = await read(store, SecretId, token);
    if (value === undefined || Buffer.from(value, "base64").length !== length) {
      throw new Error(`the new value of ${SecretId} is not ${length} bytes long`);
    }
  },

  async finishSecret({ store, SecretId, token, stages }) {
    const [current] = Object.entries(stages).find(([, labels]) => labels.includes("AWSCURRENT")) ?? [];
    if (current === token) return;
    await store.updateSecretVersionStage({
      SecretId,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: token,
      // The first rotation makes the first value.
      ...(current === undefined ? {} : { RemoveFromVersionId: current }),
    });
  },
};

/** The value that waits under this token; undefined where there is none yet. */
async function read(store, SecretId, VersionId) {
  try {
    return (await store.getSecretValue({ SecretId, VersionId, VersionStage: "AWSPENDING" })).SecretString;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

/** One step of a rotation. Throws where the secret does not rotate, or where the step belongs to no rotation of it. */
async function rotate({ Step, SecretId, ClientRequestToken: token }, store) {
  const { RotationEnabled, VersionIdsToStages: stages = {} } = await store.describeSecret({ SecretId });
  if (RotationEnabled !== true) throw new Error(`${SecretId} does not rotate`);
  const labels = stages[token];
  if (labels === undefined) throw new Error(`${SecretId} has no version for this rotation`);
  if (labels.includes("AWSCURRENT")) return;
  if (!labels.includes("AWSPENDING")) throw new Error(`the version of this rotation of ${SecretId} does not wait`);
  if (!Object.hasOwn(steps, Step)) throw new Error(`a rotation has no step ${Step}`);
  await steps[Step]({ store, SecretId, token, stages });
}

/** What Lambda calls. */
async function handler(event) {
  const { SecretsManager } = require("@aws-sdk/client-secrets-manager");
  await rotate(event, new SecretsManager({}));
}

module.exports = { handler, rotate };
