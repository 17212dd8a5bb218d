"""The lists are true, and a sample of the mutants is found; `make mutants` tries all of them."""

from collections import Counter

import pytest

from shared.text import one_line
from tests.mutants.mutant import ROOT, read
from tests.mutants.run import try_all
from tests.mutants.verdict import said_by
from tests.wait import LateError

MUTANTS = read()
SAMPLE = [one for one in MUTANTS if one.sample]
"""Quick ones, of several rooms."""


def test_every_mutant_changes_one_place_of_the_code_as_it_is() -> None:
    wrong = [
        one.id
        for one in MUTANTS
        if (ROOT / one.file).read_text().count(one.old) != 1 or one.old == one.new
    ]
    assert wrong == []


def test_every_mutant_has_a_name_of_its_own_a_promise_and_tests_that_exist() -> None:
    assert [id_ for id_, times in Counter(one.id for one in MUTANTS).items() if times > 1] == []
    for one in MUTANTS:
        assert one.promise, one.id
        assert one.tests, one.id
        for test in one.tests:
            file, _, name = test.partition("::")
            assert (ROOT / file).exists(), (one.id, test)
            if name:
                assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(), (one.id, test)


def test_a_sample_of_the_mutants_is_found() -> None:
    tried = list(try_all(SAMPLE, workers=1))
    assert len(tried) == len(SAMPLE) > 3
    assert [one for one in tried if not one.is_killed] == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AssertionError("1 == 2"), "assertion"),
        (LateError("not so within 10 s"), "late"),
        (TimeoutError(), "late"),
        (KeyError("state"), "error"),
        (ExceptionGroup("two", [KeyError("x"), AssertionError()]), "assertion"),
        (ExceptionGroup("two", [LateError(), AssertionError()]), "late"),
    ],
)
def test_only_an_assertion_kills(error: BaseException, said: str) -> None:
    assert said_by(error) == said


def test_an_error_that_a_test_raises_itself_kills_and_one_of_our_code_does_not() -> None:
    with pytest.raises(ValueError) as of_the_test:
        int("x")
    with pytest.raises(ValueError) as of_our_code:
        one_line("\n")
    assert said_by(of_the_test.value) == "assertion"
    assert said_by(of_our_code.value) == "error"
