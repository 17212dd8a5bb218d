"""Who is at the other end of a request: a browser, a session, a source. Strangers send anything.

Nothing here can be guessed, and what Redis keeps of it opens no page: only hashes. Notify's pages
and the newsroom stand on it, each with cookies, keys and terms of its own: nothing that one of them
gave opens a page of the other."""
