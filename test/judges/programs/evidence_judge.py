"""Judges documents of evidence: reads `[{kind, text, key?}]`, prints what is wrong with each, or null.

`assessment-results` and `component-definition` are judged by compliance-trestle's models and validators, `envelope` by
securesystemslib's signature check and in-toto's own types, `csv` by Python's reader, which then tells its rows.
"""

import csv
import io
import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0.test_result_pb2 import TestResult
from in_toto_attestation.v1.resource_descriptor_pb2 import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey
from trestle.core.duplicates_validator import DuplicatesValidator
from trestle.core.refs_validator import RefsValidator
from trestle.oscal import assessment_results, component

MODELS = {"assessment-results": assessment_results.Model, "component-definition": component.Model}


def oscal(kind, text, _key):
    (model,) = [value for _, value in MODELS[kind](**json.loads(text)) if value is not None]
    for validator in (DuplicatesValidator(), RefsValidator()):
        if not validator.model_is_valid(model, True):
            raise ValueError(validator.error_msg())
    return model.metadata.oscal_version.root.root


def envelope(_kind, text, key):
    sealed = json.loads(text)
    public = SSlibKey.from_crypto(load_pem_public_key(key.encode()), sealed["signatures"][0]["keyid"])
    opened = Envelope.from_dict(sealed)
    opened.verify([public], 1)
    told = json.loads(opened.payload)
    subjects = [json_format.ParseDict(one, ResourceDescriptor()) for one in told["subject"]]
    statement = Statement(subjects, told["predicateType"], told["predicate"])
    statement.pb.type = told["_type"]
    statement.validate()
    # Strict: a field that the predicate does not know is an error.
    return json_format.ParseDict(told["predicate"], TestResult()).result


def rows(_kind, text, _key):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


JUDGES = {"assessment-results": oscal, "component-definition": oscal, "envelope": envelope, "csv": rows}


def judged(entry):
    try:
        return {"says": JUDGES[entry["kind"]](entry["kind"], entry["text"], entry.get("key"))}
    except Exception as error:  # Whatever a judge throws is its judgement.
        return {"wrong": f"{type(error).__name__}: {error}"}


print(json.dumps([judged(entry) for entry in json.load(sys.stdin)]))
