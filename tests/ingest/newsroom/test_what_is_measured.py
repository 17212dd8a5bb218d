"""Every action of the newsroom is measured: `python -m benchmarks newsroom` leaves none out."""

from benchmarks.newsroom import NOT_MEASURED, worked
from tests.ingest.newsroom.steps import newsroom_routes


async def test_the_benchmark_asks_for_every_page_and_action_but_those_with_a_reason() -> None:
    at = await worked(1, articles=3, entries=10, sizes=("usual",))
    served = {
        (method, route.path)
        for route in newsroom_routes()
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert served - at.asked == NOT_MEASURED.keys()
    assert all(at.figures.values())
