"""HTTP for programs. Reads a request, calls a flow, shapes the answer."""
