"""What programs read in a page's head: JSON-LD in the words of schema.org, and the pictures of Open
Graph. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from services.render.articles.changes import is_withdrawn, newest_change
from services.render.articles.teaser import Teaser, author, sentence
from services.render.look.templates import Site
from services.render.pages.share_picture import SIZE, SharePicture, share_picture_path
from services.render.subjects.paths import medicine_path
from services.render.text.labels import labels
from shared.alert import Medicine
from shared.revision import Revision
from shared.subject import Subject

Data = dict[str, Any]


class SharedImage(NamedTuple):
    """A picture that is shown where a page is shared."""

    address: str
    width: int
    height: int
    text: str


def shared_images(site: Site, revision: Revision) -> list[SharedImage]:
    """The pictures of the article if it is news; of an alert, or if there are none, the drawn one,
    which says what it is. None if it is no article for everybody."""
    alert = revision.article.alert
    if alert and alert.mode != "actual":
        return []
    if revision.pictures and not alert:
        return [
            SharedImage(f"{site.address}/assets/{one.name}", one.width, one.height, "")
            for one in revision.pictures.values()
        ]
    drawn = SharePicture.of(site, revision)
    text = ". ".join(filter(None, (drawn.above, drawn.title)))
    return [SharedImage(site.address + share_picture_path(revision), *SIZE, text)]


def article_data(site: Site, revision: Revision, translations: Sequence[Teaser]) -> Data:
    """The article as NewsArticle, and an alert as MedicalWebPage about drugs beside it; a page that
    is no news as WebPage."""
    article, alert = revision.article, revision.article.alert
    address = site.address + revision.path
    if article.kind == "info":
        return _page_data(site, revision)
    publisher = _publisher(site)
    news: Data = {
        "@type": "NewsArticle",
        "@id": f"{address}#sak",
        "mainEntityOfPage": address,
        "headline": article.title,
        "description": sentence(article.lead),
        "inLanguage": article.lang,
        "datePublished": revision.published_at.isoformat(),
        "dateModified": revision.at.isoformat(),
        "author": {"@type": "Person", "name": author(article.byline)},
        "publisher": publisher,
        "image": [image.address for image in shared_images(site, revision)],
        "keywords": list(article.topics),
    }
    if article.sources:
        news["citation"] = [source.url for source in article.sources]
    if translations:
        news["workTranslation"] = [{"@id": f"{site.address}{t.path}#sak"} for t in translations]
    if is_withdrawn(revision):
        news["creativeWorkStatus"] = labels(article.lang).changes["withdrawal"]
    if (past := newest_change(revision)) and past.change and past.change.note:
        news["correction"] = {
            "@type": "CorrectionComment",
            "text": past.change.note,
            "datePublished": past.at.isoformat(),
        }
    graph = [news]
    if alert:
        page: Data = {
            "@type": "MedicalWebPage",
            "@id": address,
            "name": article.title,
            "description": sentence(article.lead),
            "inLanguage": article.lang,
            "lastReviewed": revision.at.date().isoformat(),
            "medicalAudience": {"@type": "MedicalAudience", "audienceType": "Patient"},
            "publisher": publisher,
            "about": [_drug(medicine) for medicine in alert.medicines],
        }
        if alert.review_by and not is_withdrawn(revision):
            page["expires"] = alert.review_by.isoformat()
        graph.append(page)
    return {"@context": "https://schema.org", "@graph": graph}


def _page_data(site: Site, revision: Revision) -> Data:
    return {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": site.address + revision.path,
        "name": revision.article.title,
        "description": sentence(revision.article.lead),
        "inLanguage": revision.article.lang,
        "dateModified": revision.at.isoformat(),
        "publisher": _publisher(site),
    }


def _publisher(site: Site) -> Data:
    """The association, with what it says of itself."""
    own = site.identity
    said = {"telephone": own.telephone, "email": own.email, "address": own.postal_address}
    found: Data = {"@type": "NGO", "name": site.name, "url": f"{site.address}/"}
    if own.logo:
        found["logo"] = f"{site.address}/assets/{own.logo.name}"
    return found | {name: value for name, value in said.items() if value}


def medicine_data(site: Site, subject: Subject) -> Data:
    """A medicine's page, or that of a class of medicines."""
    address = site.address + medicine_path(subject.id)
    about: Data = {
        "@type": "Drug" if subject.substance else "DrugClass",
        "name": subject.called(site.lang),
    }
    if subject.substance:
        about["activeIngredient"] = subject.substance
        about["alternateName"] = list(subject.brands)
    about["code"] = [_atc(code) for code in subject.atc]
    return {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "@id": address,
        "name": subject.called(site.lang),
        "inLanguage": site.lang,
        "about": about,
    }


def _drug(medicine: Medicine) -> Data:
    return {
        "@type": "Drug",
        "name": ", ".join(medicine.brands),
        "alternateName": list(medicine.brands),
        "nonProprietaryName": medicine.substance,
        "activeIngredient": medicine.substance,
        "code": [_atc(atc.code) for atc in medicine.atc],
    }


def _atc(code: str) -> Data:
    return {"@type": "MedicalCode", "codeValue": code, "codingSystem": "ATC"}
