import type { Properties } from "../../provider";
import { text } from "../definition";
import type { Asking } from "./asked-kind";
import { tagChanges, tagList } from "./wire";

/** Tags of something that EC2 makes, by what EC2 calls it. */
export function specification(it: Asking, ResourceType: string): Properties {
  const Tags = tagList(it.inputs);
  return Tags.length ? { TagSpecifications: [{ ResourceType, Tags }] } : {};
}

/** Sets the tags of something that EC2 holds, and takes away those that are gone. */
export async function retag(it: Asking): Promise<void> {
  const changes = tagChanges(it);
  if (!changes) return;
  if (changes.gone.length) {
    await it.ask("ec2", "DeleteTags", { Resources: [it.id], Tags: changes.gone.map((Key) => ({ Key })) });
  }
  if (changes.set) await it.ask("ec2", "CreateTags", { Resources: [it.id], Tags: tagList(it.inputs) });
}

/** A filter of `Describe…` by one value. */
export const filtered = (Name: string, value: string): Properties => ({ Filters: [{ Name, Values: [value] }] });

export const bare = ({ inputs }: Asking, name: string): Properties => {
  const value = text(inputs, name);
  return value === "" ? {} : { [name.charAt(0).toUpperCase() + name.slice(1)]: value };
};
