import { Agent, request } from "undici";
import type { Environment } from "../../../stacks/environment";
import { doorUrl, labApplication, labPerson } from "../client-files";
import { authorityOf, certificateOf, tokenOf } from "../ground/applications";
import type { RunningLab } from "../running-lab";
import type { Trial } from "./check-lab";

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Asks the door as an application of the company does; its name leads to this machine. */
async function ask(environment: Environment, lab: RunningLab, path: string, body?: object): Promise<Answer> {
  const application = labApplication(environment);
  const { chain, privateKey } = certificateOf(lab.ground, application);
  const { host } = environment.platform.door;
  const dispatcher = new Agent({
    connect: { ca: authorityOf(lab.ground), cert: chain, key: privateKey, servername: host },
  });
  try {
    const url = doorUrl(environment, lab).replace(host, "127.0.0.1");
    const { statusCode, body: answer } = await request(`${url}${path}`, {
      dispatcher,
      method: body === undefined ? "GET" : "POST",
      headers: {
        host: `${host}:${lab.doors[0]}`,
        authorization: `Bearer ${await tokenOf(lab.ground, application, labPerson)}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: statusCode, text: await answer.text() };
  } finally {
    await dispatcher.close();
  }
}

/** Whether the door answers at all: what is asked of it has gone through the guard. */
export const doorAnswers = (environment: Environment, lab: RunningLab): Promise<boolean> =>
  ask(environment, lab, "/v1/models").then(
    ({ status }) => status === 200,
    () => false,
  );

/** What the lab's guide asks, and what has to come of it. */
export function doorTrials(environment: Environment, lab: RunningLab): Trial[] {
  const model = environment.platform.models[0]?.name ?? "";
  const chat = (content: string, more: object = {}) =>
    ask(environment, lab, "/v1/chat/completions", { model, messages: [{ role: "user", content }], ...more });
  const trial = (
    name: string,
    asked: () => Promise<Answer>,
    status: number,
    expected: RegExp,
    found: string,
  ): Trial => ({
    name,
    run: async () => {
      const answer = await asked();
      if (answer.status !== status || !expected.test(answer.text)) {
        throw new Error(`the door answered ${answer.status}: ${answer.text.slice(0, 300)}`);
      }
      return found;
    },
  });
  return [
    trial("the models", () => ask(environment, lab, "/v1/models"), 200, new RegExp(`"${model}"`), `${model} is listed`),
    trial(
      "an answer",
      () => chat("say: Charge 4111 1111 1111 1111."),
      200,
      /Charge \[REDACTED:pii\.card\]\./,
      "answered, the card number masked",
    ),
    trial(
      "a stream",
      () => chat("say: Good morning.", { stream: true }),
      200,
      /"Good "[^]*"morning\."[^]*data: \[DONE\]/,
      "answered word by word, to its end",
    ),
    trial(
      "a prompt with a key in it",
      () => chat("my key is AKIAIOSFODNN7EXAMPLE"),
      403,
      /blocked/,
      "refused: blocked",
    ),
  ];
}
