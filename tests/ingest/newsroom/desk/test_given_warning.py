"""An authority's warning stands beside the form, gives what it says word for word, and never goes
out."""

from services.ingest.lifecycle.store import Articles
from services.ingest.subjects.store import Subjects
from shared.subject import Subject
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import WHOLE_ALERT, FormFields, again
from tests.ingest.newsroom.steps import browser_of, somebody
from tests.ingest.word.documents import docx, paragraph, text

LINK = "https://tilsyn.example.org/advarsel"
WARNING = f"Hemmelig notat. Exempla (eksempelinib, L04AF01) kan skade. Les {LINK}."


async def test_what_was_pasted_is_taken_over_by_a_press_and_never_published(
    ingest: Ingest,
) -> None:
    subject = Subject(
        id="exempla",
        name="Exempla",
        substance="eksempelinib",
        brands=("Exempla", "Exempla Rapid"),
        atc=("L04AF01",),
    )
    await Subjects(ingest.redis).put(subject, "Kari")
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        await kari.get("/redaksjon/ny/")
        page = await kari.send("/redaksjon/ny/", hva="varsel", given=WARNING)
        sak = page.url.path.removesuffix("skriv/")
        assert "Hemmelig notat." in page.text
        for button in ("funnet:alert.medicines=eksempelinib", f"lenke:sources={LINK}"):
            assert f'value="{button}"' in kari.page
            await again(kari, sak, knapp=button)
            assert f'value="{button}"' not in kari.page, "it is offered though it is there"
        fields = FormFields(kari.page).dict()
        medicine = [
            fields[f"alert.medicines.0.{name}"].strip() for name in ("substance", "brands", "atc")
        ]
        assert medicine == ["eksempelinib", "Exempla", "L04AF01"]
        assert fields["sources.0.url"] == LINK
        assert fields["sources.0.publisher"] == "", "nobody said who says it"
        await again(kari, sak, **WHOLE_ALERT)
        await kari.get(f"{sak}send-inn/")
        seen = kari.page.split('name="utgave" value="')[1].split('"')[0]
        await kari.send(f"{sak}send-inn/", utgave=seen)
        life = await Articles(ingest.redis).life(sak.split("/")[-2])
        assert life and life.state == "published"
        assert "Hemmelig notat" not in str(await ingest.redis.xrange("articles"))
        assert "Hemmelig notat" not in (await kari.get(f"{sak}historikk/")).text


async def test_it_can_be_a_word_document_and_what_is_none_is_refused_and_costs_no_text(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari")) as kari:
        await kari.get("/redaksjon/ny/")
        token = kari.page.split('name="skjema" value="')[1].split('"')[0]
        typed = {"skjema": token, "hva": "varsel", "given": "Fra e-posten:"}
        refused = await kari.http.post(
            "/redaksjon/ny/", data=typed, files={"fil": ("varsel.pdf", b"%PDF-1.7")}
        )
        assert refused.status_code == 422
        assert "Filen er en PDF" in refused.text
        assert "Fra e-posten:" in refused.text
        assert 'value="varsel" id="hva-varsel" checked' in refused.text
        page = await kari.http.post(
            "/redaksjon/ny/",
            data=typed,
            files={"fil": ("varsel.docx", docx(paragraph(text("Exempla trekkes."))))},
            follow_redirects=True,
        )
        assert FormFields(page.text).dict()["given"] == "Fra e-posten:\n\nExempla trekkes."
