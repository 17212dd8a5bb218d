"""What is refused, in nynorsk: by the flows, pictures, Word documents and the site's own fields."""

_PICTURES = {
    "er i iPhone-formatet HEIC; lagre det som JPEG, og bruk den filen": "er i iPhone-formatet HEIC; lagre det som JPEG, og bruk den fila",
    "er en animasjon; last opp et stillbilde": "er ein animasjon; last opp eit stillbilete",
    "har over {number} megapiksler; gjør det mindre": "har over {number} megapikslar; gjer det mindre",
    "har over {number} megapiksler; gjør det mindre, eller lagre det som JPEG": "har over {number} megapikslar; gjer det mindre, eller lagre det som JPEG",
    "har en side på over {number} piksler; gjør det mindre": "har ei side på over {number} pikslar; gjer det mindre",
    "tar for mye plass når det pakkes ut; gjør det mindre, eller lagre det som JPEG": "tek for mykje plass når det blir pakka ut; gjer det mindre, eller lagre det som JPEG",
    "tar for mye tid eller minne å lese; gjør det mindre, og lagre det som vanlig JPEG": "tek for mykje tid eller minne å lese; gjer det mindre, og lagre det som vanleg JPEG",
    "kan ikke leses; bruk en hel fil som er JPEG, PNG eller WebP": "kan ikkje lesast; bruk ei heil fil som er JPEG, PNG eller WebP",
    "bildet kunne ikke lagres; prøv igjen om litt": "biletet kunne ikkje lagrast; prøv igjen om litt",
    "bildet kunne ikke leses nå; prøv igjen om litt": "biletet kunne ikkje lesast no; prøv igjen om litt",
}  # fmt: skip

_WORD = {
    "dokumentet er for stort eller for innviklet; del det i flere": "dokumentet er for stort eller for innvikla; del det i fleire",
    "dokumentet er for stort; del det i flere": "dokumentet er for stort; del det i fleire",
    "dokumentet er over {number} MB; ta ut bildene, og prøv igjen": "dokumentet er over {number} MB; ta ut bileta, og prøv igjen",
    "dokumentet er over {number} MB. Ta ut bildene, og prøv igjen": "dokumentet er over {number} MB. Ta ut bileta, og prøv igjen",
    "dokumentet kom ikke fram. Prøv igjen": "dokumentet kom ikkje fram. Prøv igjen",
    "dokumentet kunne ikke leses nå; prøv igjen om litt": "dokumentet kunne ikkje lesast no; prøv igjen om litt",
    "filen er et gammelt Word-dokument (.doc) eller har passord; lagre den som .docx uten passord": "fila er eit gammalt Word-dokument (.doc) eller har passord; lagre ho som .docx utan passord",
    "filen er en PDF; åpne den, merk teksten, og lim den inn": "fila er ein PDF; opne han, merk teksten, og lim han inn",
    "filen er ikke et Word-dokument; velg en fil som slutter på .docx": "fila er ikkje eit Word-dokument; vel ei fil som sluttar på .docx",
    "filen kan ikke leses som et Word-dokument; åpne den i Word, lagre den som .docx, og prøv igjen": "fila kan ikkje lesast som eit Word-dokument; opne ho i Word, lagre ho som .docx, og prøv igjen",
    "bildet i dokumentet er ikke med. Legg inn bilder med knappen «Bilde»": "biletet i dokumentet er ikkje med. Legg inn bilete med knappen «Bilete»",
    "de {number} bildene i dokumentet er ikke med. Legg inn bilder med knappen «Bilde»": "dei {number} bileta i dokumentet er ikkje med. Legg inn bilete med knappen «Bilete»",
}  # fmt: skip

_SITE = {
    "skriv en id med små bokstaver fra a til z, tall og bindestrek": "skriv ein id med små bokstavar frå a til z, tal og bindestrek",
    "skriv fargen som # og seks tegn, for eksempel #0b5670": "skriv fargen som # og seks teikn, til dømes #0b5670",
    "fargen er for lys til å leses: kontrasten mot bakgrunnen er {contrast}:1, og må være minst 4,5:1; velg en mørkere": "fargen er for lys til å lesast: kontrasten mot bakgrunnen er {contrast}:1, og må vere minst 4,5:1; vel ein mørkare",
    "skriv en adresse som begynner med / (her på nettstedet) eller https://": "skriv ei adresse som byrjar med / (her på nettstaden) eller https://",
    "skriv nummeret med sifre og mellomrom, for eksempel 22 00 00 00": "skriv nummeret med siffer og mellomrom, til dømes 22 00 00 00",
    "skriv en hel e-postadresse, for eksempel post@example.org": "skriv ei heil e-postadresse, til dømes post@example.org",
    "dette er ikke et organisasjonsnummer; det har ni sifre": "dette er ikkje eit organisasjonsnummer; det har ni siffer",
}  # fmt: skip

_FLOWS = {
    "e-posten blir på {size}, og e-posttjeneren tar imot høyst {most}. Kort ned varselet; detaljer kan stå i brødteksten": "e-posten blir på {size}, og e-posttenaren tek imot høgst {most}. Kort ned varselet; detaljar kan stå i brødteksten",
    "e-posten blir på {size}, og e-posttjeneren tar imot høyst {most}. Kort ned varselet; detaljer kan stå i brødteksten. Avvis saken, og skriv hva som må gjøres": "e-posten blir på {size}, og e-posttenaren tek imot høgst {most}. Kort ned varselet; detaljar kan stå i brødteksten. Avvis saka, og skriv kva som må gjerast",
    "teksten har tegn som bare Varsel selv kan sette i en e-post. Skriv lange koder og adresser i varselet på nytt, og si fra til den som drifter Varsel": "teksten har teikn som berre Varsel sjølv kan setje i ein e-post. Skriv lange kodar og adresser i varselet på nytt, og sei frå til den som driftar Varsel",
    "teksten har tegn som bare Varsel selv kan sette i en e-post. Skriv lange koder og adresser i varselet på nytt, og si fra til den som drifter Varsel. Avvis saken, og skriv hva som må gjøres": "teksten har teikn som berre Varsel sjølv kan setje i ein e-post. Skriv lange kodar og adresser i varselet på nytt, og sei frå til den som driftar Varsel. Avvis saka, og skriv kva som må gjerast",
    "{name} har skrevet på saken siden du så den. Ingenting er sendt inn. Åpne saken, les det som er nytt, og send inn på nytt": "{name} har skrive på saka sidan du såg ho. Ingenting er sendt inn. Opne saka, les det som er nytt, og send inn på nytt",
    "{name} har lagret en ny utgave; hent saken på nytt, og se den først": "{name} har lagra ei ny utgåve; hent saka på nytt, og sjå ho først",
    "det samme innholdet er sendt inn før, som sak {id}; endre det, eller bruk den": "det same innhaldet er sendt inn før, som sak {id}; endre det, eller bruk ho",
    "saken er {what_state}. Det du kan gjøre nå, er: {what_ways}": "saka er {what_state}. Det du kan gjere no, er: {what_ways}",
    "{what_thing} kan ikke tas imot. {message}": "{what_thing} kan ikkje takast imot. {message}",
    "rett dette feltet, og send igjen: {fields}": "rett dette feltet, og send igjen: {fields}",
    "rett disse feltene, og send igjen: {fields}": "rett desse felta, og send igjen: {fields}",
    "innholdet kan være høyst {limit}; gjør det mindre": "innhaldet kan vere høgst {limit}; gjer det mindre",
    "kan ikke endres når saken er publisert; trekk den, og skriv en ny sak": "kan ikkje endrast når saka er publisert; trekk ho, og skriv ei ny sak",
    "kan ikke endres når varselet er publisert; trekk det, og skriv et nytt": "kan ikkje endrast når varselet er publisert; trekk det, og skriv eit nytt",
    "en rettelse venter, og blir ikke sendt til noen hvis den gjøres om til en endring; bruk «kind: correction» (varsel correct), også for å rette på rettelsen": "ei retting ventar, og blir ikkje send til nokon viss ho blir gjord om til ei endring; bruk «kind: correction» (varsel correct), òg for å rette på rettinga",
    "saken er publisert; skriv hva endringen er: kind «edit» (sendes ingen) eller «correction» (sendes alle som har fått varselet), og note med hva som er endret": "saka er publisert; skriv kva endringa er: kind «edit» (blir ikkje send til nokon) eller «correction» (blir send til alle som har fått varselet), og note med kva som er endra",
    "saken er ikke publisert, så ingen har lest den; fjern feltet": "saka er ikkje publisert, så ingen har lese ho; fjern feltet",
    "teksten tar for lang tid å lese, og ingenting er lagret; del saken i flere, og fjern lange rekker av tegn som {marks}": "teksten tek for lang tid å lese, og ingenting er lagra; del saka i fleire, og fjern lange rekkjer av teikn som {marks}",
    "og {number} varsler til": "og {number} varsel til",
    "saken kunne ikke leses nå; prøv igjen om litt": "saka kunne ikkje lesast no; prøv igjen om litt",
    "mange lagrer samtidig; prøv igjen om litt": "mange lagrar samtidig; prøv igjen om litt",
    "teksten tar for lang tid å vise nå. Den er lagret; prøv igjen om litt": "teksten tek for lang tid å vise no. Han er lagra; prøv igjen om litt",
    "noen andre skriver på saken akkurat nå. Prøv igjen om litt": "nokon andre skriv på saka akkurat no. Prøv igjen om litt",
    "høyst {number} tegn; nå er det {number_now}": "høgst {number} teikn; no er det {number_now}",
}  # fmt: skip

_OF_A_PICTURE = {
    "bildet «{file}» {refusal}": "biletet «{file}» {refusal}",
    "bildet {refusal}": "biletet {refusal}",
}

REFUSED: dict[str, str] = {**_PICTURES, **_WORD, **_SITE, **_FLOWS, **_OF_A_PICTURE}
"""Patterns, as in messages.py. Those of a sentence stand without its full stop."""

WORDS: dict[str, str] = {
    "saken": "saka",
    "bildet": "biletet",
    "dokumentet": "dokumentet",
    "en kladd": "ein kladd",
    "til godkjenning": "til godkjenning",
    "klar, og blir publisert når tiden er inne": "klar, og blir publisert når tida er inne",
    "trukket tilbake for godt": "trekt tilbake for godt",
}
"""What stands in the place of `{what…}`."""

TEXTS: dict[str, str] = {
    "Innholdet har feil": "Innhaldet har feil",
    "Dokumentet kan ikke leses": "Dokumentet kan ikkje lesast",
    "For stort": "For stort",
    "Finnes ikke": "Finst ikkje",
    "Utilgjengelig nå": "Utilgjengeleg no",
    "Ingen adgang": "Ingen tilgang",
    "Hent saken først": "Hent saka først",
    "Saken finnes allerede": "Saka finst allereie",
    "Varselet kan ikke sendes": "Varselet kan ikkje sendast",
    "Noen har skrevet siden": "Nokon har skrive sidan",
    "Behandles allerede": "Blir behandla allereie",
    "Nøkkelen er brukt før": "Nøkkelen er brukt før",
    "Saken finnes ikke lenger.": "Saka finst ikkje lenger.",
    "Det er ingen sak med denne id-en.": "Det finst inga sak med denne id-en.",
    "Det er ingen sak her som er sendt inn. Skriver du på den, så send den inn først.": (
        "Det er inga sak her som er send inn. Skriv du på ho, så send ho inn først."
    ),
    "Du har selv skrevet på saken. Et varsel må godkjennes av en annen enn dem som har skrevet det.": (
        "Du har sjølv skrive på saka. Eit varsel må godkjennast av ein annan enn dei som har skrive det."
    ),
    "Det er ingen sak her som er sendt inn.": "Det er inga sak her som er send inn.",
}
"""Titles, and refusals without values."""
