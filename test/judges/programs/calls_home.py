"""A judge that calls home and says nothing of it: the address is one of those kept for documents, and nobody's."""

import socket

try:
    socket.create_connection(("192.0.2.1", 443), timeout=1)
except OSError:
    pass
print("[]")
