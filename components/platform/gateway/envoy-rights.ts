import { typed, type Json } from "./envoy-fields";
import { claim } from "./envoy-identity";

/** Which models a group may use. */
export interface ModelRight {
  /** As the issuer's `groups` claim names it. */
  readonly group: string;
  /** Catalogue names, one or more. */
  readonly models: readonly string[];
}

/** Where the name of the model that a body asks for is among Envoy's metadata. */
const metadata = "cloister";

/** Reads the model's name from the body, which the filter before has whole. A name that is no string counts as none. */
export const modelFilter: Json = {
  name: "envoy.filters.http.json_to_metadata",
  typed_config: typed("envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata", {
    request_rules: {
      rules: [
        {
          selectors: [{ key: "model" }],
          on_present: { metadata_namespace: metadata, key: "model" },
          on_missing: { metadata_namespace: metadata, key: "model", value: "" },
          on_error: { metadata_namespace: metadata, key: "model", value: "" },
        },
      ],
    },
  }),
};

const inList = (value: string): Json => ({ list_match: { one_of: { string_match: { exact: value } } } });
const holds = (name: string, value: string): Json => ({
  sourced_metadata: { metadata_matcher: claim(name, inList(value)) },
});

const asksFor = (model: string): Json => ({
  sourced_metadata: {
    metadata_matcher: { filter: metadata, path: [{ key: "model" }], value: { string_match: { exact: model } } },
  },
});

const lists: Json = { url_path: { path: { exact: "/v1/models" } } };

/** Lets through who showed a second factor and is in a group that may use the model; everybody else is refused. */
export function rightsFilter(rights: readonly ModelRight[], secondFactors: readonly string[]): Json {
  const factors = { or_ids: { ids: secondFactors.map((factor) => holds("amr", factor)) } };
  const policies = rights.map(({ group, models }): [string, Json] => [
    group,
    {
      permissions: [{ or_rules: { rules: [...models.map(asksFor), lists] } }],
      principals: [{ and_ids: { ids: [holds("groups", group), factors] } }],
    },
  ]);
  return {
    name: "envoy.filters.http.rbac",
    typed_config: typed("envoy.extensions.filters.http.rbac.v3.RBAC", {
      rules: { action: "ALLOW", policies: Object.fromEntries(policies) },
    }),
  };
}
