"""What a mail from a stranger says: by its fields alone, and always something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.bounces.reading.read import read
from services.notify.bounces.reading.said import Said, Says, codes
from tests.notify.bounces.shapes import SHAPES, complaint, postfix, report, vacation

status_codes = st.builds("5.{}.{}".format, st.integers(1, 9), st.integers(1, 99))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("code", ["5.1.1", "5.1.10", "5.2.2", "5.7.26"])
def test_mail_that_did_not_arrive_says_why_in_every_shape(shape: str, code: str) -> None:
    said = read(SHAPES[shape](code))
    assert said == Said(Says.RETURNED, code, "old" if shape == "qmail" else "dsn")


@given(code=status_codes, shape=st.sampled_from(sorted(SHAPES)))
def test_any_code_is_read_in_any_shape(code: str, shape: str) -> None:
    assert read(SHAPES[shape](code)).code == code


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "DELAYED "])
def test_a_delay_or_a_receipt_is_no_news(action: str) -> None:
    assert read(postfix("4.4.1", action=action)) == Said(Says.NO_NEWS, shape="dsn")


def test_mail_that_arrived_at_one_of_several_addresses_has_arrived() -> None:
    both = "Reporting-MTA: dns; mx\n\n" + "\n\n".join(
        f"Final-Recipient: rfc822; a@example.net\nAction: {action}\nStatus: 5.1.1"
        for action in ("failed", "relayed")
    )
    assert read(report("", both)).says is Says.NO_NEWS
    assert read(report("", both.replace("relayed", "failed"))).says is Says.RETURNED


def test_what_was_given_up_after_days_keeps_its_code() -> None:
    assert read(postfix("4.4.7", diagnostic="delivery expired")).code == "4.4.7"


def test_a_status_that_says_nothing_is_no_address_that_is_gone() -> None:
    for said in ("5.0.0", "nonsense", "", "2.0.0"):
        assert read(postfix(said, diagnostic="it failed")).code == "5.0.0"
    assert read(postfix("5.0.0", diagnostic="550 4.1.1 odd")).code == "5.0.0"


@pytest.mark.parametrize("kind", ["abuse", "Fraud", "opt-out"])
def test_a_complaint_is_one(kind: str) -> None:
    assert read(complaint(kind)) == Said(Says.COMPLAINT, shape="arf")


def test_other_reports_of_providers_are_no_complaints() -> None:
    assert read(complaint("not-spam")).says is Says.NO_NEWS
    for kind in ("virus", "auth-failure", "other", "news"):
        assert read(complaint(kind)).says is Says.ABOUT_US


@pytest.mark.parametrize(
    "mail",
    [
        vacation("Re: varsel", Auto_Submitted="auto-replied"),
        vacation("Re: varsel", Precedence="bulk"),
        vacation("Re: varsel", X_Autoreply="yes"),
        vacation("Autosvar: borte"),
        vacation("Automatic reply: varsel"),
        vacation("Fravær: på ferie"),
    ],
)
def test_an_answering_machine_is_no_news(mail: bytes) -> None:
    assert read(mail) == Said(Says.NO_NEWS, shape="auto_reply")


def test_a_person_who_answers_is_no_bounce() -> None:
    said = read(vacation("Takk for varselet", Auto_Submitted="no"))
    assert said == Said(Says.NO_NEWS)


@given(mail=st.binary(max_size=2000))
def test_nothing_makes_it_fail(mail: bytes) -> None:
    assert isinstance(read(mail), Said)


@given(
    shape=st.sampled_from(sorted(SHAPES)),
    cut=st.integers(0, 3000),
    place=st.integers(0, 3000),
    noise=st.binary(max_size=40),
)
def test_a_mail_that_is_cut_or_broken_says_the_truth_or_nothing(
    shape: str, cut: int, place: int, noise: bytes
) -> None:
    mail = SHAPES[shape]("5.1.1")[:cut]
    said = read(mail[:place] + noise + mail[place:])
    assert said.says in (Says.RETURNED, Says.NO_NEWS)


@given(code=status_codes)
def test_codes_are_found_in_words_and_addresses_of_machines_are_not(code: str) -> None:
    assert codes(f"550 {code}. no (#{code}) at 5.1.1.2 or 15.1.1", of="5") == [code]
    assert codes("5.01.001", of="5") == ["5.1.1"]
    assert codes(code, of="4") == []
