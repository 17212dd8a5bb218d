"""What was not touched in the visual editor stays as it was, byte for byte; what is undone was
never done. `make proof` tries ten thousand bodies, `make test` a sample of them."""

import os

import pytest

from tests.browsers.editor.bench import Bench
from tests.browsers.editor.bodies import bodies
from tests.render.real import needs_real_article, real_article

pytestmark = pytest.mark.browsers

_COUNT = int(os.environ.get("BODIES", "400"))
_SEED = int(os.environ.get("SEED", "1"))
_BATCH = 200
_CHANGE = """([bodies, first]) => bodies.map((body, at) => {
    try { return bench.changeOne(visual, body, first + at); }
    catch (error) { return {untouched: String(error.stack)}; }
})"""


def test_one_block_is_changed_and_all_other_bytes_stay(bench: Bench) -> None:
    made = list(bodies(_COUNT, _SEED))
    page = bench.parts()
    changed = inexact = with_notes = 0
    for start in range(0, len(made), _BATCH):
        some = made[start : start + _BATCH]
        found = page.evaluate(_CHANGE, [some, _SEED * 1_000_003 + start])
        for body, one in zip(some, found, strict=True):
            assert one["untouched"] == body
            if one.get("skipped"):
                continue
            changed += 1
            inexact += not one["isExact"]
            with_notes += one["isOfNotes"]
            assert one["isKept"], (one["name"], body, one["block"], one["text"])
            assert one["undone"] == body, (one["name"], body, one["block"], one["text"])
    print(
        f"{changed} bodies, one block of each changed and undone; {inexact} not written as shown; "
        f"in {with_notes} a footnote's mark or note came or went"
    )
    assert changed > 0.98 * len(made)
    assert with_notes <= 0.02 * len(made)
    assert inexact <= 0.01 * len(made)


@needs_real_article
def test_every_part_of_the_real_article_is_shown_and_written_as_it_was(bench: Bench) -> None:
    body = real_article().body
    kinds, text, anew = bench.parts().evaluate(
        """body => {
            visual.open(body);
            const kinds = [];
            visual.view.state.doc.forEach(node => kinds.push(node.type.name));
            const {blocks, footnotes} = visual.slices;
            const anew = blocks.map(one =>
                bench.write(one.node, [...footnotes], visual.schema).text);
            return [kinds, visual.read().text, anew.join("\\n\\n")];
        }""",
        body,
    )
    assert text == body
    assert "source" not in kinds
    assert anew == body.strip("\n")
