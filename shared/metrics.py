"""Gauges that are read for each `/metrics`. docs/observing.md lists all metrics."""

from collections.abc import Iterable, Sequence

from prometheus_client import Metric
from prometheus_client.metrics_core import GaugeMetricFamily

Value = tuple[tuple[str, ...], float]
"""What the labels of a gauge say, and its value there."""


def gauge(name: str, about: str, labels: Sequence[str], values: Iterable[Value]) -> Metric:
    """The gauge `name` with all its values; without labels there is one value."""
    family = GaugeMetricFamily(name, about, labels=labels)
    for said, value in values:
        family.add_metric(said, value)
    return family


def merged(families: Iterable[Metric]) -> list[Metric]:
    """One family of each name, with the samples of all. What several services tell of the same, as
    how far a stream's groups are, is told once."""
    found: dict[str, Metric] = {}
    for family in families:
        known = found.setdefault(family.name, family)
        if known is not family:
            told = [sample.labels for sample in known.samples]
            known.samples += [one for one in family.samples if one.labels not in told]
    return list(found.values())
