import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

const wanted = ["data-class", "owner", "purpose", "retention", "environment"].map((tag) => `cloister.dev/${tag}`);

export const res04: Rule = {
  id: "RES-04",
  title: "Every store is tagged with class, owner, purpose, retention and zone",
  severity: "high",
  scope: "resource",
  types: ["aws:s3/bucket:Bucket", "aws:efs/fileSystem:FileSystem", "aws:fsx/lustreFileSystem:LustreFileSystem"],
  remediation:
    "Tag the store with cloister.dev/data-class, /owner, /purpose, /retention and /environment; the kit's own component does.",
  supports: controlsOf("RES-04"),
  check(subject, examination) {
    const { props } = subject;
    const tags = () => ({ ...subject.provider?.defaultTags?.tags, ...props.tags }) as Record<string, string>;
    for (const tag of wanted) {
      examination.ask(`tags.${tag}`, () => (tags()[tag] ? undefined : `the store has no tag ${tag}`));
    }
  },
};
