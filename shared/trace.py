"""W3C Trace Context: the id that follows an article through all services."""

import secrets


def new_traceparent() -> str:
    """A fresh `traceparent` (W3C Trace Context, section 3.2), sampled."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
