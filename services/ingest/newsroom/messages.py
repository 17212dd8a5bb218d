"""What is said of a text, and what is refused, in the reader's language: the messages of
services/ingest/reading as `plain` says them, of the flows, of pictures and Word documents, and of
the site's own fields.

A message comes finished, with its values in it. It is held against the patterns, which are as it is
in bokmål, and what stands in the place of a name is taken over as it is; in that of `{what…}` are
words of ours, in that of `{message}` is a message again, and in that of `{refusal}` one that is
known.
"""

import re

from shared.article import Lang
from shared.languages.say import Nb, say

WORDS: Nb[tuple[str, ...]] = (
    "«| Vekt | Dose |», under den «|---|---|», og så én linje for hver rad",
    "navnet på pakken",
    "virkestoffet",
    "sommertid",
    "vintertid",
    "en mellomtittel",
    "en replikk",
    "en liste",
    "linjen med streker",
    "raden",
    "et usynlig tegn",
    "et usynlig tegn som snur skriveretningen",
    "et halvt tegn (surrogat)",
    "usynlig",
    "ikke et tegn i Unicode",
    "et kontrolltegn eller linjeskift",
    "saken",
    "bildet",
    "dokumentet",
    "en kladd",
    "til godkjenning",
    "klar, og blir publisert når tiden er inne",
    "trukket tilbake for godt",
)
"""What stands in the place of `{what…}`."""

_WHERE: Nb[tuple[str, ...]] = (
    "linje {line} i teksten: {message}",
    "linje {line}: {message}",
    "mangler; {message}",
)

_FIELDS: Nb[tuple[str, ...]] = (
    "mangler",
    "fyll det ut",
    "må være tekst; skriv det på nytt",
    "har et halvt tegn (surrogat); fjern det",
    "for langt: høyst {most} tegn",
    "skriv en ATC-kode med store bokstaver, som L04AF01 eller L04",
    "må ha minst {least} innslag",
    "har for mange innslag: høyst {most}",
    "må være en liste",
    "må være true eller false",
    "må være felt med verdier: {fields}",
    "velg en av: {codes}",
    "har feil form",
    "dagen finnes ikke; skriv datoen som ÅÅÅÅ-MM-DD",
    "tidspunktet finnes ikke; skriv det som {example}",
    "feltet finnes ikke; mente du «{field}»?",
    "feltet finnes ikke; disse finnes: {fields}",
    "dagen er før «valid_from»; rett en av dem",
    "dagen er passert; skriv en dag som kommer, eller ta bort feltet",
    "året må være fra 1900 til 2200; er det skrevet feil?",
    "den dagen er det {what} i Norge; skriv {one} (kl.\u00a0{at}) eller {other} (kl.\u00a0{later})",
    "saken blir publisert {time} norsk tid; tiden er skrevet i en annen tidssone",
    "skriv dag, klokkeslett og tidssone, for eksempel {example}",
    "skriv datoen som ÅÅÅÅ-MM-DD, for eksempel 2026-04-03",
    "skriv en hel nettadresse som begynner med https://",
    "skriv hva som er rettet; det er det første medlemmene leser",
    "velg hva endringen betyr for leserne",
    "en sak av typen «{kind}» kan ikke ha «alert»; bruk safety_alert",
    "tegn nummer {number} er {what} (U+{code}); fjern det",
    "tegn nummer {number} er det første av over {most} aksenter på samme bokstav; fjern dem",
    "et usynlig tegn (myk bindestrek eller mellomrom uten bredde) er fjernet",
    "{count} usynlige tegn (myk bindestrek eller mellomrom uten bredde) er fjernet",
    "e-posten kan bli på {size} kB, og mer enn {most} kB kan ikke sendes til alle; det meste er dette feltet, så kort det ned, og la detaljer stå i brødteksten",
)

_LINT: Nb[tuple[str, ...]] = (
    "tittelen har {number} tegn; kort den ned til {most}, så den vises hel i innbokser og lister",
    "tittelen nevner ingen av medisinene; ta med navnet, så de som bruker den, ser det straks",
    "verken tittel, ingress, «Hva har skjedd?» eller «Hvem gjelder det?» nevner {what}; ta det med, for eksempel «{name}»",
    "setningen «{words} …» har {number} ord; del den opp, høyst {most} er lett å lese",
    "varslet er tungt å lese: LIX er {number}, og høyst {most} er lett; bruk kortere setninger og ord i varselet",
    "{words} er ikke forklart; skriv ordet helt ut, med forkortelsen i parentes etter",
    "lenken «{words}» sier ikke hvor den fører; la ordene i lenken si hva leseren finner der",
    "{words} skal ha tankestrek: {right}",
    "{words} er lettere å lese med mellomrom: {right}",
    "{words} er ikke navn på noe emne som medlemmer kan velge, så varselet går til alle. Er det en skrivefeil, så rett den; ellers kan emnet tas inn (varsel subjects import)",
)

_BODY: Nb[tuple[str, ...]] = (
    "høyst {most} fotnoter inne i teksten (^[…])",
    "teksten har over {most} tegn «[»; fjern dem, eller del saken i flere",
    "teksten har rå HTML, som ikke er lov; bruk Markdown, eller \\< for tegnet <",
    "bildet «{file}» er ikke lastet opp; last det opp under «Bilder»",
    "bildet «{file}» mangler alternativ tekst; skriv hva det viser mellom [ og ]",
    'bildet «{file}» er skrevet slik at det ville bli stående som tekst; bruk rette anførselstegn "…" rundt bildeteksten og bare «…» inne i den, ikke mellomrom mellom ] og (, og < > rundt et filnavn med mellomrom',
    "bildet står inne i et avsnitt, og leserne ser ikke bildeteksten; sett det alene på en linje",
    "fotnoten «{mark}» mangler tekst; skriv linjen «{same}: …»",
    "fotnoten «{mark}» har {number} tekster; gi hver fotnote et eget nummer",
    "fotnoten «{mark}» er ikke brukt i teksten; sett «{same}» der den hører til",
    "fotnoten «{mark}» står rett etter et tall og kan leses som en del av det; sett den etter et ord eller et punktum",
    "fotnoten «[^{mark}]» får tallet {number}, for fotnoter telles i den rekkefølgen de står; gi dem tall i samme rekkefølge",
    "lenken til «{address}» ville falle bort; skriv hele adressen, som https://… (mailto: og tel: er også lov)",
    "lenken til «{address}» er skrevet slik at den ville bli stående som tekst; skriv [ordene](https://…) uten mellomrom i adressen",
    "lenken til «{address}» har ingen ord; skriv dem mellom [ og ]",
    "leserne ser ikke «{words}» bak adressen i lenken; skriv det i teksten",
    "leserne ville ikke sett «{words}»; skriv lenken som [ordene](https://…), eller \\[ foran hvis linjen skal leses",
    "leserne ser tegnene for en kodeblokk; de må stå alene på en linje, før og etter den, med blank linje foran",
    "leserne ser «{words}» med tegnet #; mener du en mellomtittel, så skriv «## » foran",
    "leserne ser «{words}» slik det står; skriv tegnet selv",
    "leserne ser «{words}», for lenken mangler adresse; skriv [ordene](https://…)",
    "leserne ser «{words}», for uthevingen begynner eller slutter inne i et ord; sett mellomrom utenfor tegnene",
    "tegnene {mark} går ikke opp; skriv like mange foran og bak ordet, eller \\{same} for tegnet selv",
    "linjene med tankestrek blir en punktliste; er de replikker, så sett en blank linje mellom dem",
    "tallet {second} følger etter {first}, så linjene står som avsnitt og ikke som en liste; rett tallet hvis det er en liste",
    "«{words}» blir et punkt i en liste, uten streken; mener du minus, så skriv − eller ordet «minus»",
    "«{words}» blir stående i avsnittet, med tegnet foran; skal det være {what}, så sett en blank linje over",
    "«{words}» kan ikke leses slik at leserne ser alle tegnene; skriv det med enklere ord og tegn, eller sett \\ foran tegnet som skal vises",
    "«{words}» ser ut som en bokstav som er ødelagt av feil tegnsett; åpne filen på nytt som UTF-8",
    "«{words}» ville blitt et sitat uten tegnet >; skriv «mer enn», eller \\> for tegnet selv",
)

_TABLES: Nb[tuple[str, ...]] = (
    "en celle i tabellen er tom, og leserne vet ikke hvorfor; skriv «–», «ingen» eller «ikke kjent»",
    "en tabell må stå for seg selv, ikke i en liste, et sitat eller en fotnote, og hver rad må begynne og slutte med |; skriv {what}",
    "et bilde kan ikke stå i en tabell; sett det alene på en linje utenfor",
    "kolonne {number} i tabellen har ingen overskrift; skriv hva som står i den (bare ruten øverst til venstre kan være tom)",
    "tabellen har ingen overskrifter; skriv dem i den øverste raden, og linjen «|{dashes}» under den",
    "tabellen har ingen overskrifter; skriv over hver kolonne hva som står i den",
    "tabellen har ingen rader; skriv {what}",
    "tabellen har over {most} kolonner; del den i flere tabeller",
    "tabellen kan ikke leses; skriv {what}",
    "tabellen mangler overskriftene; skriv {what}",
    "tabellen trenger en blank linje over seg",
    "tegnet \\ kan ikke stå i kode (mellom `) i en tabell; skriv det uten `",
    "{what} har {cells}, men overskriften i tabellen har {columns}; skriv like mange i hver rad, og \\| for tegnet selv",
    "«{words}» er HTML, som en tabell ikke kan ha; skriv en rad til i stedet for et linjeskift, ** for utheving, eller \\< for tegnet <",
    "«{words}» er ingen rad i tabellen over; begynn og slutt raden med |, eller sett en blank linje mellom tabellen og teksten",
    "«{words}» ser ut som en tabell, men blir ett avsnitt; skriv {what}",
)

_COUNTED: Nb[tuple[str, ...]] = (
    "nå",
    "om under to minutter",
    "om {number} minutter",
    "om {number} timer",
    "om {number} dager",
    "{number}, lett",
    "{number}, middels",
    "{number}, tung: kort ned setningene",
)
"""What the pages count: how long it is until a time, and how hard a text is to read."""

_PICTURES: Nb[tuple[str, ...]] = (
    "er i iPhone-formatet HEIC; lagre det som JPEG, og bruk den filen",
    "er en animasjon; last opp et stillbilde",
    "har over {number} megapiksler; gjør det mindre",
    "har over {number} megapiksler; gjør det mindre, eller lagre det som JPEG",
    "har en side på over {number} piksler; gjør det mindre",
    "tar for mye plass når det pakkes ut; gjør det mindre, eller lagre det som JPEG",
    "tar for mye tid eller minne å lese; gjør det mindre, og lagre det som vanlig JPEG",
    "kan ikke leses; bruk en hel fil som er JPEG, PNG eller WebP",
    "er over {number} MB; gjør det mindre",
    "er ikke klart ennå; vent litt, og prøv igjen",
    "ble borte på veien; last det opp på nytt",
    "bildet kunne ikke lagres; prøv igjen om litt",
    "bildet kunne ikke leses nå; prøv igjen om litt",
)

_WORD: Nb[tuple[str, ...]] = (
    "dokumentet er for stort eller for innviklet; del det i flere",
    "dokumentet er for stort; del det i flere",
    "dokumentet er over {number} MB; ta ut bildene, og prøv igjen",
    "dokumentet kom ikke fram. Prøv igjen",
    "dokumentet kunne ikke leses nå; prøv igjen om litt",
    "filen er et gammelt Word-dokument (.doc) eller har passord; lagre den som .docx uten passord",
    "filen er en PDF; åpne den, merk teksten, og lim den inn",
    "filen er ikke et Word-dokument; velg en fil som slutter på .docx",
    "filen kan ikke leses som et Word-dokument; åpne den i Word, lagre den som .docx, og prøv igjen",
    "bildet i dokumentet er ikke med. Legg inn bilder med knappen «Bilde»",
    "de {number} bildene i dokumentet er ikke med. Legg inn bilder med knappen «Bilde»",
)

_SITE: Nb[tuple[str, ...]] = (
    "skriv en id med små bokstaver fra a til z, tall og bindestrek",
    "skriv fargen som # og seks tegn, for eksempel #0b5670",
    "fargen er for lys til å leses: kontrasten mot bakgrunnen er {contrast}:1, og må være minst 4,5:1; velg en mørkere",
    "skriv en adresse som begynner med / (her på nettstedet) eller https://",
    "skriv nummeret med sifre og mellomrom, for eksempel 22 00 00 00",
    "skriv en hel e-postadresse, for eksempel post@example.org",
    "dette er ikke et organisasjonsnummer; det har ni sifre",
)

_FLOWS: Nb[tuple[str, ...]] = (
    "e-posten blir på {size}, og e-posttjeneren tar imot høyst {most}. Kort ned varselet; detaljer kan stå i brødteksten",
    "e-posten blir på {size}, og e-posttjeneren tar imot høyst {most}. Kort ned varselet; detaljer kan stå i brødteksten. Avvis saken, og skriv hva som må gjøres",
    "teksten har tegn som bare Varsel selv kan sette i en e-post. Skriv lange koder og adresser i varselet på nytt, og si fra til den som drifter Varsel",
    "teksten har tegn som bare Varsel selv kan sette i en e-post. Skriv lange koder og adresser i varselet på nytt, og si fra til den som drifter Varsel. Avvis saken, og skriv hva som må gjøres",
    "{name} har skrevet på saken siden du så den. Ingenting er sendt inn. Åpne saken, les det som er nytt, og send inn på nytt",
    "{name} har lagret en ny utgave; hent saken på nytt, og se den først",
    "det samme innholdet er sendt inn før, som sak {id}; endre det, eller bruk den",
    "saken er {what_state}. Det du kan gjøre nå, er: {what_ways}",
    "{what_thing} kan ikke tas imot. {message}",
    "rett dette feltet, og send igjen: {fields}",
    "rett disse feltene, og send igjen: {fields}",
    "innholdet kan være høyst {limit}; gjør det mindre",
    "kan ikke endres når saken er publisert; trekk den, og skriv en ny sak",
    "kan ikke endres når varselet er publisert; trekk det, og skriv et nytt",
    "en rettelse venter, og blir ikke sendt til noen hvis den gjøres om til en mindre endring; bruk «kind: correction» (varsel correct), også for å rette på rettelsen",
    "saken er publisert; skriv hva endringen er: kind «edit» (sendes ingen) eller «correction» (sendes alle som har fått varselet), og note med hva som er endret",
    "saken er ikke publisert, så ingen har lest den; fjern feltet",
    "teksten tar for lang tid å lese, og ingenting er lagret; del saken i flere, og fjern lange rekker av tegn som {marks}",
    "og {number} varsler til",
    "saken kunne ikke leses nå; prøv igjen om litt",
    "mange lagrer samtidig; prøv igjen om litt",
    "teksten tar for lang tid å vise nå. Den er lagret; prøv igjen om litt",
    "noen andre skriver på saken akkurat nå. Prøv igjen om litt",
    "høyst {number} tegn; nå er det {number_now}",
)

_OF_A_PICTURE: Nb[tuple[str, ...]] = (
    "bildet «{file}» {refusal}",
    "bildet {refusal}",
    "fjern bildet fra teksten: {refusal}",
)

PATTERNS: tuple[str, ...] = (
    *(*_WHERE, *_FIELDS, *_LINT, *_BODY, *_TABLES, *_COUNTED),
    *(*_PICTURES, *_WORD, *_SITE, *_FLOWS, *_OF_A_PICTURE),
)
"""Those that come first are tried first. Those of a sentence stand without its full stop."""

_PLACE = re.compile(r"\{(\w+)\}")


def _matching(pattern: str) -> re.Pattern[str]:
    """What a message of the pattern matches. A `{line}` or a `{number}` is one of digits alone."""
    parts = _PLACE.split(pattern)
    for at in range(0, len(parts), 2):
        parts[at] = re.escape(parts[at])
    for at in range(1, len(parts), 2):
        inner = r"\d+" if parts[at] in ("line", "number", "number_now") else ".+?"
        parts[at] = f"(?P<{parts[at]}>{inner})"
    return re.compile("".join(parts), re.DOTALL)


_MATCHING = [(_matching(pattern), pattern) for pattern in PATTERNS]


def message_in(lang: Lang, message: str) -> str | None:
    """A message in a language, with a capital and a full stop if it had them; None if no pattern is
    like it, or it is bokmål that is wanted."""
    if lang == "nb":
        return None
    small = message[:1].lower() + message[1:]
    for said in dict.fromkeys((message, small)):
        for matching, pattern in _MATCHING:
            if found := matching.fullmatch(said):
                values = found.groupdict()
                if "refusal" in values and message_in(lang, values["refusal"]) is None:
                    continue
                inner = {name: _value(lang, name, value) for name, value in values.items()}
                told = say(pattern, lang).format(**inner)
                return told if said == message else told[:1].upper() + told[1:]
    if message.endswith(".") and (told := message_in(lang, message[:-1]) or ""):
        return f"{told}."
    return None


def _value(lang: Lang, name: str, value: str) -> str:
    if name in ("message", "refusal"):
        return message_in(lang, value) or value
    if not name.startswith("what"):
        return value
    small = value[:1].lower() + value[1:]
    return next((say(word, lang) for word in (value, small) if word in WORDS), value)
