"""Cloudsplaining on policy documents: `cloudsplaining_judge.py <account>` reads `[{file, kind, document}]` and prints
`[{check, file, detail}]`.

Each document is judged as what it is: rights by what they allow, trust by who may take the role, and what hangs on a
bucket, a key, an endpoint and the like by whether the internet may use it.
"""

import json
import sys

from cloudsplaining.scan.assume_role_policy_document import AssumeRolePolicyDocument
from cloudsplaining.scan.policy_document import PolicyDocument
from cloudsplaining.scan.resource_policy_document import ResourcePolicyDocument

RIGHTS = {
    "PrivilegeEscalation": "allows_privilege_escalation",
    "DataExfiltration": "allows_data_exfiltration_actions",
    "ResourceExposure": "permissions_management_without_constraints",
    "CredentialsExposure": "credentials_exposure",
    "ServiceWildcard": "service_wildcard",
    "InfrastructureModification": "infrastructure_modification",
}
TRUST = {
    "AssumableByComputeService": "role_assumable_by_compute_services",
    "AssumableByOtherAccount": "role_assumable_by_cross_account_principals",
    "AssumableByAnybody": "role_assumable_by_any_principal",
    "AssumableByAnybodyUnderConditions": "role_assumable_by_any_principal_with_conditions",
}
RESOURCE = {"InternetAccessible": "internet_accessible_actions"}


def findings(entry, account):
    kind, document = entry["kind"], entry["document"]
    if kind == "trust":
        judged, checks = AssumeRolePolicyDocument(document, current_account_id=account), TRUST
    elif kind in ("identity", "service-control"):
        judged, checks = PolicyDocument(document), RIGHTS
    else:
        judged, checks = ResourcePolicyDocument(document), RESOURCE
    for check, property_name in checks.items():
        for detail in getattr(judged, property_name):
            yield {"check": check, "file": entry["file"], "detail": json.dumps(detail)}


account = sys.argv[1]
print(json.dumps([finding for entry in json.load(sys.stdin) for finding in findings(entry, account)]))
