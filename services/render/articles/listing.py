"""Which lists an article stands in, from its sequence number alone.

Numbered pages and sitemaps are counted from the oldest article, so a new article moves none of the
others and publishing touches as few files among 10,000 articles as among 100.
"""

PAGE = 20
"""Teasers on one numbered page, and on the list of the newest."""
SITEMAP = 500
"""Addresses in one sitemap."""


def part_of(sequence: int, size: int) -> int:
    """The number, from 1, of the part of `size` that holds the article."""
    return (sequence - 1) // size + 1


def sequences(part: int, size: int) -> tuple[int, int]:
    """The first and the last sequence number that part number `part` holds."""
    return (part - 1) * size + 1, part * size


def pages_touched(sequence: int) -> tuple[int, ...]:
    """The numbered pages that change with the article: its own, and the one before a new page,
    which then gets a link to a newer neighbour."""
    page = part_of(sequence, PAGE)
    begins_page = sequence == sequences(page, PAGE)[0]
    return (page - 1, page) if begins_page and page > 1 else (page,)


def begins_sitemap(sequence: int) -> bool:
    """Whether the index of sitemaps changes with the article: it is the first in its own."""
    return sequence == sequences(part_of(sequence, SITEMAP), SITEMAP)[0]


def older_than_newest(articles: int) -> int | None:
    """The numbered page to read on at after the newest `PAGE` of `articles`, if there are more."""
    return part_of(articles - PAGE, PAGE) if articles > PAGE else None
