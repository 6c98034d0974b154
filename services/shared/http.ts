import type { IncomingMessage, ServerResponse } from "node:http";
import { parseStrictly, StrictJsonError } from "./strict-json";

/** A request that is refused: what the caller is told, and nothing that would help an attacker. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  /**
   * @param status of HTTP.
   * @param code for programs, such as `disk_full`.
   * @param message for people: one sentence.
   * @param retryAfterSeconds where it is worth another try.
   */
  public constructor(
    public readonly status: number,
    public readonly code: string,
    message: string,
    public readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/**
 * The whole body as text.
 *
 * @throws Refusal 413 beyond the limit (bytes), 400 for what is no UTF-8.
 */
export async function bodyOf(request: IncomingMessage, limit: number): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > limit) throw new Refusal(413, "too_large", `The body is longer than ${limit} bytes.`);
    pieces.push(piece);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
  } catch {
    throw new Refusal(400, "not_utf8", "The body is not UTF-8.");
  }
}

/**
 * What a body says, as every reader reads it.
 *
 * @throws Refusal 400 for what is no JSON, repeats a key, or nests too deep.
 */
export function jsonOf(text: string): unknown {
  try {
    return parseStrictly(text);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw new Refusal(400, "invalid_json", `The body cannot be read: ${error.message}.`);
  }
}

/** Answers with a JSON document. */
export function answerJson(response: ServerResponse, status: number, value: object): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}
