"""Checkov's Kubernetes checks on files: `checkov_judge.py <file>…` prints `{passed, checks, failed: […]}` for each file.

Its own runner is called, without the command line around it, which loads the readers of twenty other languages first.
"""

import json
import sys

from checkov.common.models.enums import CheckResult
from checkov.kubernetes.runner import Runner
from checkov.runner_filter import RunnerFilter


def judged(path):
    report = Runner().run(root_folder=None, files=[path], runner_filter=RunnerFilter(framework=["kubernetes"]))
    failed = [
        {"check": record.check_id, "name": record.check_name, "resource": record.resource}
        for record in report.failed_checks
        if record.check_result["result"] == CheckResult.FAILED
    ]
    unread = [*report.parsing_errors, *(record.resource for record in report.skipped_checks)]
    return {
        "passed": len(report.passed_checks),
        "checks": len({record.check_id for record in [*report.passed_checks, *report.failed_checks]}),
        "failed": failed,
        "unread": unread,
    }


print(json.dumps({path: judged(path) for path in sys.argv[1:]}))
