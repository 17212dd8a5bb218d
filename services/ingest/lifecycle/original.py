"""Which article can be the one that another is a translation of. Pure."""

from shared.article import Article, ArticleId


def why_no_original(
    article: Article, its_id: ArticleId, original: ArticleId, found: Article | None
) -> str | None:
    """Why `article` cannot be a translation of the article with the id `original`, which is
    `found`, if there is one; None if it can. So that readers see one group of translations, not a
    chain, the original is no translation itself."""
    if original == its_id:
        return "saken kan ikke være en oversettelse av seg selv"
    if found is None:
        return "det finnes ingen sak med denne id-en"
    if found.translation_of:
        return f"den saken er selv en oversettelse; skriv {found.translation_of}"
    if found.lang == article.lang:
        return "den saken er på samme språk; endre «lang» i en av dem"
    return None
