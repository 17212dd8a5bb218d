"""A picture in HTML: the file that was kept and, if they are known, lighter ones to choose from.

The browser takes the first format that it knows, and of that the file that fits (HTML, «The picture
element» and «Responsive images»).
"""

from markupsafe import Markup, escape

from shared.article import Picture
from shared.picture_files import PictureSizes, ending

_TYPES = {"avif": "image/avif", "webp": "image/webp"}


def picture_html(
    picture: Picture, alt: str, sizes: PictureSizes | None, *, shown_at: str
) -> Markup:
    """The picture with its alternative text; its height follows from its width before it is there.

    `shown_at` is how wide it is shown, as the attribute `sizes` says it.
    """
    more = Markup("")
    sources = Markup("")
    if sizes:
        about = Markup(' sizes="{}"').format(shown_at)
        sources = Markup("").join(
            Markup('<source type="{}" srcset="{}"{}>').format(
                _TYPES[kind], _srcset(sizes, kind), about
            )
            for kind in sizes.formats
        )
        if len(sizes.widths) > 1:
            more = Markup(' srcset="{}"{}').format(_srcset(sizes, ending(picture)), about)
    image = Markup(
        '<img src="/assets/{}"{} alt="{}" width="{}" height="{}" loading="lazy">'
    ).format(picture.name, more, escape(alt), picture.width, picture.height)
    return Markup("<picture>{}{}</picture>").format(sources, image) if sources else image


def _srcset(sizes: PictureSizes, kind: str) -> str:
    return ", ".join(f"/assets/{name} {width}w" for name, width in sizes.files(kind))


def thumbnail(sizes: PictureSizes) -> Markup:
    """The picture beside a teaser: the narrowest file. It says nothing that the title does not."""
    narrow = sizes.model_copy(update={"widths": sizes.widths[:1]})
    width = narrow.widths[0]
    height = max(round(sizes.picture.height * width / sizes.picture.width), 1)
    source = Markup('<source type="{}" srcset="/assets/{}">')
    sources = Markup("").join(
        source.format(_TYPES[kind], narrow.files(kind)[0][0]) for kind in sizes.formats
    )
    image = Markup('<img src="/assets/{}" alt="" width="{}" height="{}" loading="lazy">').format(
        narrow.files(ending(sizes.picture))[0][0], width, height
    )
    return Markup('<picture class="thumbnail">{}{}</picture>').format(sources, image)
