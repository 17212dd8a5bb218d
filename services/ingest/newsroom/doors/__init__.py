"""How staff get in and out: passkeys, invitations, logging out.

Promises that nothing that is opened with GET lets anybody in (promise G10), that a link lets in
once, and that whoever is logged out loses nothing that they had typed. May use people;
knows no article.
"""
