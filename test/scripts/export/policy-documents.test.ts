import { describe, expect, it } from "vitest";
import { resourcesOfEvents } from "../../../scripts/export/engine-resource";
import { policyDocuments } from "../../../scripts/export/policy-documents";
import { eventLog, unknownText, type LoggedStep } from "./engine-logs";

const statement = { Effect: "Deny", Action: "*", Resource: "*" };
const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

const exported = (...steps: LoggedStep[]) => policyDocuments(resourcesOfEvents(eventLog(steps)));

describe("policyDocuments", () => {
  it("finds every document, wherever it stands, and says what kind it is", () => {
    const { documents } = exported(
      {
        type: "aws:iam/role:Role",
        name: "nodes",
        inputs: { assumeRolePolicy: document, inlinePolicies: [{ policy: document }] },
      },
      { type: "aws:iam/rolePolicy:RolePolicy", name: "nodes-own", inputs: { policy: document } },
      { type: "aws:s3/bucketPolicy:BucketPolicy", name: "raw", inputs: { policy: document, bucket: "raw" } },
      { type: "aws:ec2/vpcEndpoint:VpcEndpoint", name: "s3", inputs: { policy: document } },
      {
        type: "cloister:index:Guardrails",
        name: "guardrails",
        outputs: { serviceControlPolicies: { regions: document } },
      },
    );
    expect(documents.map(({ file, kind, property }) => [file, kind, property])).toEqual([
      ["guardrails.serviceControlPolicies-regions.json", "service-control", "serviceControlPolicies.regions"],
      ["nodes-own.json", "identity", "policy"],
      ["nodes.assumeRolePolicy.json", "trust", "assumeRolePolicy"],
      ["nodes.inlinePolicies-0-policy.json", "identity", "inlinePolicies.0.policy"],
      ["raw.json", "resource", "policy"],
      ["s3.json", "endpoint", "policy"],
    ]);
    expect(documents[0]?.document).toEqual({ Version: "2012-10-17", Statement: [statement] });
  });

  it("takes no other JSON for one, and tells of a document that is not known yet", () => {
    const { documents, unknown } = exported(
      { type: "aws:cfg/conformancePack:ConformancePack", name: "pack", inputs: { templateBody: '{"Resources":{}}' } },
      { type: "aws:iam/policy:Policy", name: "broken", inputs: { policy: '{"Statement": [' } },
      { type: "aws:sns/topicPolicy:TopicPolicy", name: "topic", inputs: { policy: unknownText, arn: unknownText } },
    );
    expect({ documents, unknown }).toEqual({ documents: [], unknown: ["topic policy"] });
  });
});
