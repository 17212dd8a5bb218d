"""Who of the staff is told of what, and when: each once, whichever process dies. It knows persons
by id, and no address: notify has those, and is told by events on `control`."""
