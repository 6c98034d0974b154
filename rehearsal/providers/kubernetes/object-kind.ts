import { changedPaths } from "../difference";
import { formatPath, overlaps, parsePath } from "../property-path";
import { MadeButNotReady, type CallContext, type Difference, type Properties, type ResourceKind } from "../provider";
import { ApiError } from "./api-client";
import type { Address, Cluster } from "./cluster";
import { placeOf } from "./failure-report";
import { immutableFields } from "./immutable-fields";
import { nameFailures } from "./names";
import { declarationOf, liveView, stateOf } from "./object-view";
import { Planner } from "./planner";
import { explain, immutableCauses } from "./refusal";
import { forces, managerOf } from "./ownership";
import { annotation, metadataOf, settle, settleGone } from "./settle";

/** Finds the cluster that a provider's configuration names. */
export type ClusterFinder = (configuration: Properties) => Cluster;

/** Kubernetes objects of one kind, custom ones included: they all live the same life. */
export class ObjectKind implements ResourceKind {
  readonly fidelity = "real";
  readonly secretOutputs: readonly string[];

  constructor(
    private readonly apiVersion: string,
    private readonly kind: string,
    private readonly clusterOf: ClusterFinder,
  ) {
    this.secretOutputs = apiVersion === "v1" && kind === "Secret" ? ["data", "stringData"] : [];
  }

  check: NonNullable<ResourceKind["check"]> = (inputs, { autonaming }) => {
    const metadata = metadataOf(inputs);
    const proposed = autonaming && autonaming.mode !== "disabled" ? autonaming.proposedName : undefined;
    if (metadata.name !== undefined || proposed === undefined) {
      return { inputs, failures: nameFailures(this.apiVersion, this.kind, metadata) };
    }
    const named = { ...metadata, name: proposed };
    return { inputs: { ...inputs, metadata: named }, failures: nameFailures(this.apiVersion, this.kind, named) };
  };

  async create(inputs: Properties, context: CallContext) {
    return this.apply(inputs, context);
  }

  async update(_id: string, _olds: Properties, news: Properties, context: CallContext) {
    return this.apply(news, context);
  }

  async diff(
    olds: { inputs: Properties; state: Properties },
    news: Properties,
    context: CallContext,
  ): Promise<Difference> {
    const changed = changedPaths(olds.inputs, { value: news, marked: news, secrets: [], unknowns: [] });
    const fixed = immutableFields({ ...olds.inputs, apiVersion: this.apiVersion, kind: this.kind }).map(parsePath);
    let replaces = changed.filter((path) => fixed.some((other) => overlaps(other, path))).map(formatPath);
    if (changed.length > 0 && replaces.length === 0) replaces = [...(await this.refusedChanges(news, context))];
    const [before, after] = [metadataOf(olds.inputs), metadataOf(news)];
    const samePlace = before.name === after.name && before.namespace === after.namespace;
    return { changed: changed.map(formatPath), replaces, deleteBeforeReplace: replaces.length > 0 && samePlace };
  }

  async read(id: string, _state: Properties, context: CallContext & { readonly inputs: Properties }) {
    const cluster = this.clusterOf(context.configuration);
    const address = await this.addressOf(cluster, id);
    const live = address && (await cluster.get(address, context.signal));
    if (!live) return undefined;
    const declared = context.inputs;
    const imported = Object.keys(declared).length === 0;
    return { inputs: imported ? declarationOf(live) : liveView(declared, live), state: stateOf(live, declared) };
  }

  async delete(id: string, state: Properties, context: CallContext): Promise<void> {
    const cluster = this.clusterOf(context.configuration);
    const address = await this.addressOf(cluster, id);
    // A kind that is no longer served took its objects with it.
    const live = address && (await cluster.get(address));
    if (!address || !live) return;
    const policy = annotation(state, "pulumi.com/deletionPropagationPolicy") ?? "foreground";
    const propagation = policy.charAt(0).toUpperCase() + policy.slice(1);
    if (await cluster.delete(address, propagation)) {
      await settleGone(cluster, address, metadataOf(live).uid ?? null, context);
    }
  }

  private async apply(inputs: Properties, context: CallContext) {
    const { signal } = context;
    if (context.preview) {
      const planner = new Planner(this.apiVersion, this.kind, () => this.clusterOf(context.configuration));
      return { id: "", state: await planner.plan(inputs, context) };
    }
    const cluster = this.clusterOf(context.configuration);
    const mapping = await cluster.discovery.expect(this.apiVersion, this.kind, signal);
    const address = cluster.address(mapping, inputs);
    const options = { manager: managerOf(context), dryRun: false, force: forces(inputs), signal };
    const answer = await cluster.apply(address, inputs, options).catch((error: unknown) => {
      throw explain(error, address);
    });
    for (const warning of answer.warnings) context.log("warning", warning);
    const id = placeOf(address);
    const settled = await settle(cluster, address, answer.body, context);
    const state = stateOf(settled.object, inputs);
    if (!settled.ready) throw new MadeButNotReady({ id, state }, [settled.reason]);
    return { id, state };
  }

  /** Asks the server which changes it would refuse; no answer means none. */
  private async refusedChanges(news: Properties, context: CallContext): Promise<readonly string[]> {
    try {
      const cluster = this.clusterOf(context.configuration);
      const mapping = await cluster.discovery.find(this.apiVersion, this.kind);
      if (!mapping) return [];
      const options = { manager: managerOf(context), dryRun: true, force: true, signal: context.signal };
      await cluster.apply(cluster.address(mapping, news), news, options);
      return [];
    } catch (error) {
      return error instanceof ApiError ? immutableCauses(error) : [];
    }
  }

  private async addressOf(cluster: Cluster, id: string): Promise<Address | undefined> {
    const mapping = await cluster.discovery.find(this.apiVersion, this.kind);
    if (!mapping) return undefined;
    const slash = mapping.namespaced ? id.indexOf("/") : -1;
    return {
      mapping,
      name: id.slice(slash + 1),
      namespace: slash === -1 ? cluster.defaultNamespace : id.slice(0, slash),
    };
  }
}
