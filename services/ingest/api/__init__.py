"""HTTP for programs. A route reads a request, calls a flow, and shapes the answer.

Promises what docs/openapi.json says. May use all rooms of ingest but newsroom. Decides
nothing about an article.
"""
