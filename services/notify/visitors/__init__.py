"""Who is at the other end of a request: a browser, a session, a source. Strangers send anything.

Nothing here can be guessed, and what Redis keeps of it opens no page: only hashes. Knows numbers;
no member, no delivery."""
