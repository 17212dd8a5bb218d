"""What is said of a text, in nynorsk: the messages of services/ingest/reading, as `plain` says them.

A message comes finished, with its values in it. It is held against the patterns, and what stands in
the place of a name is taken over into the nynorsk as it is; in that of `{what…}` are words of ours,
in that of `{message}` is a message again, and in that of `{refusal}` one that has nynorsk.
"""

import re

from services.ingest.newsroom.nynorsk import refusals

_TABLE = "«| Vekt | Dose |», under den «|---|---|», og så én linje for hver rad"

WORDS: dict[str, str] = {
    _TABLE: "«| Vekt | Dose |», under ho «|---|---|», og så éi linje for kvar rad",
    "navnet på pakken": "namnet på pakken",
    "virkestoffet": "verkestoffet",
    "sommertid": "sommartid",
    "vintertid": "vintertid",
    "en mellomtittel": "ein mellomtittel",
    "en replikk": "ein replikk",
    "en liste": "ei liste",
    "linjen med streker": "linja med strekar",
    "raden": "rada",
    "et usynlig tegn": "eit usynleg teikn",
    "et usynlig tegn som snur skriveretningen": "eit usynleg teikn som snur skriveretninga",
    "et halvt tegn (surrogat)": "eit halvt teikn (surrogat)",
    "usynlig": "usynleg",
    "ikke et tegn i Unicode": "ikkje eit teikn i Unicode",
    "et kontrolltegn eller linjeskift": "eit kontrollteikn eller linjeskift",
    **refusals.WORDS,
}
"""What stands in the place of `{what…}`."""

_WHERE = {
    "linje {line} i teksten: {message}": "linje {line} i teksten: {message}",
    "linje {line}: {message}": "linje {line}: {message}",
    "mangler; {message}": "manglar; {message}",
}

_FIELDS = {
    "mangler": "manglar",
    "fyll det ut": "fyll det ut",
    "må være tekst; skriv det på nytt": "må vere tekst; skriv det på nytt",
    "har et halvt tegn (surrogat); fjern det": "har eit halvt teikn (surrogat); fjern det",
    "for langt: høyst {most} tegn": "for langt: høgst {most} teikn",
    "skriv en ATC-kode med store bokstaver, som L04AF01 eller L04": "skriv ein ATC-kode med store bokstavar, som L04AF01 eller L04",
    "må ha minst {least} innslag": "må ha minst {least} innslag",
    "har for mange innslag: høyst {most}": "har for mange innslag: høgst {most}",
    "må være en liste": "må vere ei liste",
    "må være true eller false": "må vere true eller false",
    "må være felt med verdier: {fields}": "må vere felt med verdiar: {fields}",
    "velg en av: {codes}": "vel ein av: {codes}",
    "har feil form": "har feil form",
    "dagen finnes ikke; skriv datoen som ÅÅÅÅ-MM-DD": "dagen finst ikkje; skriv datoen som ÅÅÅÅ-MM-DD",
    "tidspunktet finnes ikke; skriv det som {example}": "tidspunktet finst ikkje; skriv det som {example}",
    "feltet finnes ikke; mente du «{field}»?": "feltet finst ikkje; meinte du «{field}»?",
    "feltet finnes ikke; disse finnes: {fields}": "feltet finst ikkje; desse finst: {fields}",
    "dagen er før «valid_from»; rett en av dem": "dagen er før «valid_from»; rett éin av dei",
    "dagen er passert; skriv en dag som kommer, eller ta bort feltet": "dagen er passert; skriv ein dag som kjem, eller ta bort feltet",
    "året må være fra 1900 til 2200; er det skrevet feil?": "året må vere frå 1900 til 2200; er det skrive feil?",
    "den dagen er det {what} i Norge; skriv {one} (kl. {at}) eller {other} (kl. {later})": "den dagen er det {what} i Noreg; skriv {one} (kl. {at}) eller {other} (kl. {later})",
    "saken blir publisert {time} norsk tid; tiden er skrevet i en annen tidssone": "saka blir publisert {time} norsk tid; tida er skriven i ei anna tidssone",
    "skriv dag, klokkeslett og tidssone, for eksempel {example}": "skriv dag, klokkeslett og tidssone, til dømes {example}",
    "skriv datoen som ÅÅÅÅ-MM-DD, for eksempel 2026-04-03": "skriv datoen som ÅÅÅÅ-MM-DD, til dømes 2026-04-03",
    "skriv en hel nettadresse som begynner med https://": "skriv ei heil nettadresse som byrjar med https://",
    "skriv hva som er rettet; det er det første medlemmene leser": "skriv kva som er retta; det er det første medlemmene les",
    "velg hva endringen betyr for leserne": "vel kva endringa har å seie for lesarane",
    "en sak av typen «{kind}» kan ikke ha «alert»; bruk safety_alert": "ei sak av typen «{kind}» kan ikkje ha «alert»; bruk safety_alert",
    "tegn nummer {number} er {what} (U+{code}); fjern det": "teikn nummer {number} er {what} (U+{code}); fjern det",
    "tegn nummer {number} er det første av over {most} aksenter på samme bokstav; fjern dem": "teikn nummer {number} er det første av over {most} aksentar på same bokstav; fjern dei",
    "et usynlig tegn (myk bindestrek eller mellomrom uten bredde) er fjernet": "eit usynleg teikn (mjuk bindestrek eller mellomrom utan breidd) er fjerna",
    "{count} usynlige tegn (myk bindestrek eller mellomrom uten bredde) er fjernet": "{count} usynlege teikn (mjuk bindestrek eller mellomrom utan breidd) er fjerna",
    "e-posten kan bli på {size} kB, og mer enn {most} kB kan ikke sendes til alle; det meste er dette feltet, så kort det ned, og la detaljer stå i brødteksten": "e-posten kan bli på {size} kB, og meir enn {most} kB kan ikkje sendast til alle; det meste er dette feltet, så kort det ned, og lat detaljar stå i brødteksten",
}  # fmt: skip

_LINT = {
    "tittelen har {number} tegn; kort den ned til {most}, så den vises hel i innbokser og lister": "tittelen har {number} teikn; kort han ned til {most}, så han blir vist heil i innboksar og lister",
    "tittelen nevner ingen av medisinene; ta med navnet, så de som bruker den, ser det straks": "tittelen nemner ingen av medisinane; ta med namnet, så dei som bruker han, ser det straks",
    "verken tittel, ingress, «Hva har skjedd?» eller «Hvem gjelder det?» nevner {what}; ta det med, for eksempel «{name}»": "verken tittel, ingress, «Kva har skjedd?» eller «Kven gjeld det?» nemner {what}; ta det med, til dømes «{name}»",
    "setningen «{words} …» har {number} ord; del den opp, høyst {most} er lett å lese": "setninga «{words} …» har {number} ord; del ho opp, høgst {most} er lett å lese",
    "varslet er tungt å lese: LIX er {number}, og høyst {most} er lett; bruk kortere setninger og ord i varselet": "varselet er tungt å lese: LIX er {number}, og høgst {most} er lett; bruk kortare setningar og ord i varselet",
    "{words} er ikke forklart; skriv ordet helt ut, med forkortelsen i parentes etter": "{words} er ikkje forklart; skriv ordet heilt ut, med forkortinga i parentes etter",
    "lenken «{words}» sier ikke hvor den fører; la ordene i lenken si hva leseren finner der": "lenkja «{words}» seier ikkje kvar ho fører; lat orda i lenkja seie kva lesaren finn der",
    "{words} skal ha tankestrek: {right}": "{words} skal ha tankestrek: {right}",
    "{words} er lettere å lese med mellomrom: {right}": "{words} er lettare å lese med mellomrom: {right}",
    "{words} er ikke navn på noe emne som medlemmer kan velge, så varselet går til alle. Er det en skrivefeil, så rett den; ellers kan emnet tas inn (varsel subjects import)": "{words} er ikkje namn på noko emne som medlemmer kan velje, så varselet går til alle. Er det ein skrivefeil, så rett han; elles kan emnet takast inn (varsel subjects import)",
}  # fmt: skip

_BODY = {
    "høyst {most} fotnoter inne i teksten (^[…])": "høgst {most} fotnotar inne i teksten (^[…])",
    "teksten har over {most} tegn «[»; fjern dem, eller del saken i flere": "teksten har over {most} teikn «[»; fjern dei, eller del saka i fleire",
    "teksten har rå HTML, som ikke er lov; bruk Markdown, eller \\< for tegnet <": "teksten har rå HTML, som ikkje er lov; bruk Markdown, eller \\< for teiknet <",
    "bildet «{file}» er ikke lastet opp; last det opp under «Bilder»": "biletet «{file}» er ikkje lasta opp; last det opp under «Bilete»",
    "bildet «{file}» mangler alternativ tekst; skriv hva det viser mellom [ og ]": "biletet «{file}» manglar alternativ tekst; skriv kva det viser mellom [ og ]",
    "bildet «{file}» er skrevet slik at det ville bli stående som tekst; bruk rette anførselstegn \"…\" rundt bildeteksten og bare «…» inne i den, ikke mellomrom mellom ] og (, og < > rundt et filnavn med mellomrom": "biletet «{file}» er skrive slik at det ville bli ståande som tekst; bruk rette hermeteikn \"…\" rundt bileteksten og berre «…» inne i han, ikkje mellomrom mellom ] og (, og < > rundt eit filnamn med mellomrom",
    "bildet står inne i et avsnitt, og leserne ser ikke bildeteksten; sett det alene på en linje": "biletet står inne i eit avsnitt, og lesarane ser ikkje bileteksten; set det åleine på ei linje",
    "fotnoten «{mark}» mangler tekst; skriv linjen «{same}: …»": "fotnoten «{mark}» manglar tekst; skriv linja «{same}: …»",
    "fotnoten «{mark}» har {number} tekster; gi hver fotnote et eget nummer": "fotnoten «{mark}» har {number} tekstar; gi kvar fotnote eit eige nummer",
    "fotnoten «{mark}» er ikke brukt i teksten; sett «{same}» der den hører til": "fotnoten «{mark}» er ikkje brukt i teksten; set «{same}» der han høyrer til",
    "fotnoten «{mark}» står rett etter et tall og kan leses som en del av det; sett den etter et ord eller et punktum": "fotnoten «{mark}» står rett etter eit tal og kan lesast som ein del av det; set han etter eit ord eller eit punktum",
    "fotnoten «[^{mark}]» får tallet {number}, for fotnoter telles i den rekkefølgen de står; gi dem tall i samme rekkefølge": "fotnoten «[^{mark}]» får talet {number}, for fotnotar blir talde i den rekkjefølgja dei står; gi dei tal i same rekkjefølgje",
    "lenken til «{address}» ville falle bort; skriv hele adressen, som https://… (mailto: og tel: er også lov)": "lenkja til «{address}» ville falle bort; skriv heile adressa, som https://… (mailto: og tel: er òg lov)",
    "lenken til «{address}» er skrevet slik at den ville bli stående som tekst; skriv [ordene](https://…) uten mellomrom i adressen": "lenkja til «{address}» er skriven slik at ho ville bli ståande som tekst; skriv [orda](https://…) utan mellomrom i adressa",
    "lenken til «{address}» har ingen ord; skriv dem mellom [ og ]": "lenkja til «{address}» har ingen ord; skriv dei mellom [ og ]",
    "leserne ser ikke «{words}» bak adressen i lenken; skriv det i teksten": "lesarane ser ikkje «{words}» bak adressa i lenkja; skriv det i teksten",
    "leserne ville ikke sett «{words}»; skriv lenken som [ordene](https://…), eller \\[ foran hvis linjen skal leses": "lesarane ville ikkje sett «{words}»; skriv lenkja som [orda](https://…), eller \\[ framfor viss linja skal lesast",
    "leserne ser tegnene for en kodeblokk; de må stå alene på en linje, før og etter den, med blank linje foran": "lesarane ser teikna for ei kodeblokk; dei må stå åleine på ei linje, før og etter ho, med blank linje framfor",
    "leserne ser «{words}» med tegnet #; mener du en mellomtittel, så skriv «## » foran": "lesarane ser «{words}» med teiknet #; meiner du ein mellomtittel, så skriv «## » framfor",
    "leserne ser «{words}» slik det står; skriv tegnet selv": "lesarane ser «{words}» slik det står; skriv teiknet sjølv",
    "leserne ser «{words}», for lenken mangler adresse; skriv [ordene](https://…)": "lesarane ser «{words}», for lenkja manglar adresse; skriv [orda](https://…)",
    "leserne ser «{words}», for uthevingen begynner eller slutter inne i et ord; sett mellomrom utenfor tegnene": "lesarane ser «{words}», for uthevinga byrjar eller sluttar inne i eit ord; set mellomrom utanfor teikna",
    "tegnene {mark} går ikke opp; skriv like mange foran og bak ordet, eller \\{same} for tegnet selv": "teikna {mark} går ikkje opp; skriv like mange framfor og bak ordet, eller \\{same} for teiknet sjølv",
    "linjene med tankestrek blir en punktliste; er de replikker, så sett en blank linje mellom dem": "linjene med tankestrek blir ei punktliste; er dei replikkar, så set ei blank linje mellom dei",
    "tallet {second} følger etter {first}, så linjene står som avsnitt og ikke som en liste; rett tallet hvis det er en liste": "talet {second} følgjer etter {first}, så linjene står som avsnitt og ikkje som ei liste; rett talet viss det er ei liste",
    "«{words}» blir et punkt i en liste, uten streken; mener du minus, så skriv − eller ordet «minus»": "«{words}» blir eit punkt i ei liste, utan streken; meiner du minus, så skriv − eller ordet «minus»",
    "«{words}» blir stående i avsnittet, med tegnet foran; skal det være {what}, så sett en blank linje over": "«{words}» blir ståande i avsnittet, med teiknet framfor; skal det vere {what}, så set ei blank linje over",
    "«{words}» kan ikke leses slik at leserne ser alle tegnene; skriv det med enklere ord og tegn, eller sett \\ foran tegnet som skal vises": "«{words}» kan ikkje lesast slik at lesarane ser alle teikna; skriv det med enklare ord og teikn, eller set \\ framfor teiknet som skal visast",
    "«{words}» ser ut som en bokstav som er ødelagt av feil tegnsett; åpne filen på nytt som UTF-8": "«{words}» ser ut som ein bokstav som er øydelagd av feil teiknsett; opne fila på nytt som UTF-8",
    "«{words}» ville blitt et sitat uten tegnet >; skriv «mer enn», eller \\> for tegnet selv": "«{words}» ville blitt eit sitat utan teiknet >; skriv «meir enn», eller \\> for teiknet sjølv",
}  # fmt: skip

_TABLES = {
    "en celle i tabellen er tom, og leserne vet ikke hvorfor; skriv «–», «ingen» eller «ikke kjent»": "ei celle i tabellen er tom, og lesarane veit ikkje kvifor; skriv «–», «ingen» eller «ikkje kjent»",
    "en tabell må stå for seg selv, ikke i en liste, et sitat eller en fotnote, og hver rad må begynne og slutte med |; skriv {what}": "ein tabell må stå for seg sjølv, ikkje i ei liste, eit sitat eller ein fotnote, og kvar rad må byrje og slutte med |; skriv {what}",
    "et bilde kan ikke stå i en tabell; sett det alene på en linje utenfor": "eit bilete kan ikkje stå i ein tabell; set det åleine på ei linje utanfor",
    "kolonne {number} i tabellen har ingen overskrift; skriv hva som står i den (bare ruten øverst til venstre kan være tom)": "kolonne {number} i tabellen har inga overskrift; skriv kva som står i han (berre ruta øvst til venstre kan vere tom)",
    "tabellen har ingen overskrifter; skriv dem i den øverste raden, og linjen «|{dashes}» under den": "tabellen har ingen overskrifter; skriv dei i den øvste rada, og linja «|{dashes}» under ho",
    "tabellen har ingen overskrifter; skriv over hver kolonne hva som står i den": "tabellen har ingen overskrifter; skriv over kvar kolonne kva som står i han",
    "tabellen har ingen rader; skriv {what}": "tabellen har ingen rader; skriv {what}",
    "tabellen har over {most} kolonner; del den i flere tabeller": "tabellen har over {most} kolonnar; del han i fleire tabellar",
    "tabellen kan ikke leses; skriv {what}": "tabellen kan ikkje lesast; skriv {what}",
    "tabellen mangler overskriftene; skriv {what}": "tabellen manglar overskriftene; skriv {what}",
    "tabellen trenger en blank linje over seg": "tabellen treng ei blank linje over seg",
    "tegnet \\ kan ikke stå i kode (mellom `) i en tabell; skriv det uten `": "teiknet \\ kan ikkje stå i kode (mellom `) i ein tabell; skriv det utan `",
    "{what} har {cells}, men overskriften i tabellen har {columns}; skriv like mange i hver rad, og \\| for tegnet selv": "{what} har {cells}, men overskrifta i tabellen har {columns}; skriv like mange i kvar rad, og \\| for teiknet sjølv",
    "«{words}» er HTML, som en tabell ikke kan ha; skriv en rad til i stedet for et linjeskift, ** for utheving, eller \\< for tegnet <": "«{words}» er HTML, som ein tabell ikkje kan ha; skriv ei rad til i staden for eit linjeskift, ** for utheving, eller \\< for teiknet <",
    "«{words}» er ingen rad i tabellen over; begynn og slutt raden med |, eller sett en blank linje mellom tabellen og teksten": "«{words}» er inga rad i tabellen over; byrj og slutt rada med |, eller set ei blank linje mellom tabellen og teksten",
    "«{words}» ser ut som en tabell, men blir ett avsnitt; skriv {what}": "«{words}» ser ut som ein tabell, men blir eitt avsnitt; skriv {what}",
}  # fmt: skip

_TOLD = {
    "nå": "no",
    "om under to minutter": "om under to minutt",
    "om {number} minutter": "om {number} minutt",
    "om {number} timer": "om {number} timar",
    "om {number} dager": "om {number} dagar",
    "{number}, lett": "{number}, lett",
    "{number}, middels": "{number}, middels",
    "{number}, tung: kort ned setningene": "{number}, tung: kort ned setningane",
}
"""What the pages count: how long it is until a time, and how hard a text is to read."""

PATTERNS: dict[str, str] = {
    **_WHERE, **_FIELDS, **_LINT, **_BODY, **_TABLES, **_TOLD, **refusals.REFUSED,
}  # fmt: skip
"""Those that come first are tried first."""

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


_MATCHING = [(_matching(bokmal), nynorsk) for bokmal, nynorsk in PATTERNS.items()]


def in_nynorsk(message: str) -> str | None:
    """A message in nynorsk, with a capital and a full stop where it had them; none if no pattern
    is like it."""
    small = message[:1].lower() + message[1:]
    for said in dict.fromkeys((message, small)):
        for pattern, nynorsk in _MATCHING:
            if found := pattern.fullmatch(said):
                values = found.groupdict()
                if "refusal" in values and in_nynorsk(values["refusal"]) is None:
                    continue
                told = nynorsk.format(**{k: _value(k, v) for k, v in values.items()})
                return told if said == message else told[:1].upper() + told[1:]
    if message.endswith(".") and (told := in_nynorsk(message[:-1]) or ""):
        return f"{told}."
    return None


def _value(name: str, value: str) -> str:
    if name in ("message", "refusal"):
        return in_nynorsk(value) or value
    if not name.startswith("what"):
        return value
    small = value[:1].lower() + value[1:]
    return WORDS.get(value) or WORDS.get(small) or value
