import type { Identity } from "../../data-classes";
import { roleSuffix } from "../grants";
import { prefixOf, type Place } from "./place";

/** Names of the roles of the ground itself. */
export const roleNames = (place: Place) => ({
  controlPlane: `${prefixOf(place)}-control-plane`,
  nodes: `${prefixOf(place)}-nodes`,
  /** Of the CNI, which gives pods their addresses. */
  addresses: `${prefixOf(place)}-addresses`,
  /** Of the CSI driver, which gives pods their volumes. */
  volumes: `${prefixOf(place)}-volumes`,
});

/** Name of the role that a service account becomes. */
export const grantRoleName = (place: Place, identity: Identity): string => `${prefixOf(place)}-${roleSuffix(identity)}`;
