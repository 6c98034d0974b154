import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import type { Environment } from "../../stacks/environment";
import { authorityOf, certificateOf, tokenOf } from "./ground/applications";
import type { RunningLab } from "./running-lab";

/** Who asks in all that the lab prints: a person with every right. */
export const labPerson = "ada@example.com";

/** A token lives five minutes: a fresh one lies in its file all the time. */
const refreshMilliseconds = 240_000;

/** A path as whoever stands in this folder writes it. */
export const here = (path: string): string => relative(process.cwd(), path);
const folderOf = ({ directory }: RunningLab): string => join(directory, "client");

/** What who puts something on the record by hand shows to a lab's ledger. */
export const recorderFiles = (directory: string) => ({
  certificate: join(directory, "client", "recorder.pem"),
  key: join(directory, "client", "recorder-key.pem"),
});

/** The environment's application that asks in all that the lab prints. */
export const labApplication = ({ platform }: Environment): string => platform.door.clients[0]?.name ?? "";

/** Where the door is for whoever reads `curl`'s settings. */
export const doorUrl = ({ platform }: Environment, { doors }: RunningLab): string =>
  `https://${platform.door.host}:${doors[0] ?? 0}`;

/**
 * Writes what an application of the company would have: its certificate, whom it trusts, a token of a person, and all of it
 * as settings of `curl`.
 *
 * @returns what ends the renewing of the token.
 */
export async function keepClient(environment: Environment, lab: RunningLab): Promise<() => void> {
  const application = labApplication(environment);
  const folder = folderOf(lab);
  const { chain, privateKey } = certificateOf(lab.ground, application);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writePrivateFile(join(folder, "certificate.pem"), chain);
  writePrivateFile(join(folder, "key.pem"), privateKey);
  writeFileSync(join(folder, "authority.pem"), authorityOf(lab.ground));
  const recorder = lab.ground.substrate.certificate("recorder");
  writePrivateFile(recorderFiles(lab.directory).certificate, recorder.chain);
  writePrivateFile(recorderFiles(lab.directory).key, recorder.privateKey);
  const renew = async (): Promise<void> => {
    const token = await tokenOf(lab.ground, application, labPerson);
    writePrivateFile(join(folder, "token"), token);
    writePrivateFile(join(folder, "curl"), curlSettings(environment, lab, token));
  };
  await renew();
  const timer = setInterval(
    () =>
      void renew().catch((error: Error) => process.stderr.write(`The token could not be renewed: ${error.message}\n`)),
    refreshMilliseconds,
  );
  return () => clearInterval(timer);
}

function curlSettings({ platform }: Environment, lab: RunningLab, token: string): string {
  const path = (name: string): string => JSON.stringify(join(folderOf(lab), name));
  return [
    "silent",
    "show-error",
    "no-buffer",
    `cacert = ${path("authority.pem")}`,
    `cert = ${path("certificate.pem")}`,
    `key = ${path("key.pem")}`,
    `resolve = "${platform.door.host}:${lab.doors[0] ?? 0}:127.0.0.1"`,
    'header = "content-type: application/json"',
    `header = "authorization: Bearer ${token}"`,
    "",
  ].join("\n");
}

/** A question that the lab's guide asks, and what is to be seen. */
export interface Question {
  readonly title: string;
  /** A line for a shell. */
  readonly command: string;
}

/** What to ask a lab first; each line can be pasted as it is. */
export function questions(environment: Environment, lab: RunningLab): Record<string, Question> {
  const model = environment.platform.models[0]?.name;
  const curl = `curl -K ${here(join(folderOf(lab), "curl"))} ${doorUrl(environment, lab)}`;
  const chat = (content: string, more: object = {}): string =>
    `${curl}/v1/chat/completions -d '${JSON.stringify({ model, messages: [{ role: "user", content }], max_tokens: 64, ...more })}'`;
  return {
    models: { title: "the models that she may ask", command: `${curl}/v1/models` },
    chat: {
      title: "an answer: the card number and the address in it are masked",
      command: chat("say: Good morning. Charge 4111 1111 1111 1111, and write to ada@example.com."),
    },
    stream: {
      title: "the same as a stream, word by word",
      command: chat("say: Good morning. Charge 4111 1111 1111 1111, please.", { stream: true }),
    },
    blocked: {
      title: "a prompt with a key in it: refused before a model sees it",
      command: chat("my key is AKIAIOSFODNN7EXAMPLE"),
    },
  };
}
