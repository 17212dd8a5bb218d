"""Page events and settings for the tests of posts."""

import base64
from typing import Any

from shared.events import PagePublished, PageWithdrawn
from shared.settings import Settings
from shared.trace import new_traceparent
from tests.make import alert, revision, settings
from tests.notify.posting.follower import SECRET

SITE = "https://varsel.example.org"
HOOK = "https://follower.example.net/hook?key=address-secret"
HUB = "https://hub.example.net/"


def published(number: int = 1, **overrides: Any) -> PagePublished:
    about = revision(alert(), revision=number, **overrides)
    return PagePublished.about(about, traceparent=new_traceparent())


def withdrawn(number: int = 2) -> PageWithdrawn:
    return PageWithdrawn.about(revision(revision=number), traceparent=new_traceparent())


def secret_of(letter: str) -> str:
    """A secret of one letter."""
    return "whsec_" + base64.b64encode(letter.encode() * 32).decode()


def followed_by(*hooks: str, hubs: tuple[str, ...] = (), secrets: tuple[str, ...] = ()) -> Settings:
    """Webhooks with `SECRET`, or each with the secret of its letter in `secrets`."""
    keys = [secret_of(letter) for letter in secrets] or [SECRET] * len(hooks)
    webhooks = [{"url": url, "secret": key} for url, key in zip(hooks, keys, strict=True)]
    return settings(site_url=SITE, webhooks=webhooks, websub_hubs=hubs)
