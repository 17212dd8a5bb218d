"""Articles of any shape that the models take, for hypothesis."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.ingest.desk.shape import FORM, Shape
from tests import make

_signs = "aB æØå7 .,;:=#*[](){}<>|&%/\\\"'«»–é\u00a0😀"
line = st.text(_signs, min_size=1, max_size=30).map(str.strip).filter(bool)
lines = st.lists(line, max_size=3)
some_lines = st.lists(line, min_size=1, max_size=3)
day = st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(str)
url = st.sampled_from(["https://tilsyn.example.org/varsel", "http://example.org/a?b=c&d=%20#e"])
code = st.from_regex(r"[A-Z][0-9]{2}[A-Z][A-Z][0-9]{2}", fullmatch=True)
body = st.lists(st.text(_signs + "\n\t-_`", max_size=80), min_size=1, max_size=6).map("\n\n".join)
times = st.integers(0, 100_000_000).map(
    lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
) | st.integers(-90, 90).map(
    # Around the hour that clocks in Norway show twice.
    lambda minutes: datetime(2026, 10, 25, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def _days(names: tuple[str, str]) -> Any:
    """Two days in their order, or one of them, or none."""
    both = st.lists(day, min_size=2, max_size=2).map(sorted)
    some = st.sampled_from([(), names[:1], names[1:], names])
    return st.builds(
        lambda found, kept: {
            name: at for name, at in zip(names, found, strict=True) if name in kept
        },
        both,
        some,
    )


def _with(required: dict[str, Any], optional: dict[str, Any], days: Any = None) -> Any:
    made = st.fixed_dictionaries(required, optional=optional)
    return st.builds(lambda one, more: one | more, made, days) if days is not None else made


_atc = _with({"code": code}, {}, _days(("valid_from", "valid_to")))
_medicine = _with(
    {"substance": line, "brands": some_lines},
    {
        "additional_monitoring": st.booleans(),
        "atc": st.lists(_atc, max_size=3),
        "batches": lines,
    },
)
_authority = _with({"name": line}, {"reference": line, "url": url})
_source = st.fixed_dictionaries({"publisher": line, "url": url, "published_on": day})
_alert = _with(
    {
        "severity": st.sampled_from(["extreme", "severe", "moderate", "minor"]),
        "medicines": st.lists(_medicine, min_size=1, max_size=3),
        "what_happened": line,
        "who_is_affected": line,
        "what_to_do": some_lines,
        "stop_advice": st.fixed_dictionaries(
            {"code": st.sampled_from(["do_not_stop", "stop_now", "not_applicable"]), "text": line}
        ),
        "seek_help_if": some_lines,
        "report": st.fixed_dictionaries({"patient": url, "health_personnel": url}),
    },
    {
        "urgency": st.sampled_from(["immediate", "past"]),
        "certainty": st.sampled_from(["observed", "unknown"]),
        "event_type": st.sampled_from(["recall", "other"]),
        "groups": lines,
        "conditions": lines,
        "authorities": st.lists(_authority, max_size=2),
        "mode": st.sampled_from(["actual", "exercise", "test"]),
    },
    _days(("valid_from", "review_by")),
)
_any = {
    "title": line, "lead": line, "lang": st.sampled_from(["nb", "nn"]), "byline": line,
    "published_on": day, "body": body.filter(lambda text: bool(text.strip())),
}  # fmt: skip
articles = st.builds(
    make.Article.model_validate,
    _with(
        _any | {"kind": st.just("news")},
        {"kicker": line, "topics": lines, "sources": st.lists(_source, max_size=3)},
    )
    | _with(
        _any
        | {
            "kind": st.just("safety_alert"), "kicker": line, "topics": some_lines,
            "sources": st.lists(_source, min_size=1, max_size=3), "alert": _alert,
        },
        {},
    ),
)  # fmt: skip


def any_typed(shape: Shape = FORM) -> st.SearchStrategy[Any]:
    """Fields in the form's shape, with anything in them."""
    if isinstance(shape, dict):
        return st.fixed_dictionaries({name: any_typed(inner) for name, inner in shape.items()})
    if isinstance(shape, list):
        return st.lists(any_typed(shape[0]), max_size=3)
    if shape == "check":
        return st.sampled_from(["", "on"])
    return st.just("") | st.text(max_size=12).map(lambda text: text.replace("\r", ""))
