"""What a file is that is no text in UTF-8, and how to save it as one. Pure."""

_HOW = "lagre den som ren tekst med tegnsettet UTF-8, i en fil som slutter på .md"
_KINDS = (
    (b"PK\x03\x04", f"et Word-dokument (.docx) eller en annen pakket fil; {_HOW}"),
    (b"\xd0\xcf\x11\xe0", f"et gammelt Office-dokument (.doc); {_HOW}"),
    (b"%PDF-", "en PDF; kopier teksten ut av den, og " + _HOW),
    (b"{\\rtf", f"rik tekst (.rtf); {_HOW}"),
    (b"\xff\xfe", f"lagret som UTF-16 («Unicode»); {_HOW}"),
    (b"\xfe\xff", f"lagret som UTF-16 («Unicode»); {_HOW}"),
    (b"\xff\xd8\xff", "et bilde; send saken, og legg bildet i samme mappe"),
    (b"\x89PNG", "et bilde; send saken, og legg bildet i samme mappe"),
)
_NORWEGIAN = frozenset("æøåÆØÅ«»–—”“’…éèêóòôäöüÄÖÜ°±µ§½·•€®©\u00a0")


def what_it_is(raw: bytes) -> str | None:
    """In words that follow «filen er»; None if it could be text in UTF-8, or anything."""
    for start, words in _KINDS:
        if raw.startswith(start):
            return words
    try:
        raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
        if all(char in _NORWEGIAN for char in text if not char.isascii()):
            return (
                "lagret med tegnsettet Windows-1252 («ANSI»); lagre den på nytt og velg UTF-8 som "
                "koding"
            )
    return None
