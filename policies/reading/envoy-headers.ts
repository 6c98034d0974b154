import { list, typed, type EnvoyDoor } from "./envoy";
import type { Properties } from "../rule";

/**
 * What only the platform may say: who asks, how Envoy is to treat a request, and by which number a trace is found. Beginnings
 * of names are tried with an end that nobody lists.
 */
const own = [
  ...["application", "person", "groups", "certificate", "model", "anything"].map((name) => `x-cloister-${name}`),
  ...["original-path", "retry-on", "upstream-rq-timeout-ms", "anything"].map((name) => `x-envoy-${name}`),
  ...["traceparent", "tracestate", "baggage", "x-client-trace-id"],
];

function matches(matcher: Properties, name: string): boolean {
  if (matcher?.exact) return name === matcher.exact;
  if (matcher?.prefix) return name.startsWith(String(matcher.prefix));
  return Boolean(matcher?.suffix) && name.endsWith(String(matcher.suffix));
}

/** What a caller may say in the platform's name; undefined where all of it is taken away before anything reads it. */
export function forgeable({ http, within }: EnvoyDoor): string | undefined {
  // A program of the same pod speaks for the platform.
  if (within) return undefined;
  const mutations = list(http.early_header_mutation_extensions)
    .map(({ typed_config: one }): Properties => one)
    .filter((one) => typed(one, "HeaderMutation"))
    .flatMap((one): Properties[] => list(one?.mutations));
  const left = own.find(
    (name) => !mutations.some(({ remove, remove_on_match: by }) => remove === name || matches(by?.key_matcher, name)),
  );
  return left && `a caller may say ${left} itself`;
}
