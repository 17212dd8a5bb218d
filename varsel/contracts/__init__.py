"""What others build on, as documents: the API (OpenAPI) and the streams (AsyncAPI).

Promises that docs/openapi.json and docs/asyncapi.json say what the code does, on every machine the
same: neither settings nor a Redis take part. `python -m varsel.contracts` writes both.
"""
