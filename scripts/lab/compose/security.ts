import type { ComposeService } from "./compose-file";
import type { Fields } from "./fields";
import type { ComposeOptions } from "./rendering";

/** What a pod asks for all of its containers. */
export interface PodSecurity {
  readonly user?: number;
  readonly group?: number;
  readonly groups: readonly number[];
  /** Group that its volumes must belong to. */
  readonly volumesGroup?: number;
}

export type Security = Pick<
  ComposeService,
  "user" | "group_add" | "privileged" | "read_only" | "cap_drop" | "cap_add" | "security_opt"
>;

const never = "the engine does not refuse root by itself: the user that is named here is not root";
const profile = "the engine's own default profile applies, which is not the cluster's runtime's word for word";

/** Reads the pod's security context. */
export function podSecurity(spec: Fields): PodSecurity {
  const context = spec.inside("securityContext");
  context.differ("runAsNonRoot", "a user that is not root", never);
  seccomp(context);
  context.differ(
    "fsGroup",
    "a further group of the process; volumes are labelled with the owner that they need",
    "the engine hands a new volume to root and changes no owner: whoever starts the containers does",
  );
  context.differ("fsGroupChangePolicy", "nothing", "the engine changes no owner");
  const volumesGroup = context.get<number>("fsGroup");
  const security = {
    user: context.get<number>("runAsUser"),
    group: context.get<number>("runAsGroup"),
    groups: [
      ...(context.get<number[]>("supplementalGroups") ?? []),
      ...(volumesGroup === undefined ? [] : [volumesGroup]),
    ],
    volumesGroup,
  };
  context.end();
  return security;
}

/** `user:group` that volumes of a pod must belong to; undefined where it does not say. */
export function volumesOwner(pod: PodSecurity, { user }: ComposeOptions): string | undefined {
  if (user !== undefined) return user;
  const group = pod.volumesGroup ?? pod.group;
  return pod.user === undefined || group === undefined ? undefined : `${pod.user}:${group}`;
}

/** What a container may do, and as whom. */
export function securityOf(container: Fields, pod: PodSecurity, options: ComposeOptions): Security {
  const context = container.inside("securityContext");
  context.differ("runAsNonRoot", "a user that is not root", never);
  seccomp(context);
  const user = context.get<number>("runAsUser") ?? pod.user;
  const group = context.get<number>("runAsGroup") ?? pod.group;
  const privileged = context.get<boolean>("privileged");
  const readOnly = context.get<boolean>("readOnlyRootFilesystem");
  const escalation = context.get<boolean>("allowPrivilegeEscalation");
  const capabilities = context.inside("capabilities");
  const [drop, add] = [capabilities.get<string[]>("drop") ?? [], capabilities.get<string[]>("add") ?? []];
  capabilities.end();
  context.end();
  const own = user === undefined ? undefined : `${user}${group === undefined ? "" : `:${group}`}`;
  const as = options.user ?? own;
  return {
    ...(as === undefined ? {} : { user: as }),
    ...(pod.groups.length === 0 ? {} : { group_add: pod.groups.map(String) }),
    ...(privileged === true ? { privileged } : {}),
    ...(readOnly === true ? { read_only: true } : {}),
    ...(drop.length === 0 ? {} : { cap_drop: drop }),
    ...(add.length === 0 ? {} : { cap_add: add }),
    ...(escalation === false ? { security_opt: ["no-new-privileges:true"] } : {}),
  };
}

function seccomp(context: Fields): void {
  const { type } = context.get<{ type: string }>("seccompProfile") ?? {};
  if (type !== undefined && type !== "RuntimeDefault") throw new Error(`${context.where} asks for seccomp ${type}`);
  context.differ("seccompProfile", "the engine's default", profile);
}
