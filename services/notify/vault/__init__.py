"""What may be read only with the keys: what is sealed, and tokens that cannot be guessed.

Nothing here leaves without a key of notify's, and a key is kept only wrapped by the system's secret
(promise G8). Knows bytes and numbers; no member, no delivery."""
