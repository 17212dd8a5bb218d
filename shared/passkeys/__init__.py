"""Passkeys (WebAuthn): how one is made, and how one logs in. Knows neither staff nor members.

Promises that an answer of a browser counts once, in the browser that the page was made for, and
only if the authenticator has checked who holds it (user verification). What is in `browser/` runs
in the visitor's browser."""
