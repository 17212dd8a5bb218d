"""`python -m shared.languages`: bring the catalogues up to date."""

import argparse
import io
import sys

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from shared.article import Lang
from shared.languages.extract import texts
from shared.languages.say import LANGS, path

_HEAD = """\
# What readers, members and staff are told. See docs/developer.md, «To change a text».
msgid ""
msgstr ""
"Language: {lang}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def brought_up_to_date(lang: Lang) -> Catalog:
    """The catalogue with every text that is in the code now, and no other. What has no words yet
    is empty."""
    catalogue = texts(lang)
    if path(lang).exists():
        with path(lang).open("rb") as file:
            known = read_po(file)
        for one in catalogue:
            if one.id and one.id in known:
                one.string = known[one.id].string
                one.user_comments = known[one.id].user_comments
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file: the same for the same texts, whatever has written it and when."""
    file = io.BytesIO()
    file.write(_HEAD.format(lang=catalogue.locale).encode())
    write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False, omit_header=True)
    return file.getvalue()


def main() -> None:
    """Write them, and say what is missing: exit 1 if something is."""
    parser = argparse.ArgumentParser(
        prog="python -m shared.languages",
        description="Bring nn.po and en.po up to date: new texts are added without words, and "
        "those that nobody says any longer are removed. Then fill in what is named.",
        epilog="Example: python -m shared.languages && git diff shared/languages",
    )
    parser.parse_args()
    missing = 0
    for lang in LANGS[1:]:
        catalogue = brought_up_to_date(lang)
        path(lang).write_bytes(written(catalogue))
        for one in catalogue:
            if one.id and not one.string:
                missing += 1
                sys.stdout.write(f"{path(lang).name}: no words yet for: {one.id}\n")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
