"""What programs read: Atom, JSON Feed, CAP, sitemaps. Pure."""
