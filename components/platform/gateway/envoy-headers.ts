import { typed, type Json } from "./envoy-fields";

/** Beginnings of the names of headers in which only the platform speaks. */
const ownPrefixes = ["x-cloister-", "x-envoy-"];

/**
 * A trace of the caller's own would choose which requests are traced, under which number; and what comes in here is read
 * by a tracer that is made for callers one trusts.
 */
const traceHeaders = ["traceparent", "tracestate", "baggage", "x-client-trace-id"];

/** Takes away what a caller says in the platform's name, before anything reads it. */
export const ownHeaders: Json = {
  name: "envoy.http.early_header_mutation.header_mutation",
  typed_config: typed("envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation", {
    mutations: [
      ...ownPrefixes.map((prefix) => ({ remove_on_match: { key_matcher: { prefix } } })),
      ...traceHeaders.map((remove) => ({ remove })),
    ],
  }),
};
