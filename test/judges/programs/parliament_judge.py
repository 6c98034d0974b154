"""Parliament on policy documents: reads `[{file, type, property, document}]`, prints `[{check, file, detail}]`.

Documents that hang on a role or a repository name no resource: it is what they hang on. Parliament asks for one before it
looks at anything else, so their statements are given it.
"""

import json
import sys

import parliament

PLACE = "eu-central-1:111122223333"
HUNG_ON = {
    "assumeRolePolicy": "arn:aws:iam::111122223333:role/the-role-itself",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": f"arn:aws:ecr:{PLACE}:repository/the-repository-itself",
}


def findings(entry):
    document = entry["document"]
    itself = HUNG_ON.get(entry["property"]) or HUNG_ON.get(entry["type"])
    if itself is not None:
        document = {**document, "Statement": [{"Resource": itself, **one} for one in document["Statement"]]}
    policy = parliament.analyze_policy_string(json.dumps(document), ignore_private_auditors=True)
    for finding in policy.findings:
        finding = parliament.enhance_finding(finding)
        if finding.severity.upper() != "MUTE":
            yield {"check": finding.issue, "file": entry["file"], "detail": str(finding.detail)}


print(json.dumps([finding for entry in json.load(sys.stdin) for finding in findings(entry)]))
