"""Runs a module with no way out: `offline.py <module> [argument…]`.

Every attempt to reach a network is refused by the interpreter itself and told on standard error, so that a judge that
calls home is seen, and nothing of what it judges leaves the machine.
"""

import runpy
import sys

REFUSED = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}


def refuse(event, arguments):
    if event in REFUSED:
        print(f"refused: {event} {arguments!r}", file=sys.stderr, flush=True)
        raise PermissionError(f"a judge has no network: {event}")


sys.addaudithook(refuse)
sys.argv = sys.argv[1:]
if sys.argv[0].endswith(".py"):
    runpy.run_path(sys.argv[0], run_name="__main__")
else:
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
