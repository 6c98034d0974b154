"""Moto on loopback, and a door through which the stand-in for AWS sends its requests by botocore.

POST /cloister/call takes {service, operation, parameters, region, account} as JSON: botocore checks the parameters by
AWS's own models, then sends the request over HTTP to moto at this very address. With "send": false it is only checked.
With "claim": a name, the answer is kept under it, and is given again when a stopped run asks for the same thing.

Moto forgets everything when it ends. So each request that may change something is written to a journal before it is
carried out, with the randomness of its own number: played again at the next start, it gives the same identifiers.
"""

import base64
import io
import json
import os
import random
import signal
import sys
import threading
from datetime import datetime

PORT, JOURNAL = int(sys.argv[1]), sys.argv[2]
HOME = f"http://127.0.0.1:{PORT}"

# Nothing of the person's is looked for: no profile, no instance role, no proxy. An unknown managed policy is refused.
os.environ.update(
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    AWS_EC2_METADATA_DISABLED="true",
    MOTO_EC2_LOAD_DEFAULT_AMIS="false",
    MOTO_IAM_LOAD_MANAGED_POLICIES="true",
    NO_PROXY="127.0.0.1",
)

import botocore.session  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError  # noqa: E402
from botocore.validate import ParamValidator  # noqa: E402
from moto.moto_api._internal import mock_random  # noqa: E402
from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app  # noqa: E402
from werkzeug.serving import run_simple  # noqa: E402
from werkzeug.test import EnvironBuilder, run_wsgi_app  # noqa: E402
from werkzeug.wrappers import Request, Response  # noqa: E402

READS = ("Describe", "Get", "List", "Head", "BatchGet", "Search", "Lookup", "Filter")


def shown(value):
    """JSON for what botocore gives beyond it: times, and bodies, which are not read here."""
    return value.isoformat() if isinstance(value, datetime) else None


class Journal:
    """What happened, one line each: requests, and the answers that were claimed."""

    def __init__(self, path):
        self.path = path
        self.number = 0
        self.lines = []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                # The last line may be half-written, where this process was killed.
                self.lines = [json.loads(line) for line in file if line.endswith("\n")]

    def write(self, entry):
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry, default=shown) + "\n")

    def next_seed(self):
        """Randomness follows from the number of the request alone."""
        self.number += 1
        mock_random.seed(self.number)
        random.seed(self.number)


class Moto:
    """One request at a time: moto's state is not made for several, and their order decides identifiers."""

    def __init__(self, journal):
        self.journal = journal
        self.lock = threading.RLock()
        self.app = DomainDispatcherApplication(create_backend_app)
        self.replayed = threading.Event()

    def replay(self):
        with self.lock:
            for line in self.journal.lines:
                if "request" in line:
                    self.journal.next_seed()
                    run_wsgi_app(self.app, environment_of(line["request"]), buffered=True)
            self.journal.lines = []
            self.replayed.set()

    def handle(self, request):
        self.replayed.wait()
        entry = recorded(request)
        with self.lock:
            if changes(request):
                self.journal.write({"request": entry})
                self.journal.next_seed()
            chunks, status, headers = run_wsgi_app(self.app, environment_of(entry), buffered=True)
            return Response(b"".join(chunks), status=status, headers=headers)


def recorded(request):
    body = request.get_data()
    return {
        "method": request.method,
        "path": request.environ.get("RAW_URI") or request.full_path,
        "headers": [[key, value] for key, value in request.headers if key.lower() != "content-length"],
        "body": base64.b64encode(body).decode("ascii"),
    }


def environment_of(entry):
    path, _, query = entry["path"].partition("?")
    builder = EnvironBuilder(
        method=entry["method"],
        path=path,
        query_string=query,
        base_url=HOME,
        headers=entry["headers"],
        input_stream=io.BytesIO(base64.b64decode(entry["body"])),
    )
    builder.content_length = len(base64.b64decode(entry["body"]))
    environ = builder.get_environ()
    environ["RAW_URI"] = environ["REQUEST_URI"] = entry["path"]
    return environ


def changes(request):
    """Whether moto may hold something else afterwards."""
    target = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    if target:
        return not target.startswith(READS)
    if request.mimetype == "application/x-www-form-urlencoded":
        fields = dict(part.partition("=")[::2] for part in request.get_data(as_text=True).split("&"))
        if "Action" in fields:
            return not fields["Action"].startswith(READS)
    return request.method not in ("GET", "HEAD")


class Door:
    """Requests by botocore, whose models of each service refuse what AWS's own clients would refuse."""

    def __init__(self, journal):
        self.journal = journal
        self.session = botocore.session.Session()
        self.clients = {}
        self.lock = threading.Lock()
        # Held while an answer is claimed: the end of the process waits for it.
        self.claiming = threading.Lock()
        self.claims = {line["claim"]: line["answer"] for line in journal.lines if "claim" in line}

    def client(self, service, region, account):
        key = (service, region, account)
        with self.lock:
            if key not in self.clients:
                client = self.session.create_client(
                    service,
                    region_name=region,
                    endpoint_url=HOME,
                    aws_access_key_id="rehearsal",
                    aws_secret_access_key="rehearsal",
                    config=Config(
                        proxies={},
                        retries={"total_max_attempts": 1},
                        s3={"addressing_style": "path"},
                        request_checksum_calculation="when_required",
                        inject_host_prefix=False,
                    ),
                )

                def name_account(request, **_):
                    request.headers["x-moto-account-id"] = account

                client.meta.events.register("before-sign.*.*", name_account)
                self.clients[key] = client
            return self.clients[key]

    def call(self, asked):
        client = self.client(asked["service"], asked["region"], asked["account"])
        operation, parameters = asked["operation"], asked["parameters"]
        if not asked.get("send", True):
            shape = client.meta.service_model.operation_model(operation).input_shape
            report = ParamValidator().validate(parameters, shape) if shape else None
            if report and report.has_errors():
                raise ParamValidationError(report=report.generate_report())
            return {"answer": {}}
        claim = asked.get("claim")
        if claim is None:
            return {"answer": self.sent(client, operation, parameters)}
        with self.claiming:
            if claim in self.claims and not asked.get("anew"):
                return {"answer": self.claims[claim], "claimed": True}
            answer = json.loads(json.dumps(self.sent(client, operation, parameters), default=shown))
            self.claims[claim] = answer
            self.journal.write({"claim": claim, "answer": answer})
            return {"answer": answer}

    def sent(self, client, operation, parameters):
        answer = client._make_api_call(operation, parameters)
        answer.pop("ResponseMetadata", None)
        return answer

    def handle(self, request):
        asked = request.get_json()
        try:
            return self.call(asked)
        except ParamValidationError as error:
            return refused("model", "ParamValidationError", error.kwargs["report"])
        except ClientError as error:
            told = error.response.get("Error", {})
            return refused("service", told.get("Code", "Unknown"), told.get("Message", str(error)))
        except BotoCoreError as error:
            return refused("model", type(error).__name__, str(error))


def refused(by, code, message):
    return {"error": {"by": by, "code": code, "message": message}}


def main():
    journal = Journal(JOURNAL)
    door, moto = Door(journal), Moto(journal)

    @Request.application
    def application(request):
        if request.path == "/cloister/ready":
            return Response("moto")
        if request.path == "/cloister/call":
            return Response(json.dumps(door.handle(request), default=shown), mimetype="application/json")
        return moto.handle(request)

    def leave(*_):
        door.claiming.acquire(timeout=5)
        os._exit(0)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, leave)
    threading.Thread(target=moto.replay, daemon=True).start()
    run_simple("127.0.0.1", PORT, application, threaded=True, request_handler=MotoRequestHandler)


main()
