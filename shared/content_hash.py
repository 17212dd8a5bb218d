"""The hash that an approval is bound to. It has versions, so that an approval outlives an upgrade.

A hash of version 1 is 64 hex digits and nothing else, as all hashes are that were ever kept; from
version 2 on the text begins with the version, as `v2:…`. Whoever compares one with a content makes
the content's hash by that very version (`known`).

A field that is added to a model changes no hash: it counts only where it is set. Another way to
write what is hashed is a new version, in two releases: the first knows it, and the second writes
it, so that the one before can read it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, Field

ContentHash = Annotated[str, Field(pattern=r"^(v[1-9][0-9]?:)?[0-9a-f]{64}$")]
Approvable = BaseModel | Mapping[str, Any]
"""What is approved: a model, or several by name."""

_ALWAYS = {
    "Article": "title lead kind lang byline published_on kicker topics sources alert body",
    "Source": "publisher url published_on",
    "Alert": "severity medicines what_happened who_is_affected what_to_do stop_advice seek_help_if "
    "report urgency certainty event_type groups conditions valid_from review_by authorities mode",
    "Medicine": "substance brands additional_monitoring atc batches",
    "Atc": "code valid_from valid_to",
    "StopAdvice": "code text",
    "Report": "patient health_personnel",
    "Authority": "name reference url",
    "Picture": "name width height",
    "Change": "kind note",
    "NoticeContent": "kind lang what_happened consequences measures advice contact members",
}
"""By model, the fields that version 1 hashes also where they are not set. Never changed."""


def _first(content: Approvable) -> str:
    canonical = json.dumps(
        _plain(content), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


VERSIONS: dict[int, Callable[[Approvable], str]] = {1: _first}
"""All that this release can make; none is ever taken out or changed."""
WRITTEN = 1
"""The version of new hashes: one that the release before knows too."""


def content_hash(content: Approvable, known: str = "") -> ContentHash:
    """The hash of a content; `known` if that is a hash of just this content, by whatever version
    that this release can make. Pure."""
    version = _version(known)
    if version not in (None, WRITTEN) and _text(version, content) == known:
        return known
    return _text(WRITTEN, content)


def _version(known: str) -> int | None:
    """The version of a hash; None if there is no hash, or this release cannot make such."""
    version, _, _ = known.removeprefix("v").rpartition(":")
    number = int(version) if version.isdecimal() else 1 if known and not version else None
    return number if number in VERSIONS else None


def _text(version: int, content: Approvable) -> str:
    return ("" if version == 1 else f"v{version}:") + VERSIONS[version](content)


def _plain(value: Any) -> Any:
    """A content as JSON has it, without fields that came later and are not set."""
    if isinstance(value, BaseModel):
        return _pruned(value, value.model_dump(mode="json"))
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value


def _pruned(value: Any, plain: Any) -> Any:
    """`plain`, which is `value` as JSON has it, without those fields."""
    if isinstance(value, BaseModel):
        always, fields = _always(type(value)), type(value).model_fields
        return {
            name: _pruned(getattr(value, name), said)
            for name, said in plain.items()
            if name in always
            or getattr(value, name) != fields[name].get_default(call_default_factory=True)
        }
    if isinstance(value, tuple | list):
        return [_pruned(one, said) for one, said in zip(value, plain, strict=True)]
    if isinstance(value, Mapping):
        return {name: _pruned(one, plain[name]) for name, one in value.items()}
    return plain


@cache
def _always(model: type[BaseModel]) -> frozenset[str]:
    """A model that came later has no such fields."""
    named = [_ALWAYS[kind.__name__] for kind in model.__mro__ if kind.__name__ in _ALWAYS]
    return frozenset(named[0].split()) if named else frozenset()
