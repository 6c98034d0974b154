import { z } from "zod";
import type { Properties } from "../../provider";
import type { Scope } from "../configuration";

/** Who refused a request: the service's model before it was sent, or moto in the service's place. */
export type Refuser = "model" | "service";

/** A request that was refused, in the words of who refused it. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly by: Refuser,
    what: string,
    reason: string,
  ) {
    super(
      by === "model"
        ? `${what}: AWS's own model of the request refuses it: ${reason}`
        : `${what}: refused with ${code}: ${reason}`,
    );
  }
}

/** Codes by which services say that something is not there. */
export const isAbsent = (error: unknown): boolean =>
  error instanceof Refused && /NotFound|NoSuch|ResourceNotFound|NotConfigured/.test(error.code);

export interface RequestOptions {
  /** False: the request is only checked by the service's model. @default true */
  readonly send?: boolean;
  /** A name for what is made: a stopped run's answer is given again under it. */
  readonly claim?: string;
  /** Makes another under the same claim. */
  readonly anew?: boolean;
}

export interface Answer {
  readonly answer: Properties;
  /** Whether an earlier run had asked the same, so that nothing was sent. */
  readonly claimed: boolean;
}

const reply = z.object({
  answer: z.record(z.string(), z.json()).optional(),
  claimed: z.boolean().optional(),
  error: z.object({ by: z.enum(["model", "service"]), code: z.string(), message: z.string() }).optional(),
});

/** AWS's requests, made by botocore and answered by the rehearsal's own moto on loopback. */
export class Api {
  /** @param url such as `http://127.0.0.1:40127`. Throws where it leads anywhere but to this machine. */
  constructor(private readonly url: string) {
    const { hostname } = new URL(url);
    if (hostname !== "127.0.0.1") {
      throw new Error(`CLOISTER_REHEARSAL_MOTO: found ${hostname}; a rehearsal stays on loopback`);
    }
  }

  async request(
    { region, account }: Pick<Scope, "region" | "account">,
    service: string,
    operation: string,
    parameters: object,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const body = JSON.stringify({ service, operation, parameters, region, account, ...options });
    const response = await fetch(`${this.url}/cloister/call`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    if (!response.ok) throw new Error(`${service} ${operation}: moto failed (${response.status}); see its log`);
    const { answer = {}, claimed = false, error } = reply.parse(await response.json());
    if (error) throw new Refused(error.code, error.by, `${service} ${operation}`, error.message);
    return { answer: answer, claimed };
  }
}

/** The rehearsal's moto; undefined where there is none, and its types are computed. */
export const readApi = (variable = process.env.CLOISTER_REHEARSAL_MOTO): Api | undefined =>
  variable ? new Api(variable) : undefined;
