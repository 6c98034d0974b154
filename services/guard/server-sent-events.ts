import { StringDecoder } from "node:string_decoder";

/** An answer that is no stream of events: what sent it is no model server. */
export class MalformedStream extends Error {
  override readonly name = "MalformedStream";
}

const longestEvent = 1_048_576;

/**
 * Takes a stream of server-sent events apart. Only `data` fields count: model servers send nothing else.
 *
 * @throws MalformedStream for an event longer than a mebibyte, and for a stream that ends within one.
 */
export async function* eventsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    rest += decoder.write(chunk);
    // A line may end in CR LF, LF or CR; a CR at the end of a chunk may be half of a CR LF.
    for (let end = /\r\n\r\n|\n\n|\r\r(?!$)/.exec(rest); end !== null; end = /\r\n\r\n|\n\n|\r\r(?!$)/.exec(rest)) {
      const data = dataOf(rest.slice(0, end.index));
      rest = rest.slice(end.index + end[0].length);
      if (data !== undefined) yield data;
    }
    if (rest.length > longestEvent) throw new MalformedStream("an event is longer than a mebibyte");
  }
  if ((rest + decoder.end()).trim() !== "") throw new MalformedStream("the stream ended within an event");
}

function dataOf(event: string): string | undefined {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
  if (lines.length === 0) return undefined;
  return lines.map((line) => line.slice("data:".length).replace(/^ /, "")).join("\n");
}

export const frame = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
export const lastFrame = "data: [DONE]\n\n";
