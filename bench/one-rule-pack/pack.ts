import { PolicyPack } from "@pulumi/policy";

new PolicyPack("one-rule", {
  policies: [
    {
      name: "has-a-name",
      description: "Every resource has a name",
      enforcementLevel: "mandatory",
      validateResource: ({ name }, report) => {
        if (name === "") report("a resource without a name");
      },
    },
  ],
});
