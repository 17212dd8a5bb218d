"""The receipt, live."""

TEXTS: dict[str, str] = {
    "Varselet": "Varselet",
    "Rettelsen": "Rettinga",
    "Tilbaketrekkingen": "Tilbaketrekkinga",
    "Meldingen": "Meldinga",
    "Ingen e-post": "Ingen e-post",
    "Denne saken blir ikke sendt til noen på e-post.": (
        "Denne saka blir ikkje send til nokon på e-post."
    ),
    "Venter på siden": "Ventar på sida",
    "E-posten går ut så snart siden er ute. Det tar vanligvis noen sekunder. Du trenger "
    "ikke gjøre noe.": (
        "E-posten går ut så snart sida er ute. Det tek vanlegvis nokre sekund. Du treng "
        "ikkje gjere noko."
    ),
    "Sendes nå": "Blir send no",
    "Du trenger ikke gjøre noe. Siden her følger med av seg selv.": (
        "Du treng ikkje gjere noko. Sida her følgjer med av seg sjølv."
    ),
    "Resten venter litt": "Resten ventar litt",
    "Resten blir prøvd igjen av seg selv. Noen mottakeres e-post har bedt oss vente "
    "litt, og det er vanlig.": (
        "Resten blir prøvd igjen av seg sjølv. E-posten til nokre mottakarar har bede oss "
        "vente litt, og det er vanleg."
    ),
    "Noe har stoppet opp": "Noko har stoppa opp",
    "Varsel har gitt opp en del av arbeidet. Det som er sendt, er sendt. Be den som "
    "drifter Varsel, om å se på det nå.": (
        "Varsel har gitt opp ein del av arbeidet. Det som er sendt, er sendt. Be den som "
        "driftar Varsel, om å sjå på det no."
    ),
    "Ferdig": "Ferdig",
    "Alle som skulle ha den, er prøvd.": "Alle som skulle ha den, er prøvde.",
    "Alle har fått den.": "Alle har fått den.",
    "Ferdig, men ikke alle har fått den": "Ferdig, men ikkje alle har fått den",
    "Se under hvorfor, og hva du kan gjøre.": "Sjå under kvifor, og kva du kan gjere.",
    "Ingen skulle ha den på e-post.": "Ingen skulle ha den på e-post.",
    "Avbrutt": "Avbroten",
    "De som ikke hadde fått den, får den ikke. Det kan ikke gjøres om.": (
        "Dei som ikkje hadde fått den, får den ikkje. Det kan ikkje gjerast om."
    ),
    "Avløst": "Avløyst",
    "Det er sendt noe nyere i stedet.": "Det er sendt noko nyare i staden.",
    "Satt på pause": "Sett på pause",
    "Ingen flere får e-post før noen lar den gå videre.": (
        "Ingen fleire får e-post før nokon lèt den gå vidare."
    ),
    "Venter på deg": "Ventar på deg",
    "Den har stått så lenge at innholdet kan være utdatert. Les saken igjen. Stemmer den "
    "fortsatt, så la den gå videre. Stemmer den ikke, så avbryt, og rett saken.": (
        "Den har stått så lenge at innhaldet kan vere utdatert. Les saka igjen. Stemmer den "
        "framleis, så lat den gå vidare. Stemmer den ikkje, så avbryt, og rett saka."
    ),
    "Kan ikke sendes slik den er": "Kan ikkje sendast slik den er",
    "Teksten har tegn som bare Varsel kan bruke. Rett saken, og send den inn igjen.": (
        "Teksten har teikn som berre Varsel kan bruke. Rett saka, og send den inn igjen."
    ),
    "E-posten er for stor. Gjør saken kortere, og send den inn igjen.": (
        "E-posten er for stor. Gjer saka kortare, og send den inn igjen."
    ),
    "Kan ikke sendes nå": "Kan ikkje sendast no",
    "Varsel får ikke lest adressene. Be den som drifter Varsel, om å se på det nå.": (
        "Varsel får ikkje lese adressene. Be den som driftar Varsel, om å sjå på det no."
    ),
    "Venter, for leserne ser ikke siden": "Ventar, for lesarane ser ikkje sida",
    "E-posten går ut av seg selv når siden er som den skal. Varer det mer enn noen "
    "minutter, så be den som drifter Varsel, om å se på det.": (
        "E-posten går ut av seg sjølv når sida er som ho skal. Varer det meir enn nokre "
        "minutt, så be den som driftar Varsel, om å sjå på det."
    ),
    "Venter, for Varsel når ikke nettstedet": "Ventar, for Varsel når ikkje nettstaden",
    "E-posten går ut av seg selv om høyst to minutter.": (
        "E-posten går ut av seg sjølv om høgst to minutt."
    ),
    "Venter på e-posttjeneren": "Ventar på e-posttenaren",
    "Den tar ikke imot akkurat nå. Varsel prøver igjen av seg selv, og ingen går tapt. "
    "Varer det mer enn et kvarter, så be den som drifter Varsel, om å se på det.": (
        "Han tek ikkje imot akkurat no. Varsel prøver igjen av seg sjølv, og ingen går tapt. "
        "Varer det meir enn eit kvarter, så be den som driftar Varsel, om å sjå på det."
    ),
    "Siden er ute. Varsel så den slik leserne ser den, {time}": (
        "Sida er ute. Varsel såg henne slik lesarane ser henne, {time}"
    ),
    "Siden er skrevet. Ingen har ennå sett etter at leserne får den": (
        "Sida er skriven. Ingen har enno sett etter at lesarane får henne"
    ),
    "Siden sier ikke ennå at saken er trukket tilbake": (
        "Sida seier ikkje enno at saka er trekt tilbake"
    ),
    "Det er skrevet på siden at saken er trukket tilbake. Ingen har ennå sett etter at leserne får "
    "se det": (
        "Det er skrive på sida at saka er trekt tilbake. Ingen har enno sett etter at lesarane får "
        "sjå det"
    ),
    "Siden er ikke ute ennå": "Sida er ikkje ute enno",
    "Siden er skrevet. Varsel ser etter at leserne får den": (
        "Sida er skriven. Varsel ser etter at lesarane får henne"
    ),
    "Siden sier at saken er trukket tilbake. Varsel så det slik leserne ser det, {time}": (
        "Sida seier at saka er trekt tilbake. Varsel såg det slik lesarane ser det, {time}"
    ),
    "Leserne så ikke siden da Varsel så etter, {time}: den svarte {why}": (
        "Lesarane såg ikkje sida då Varsel såg etter, {time}: ho svarte {why}"
    ),
    "Leserne så ikke siden da Varsel så etter, {time}: {why}": (
        "Lesarane såg ikkje sida då Varsel såg etter, {time}: {why}"
    ),
    "Varsel fikk ikke sett siden slik leserne gjør, {time}: {why}": (
        "Varsel fekk ikkje sett sida slik lesarane gjer, {time}: {why}"
    ),
    "Varsel ventet i to minutter, og lot så e-posten gå": (
        "Varsel venta i to minutt, og lét så e-posten gå"
    ),
    "Noen valgte å sende e-posten likevel": "Nokon valde å sende e-posten likevel",
    "Leserne ser ikke siden: den svarer {why}": "Lesarane ser ikkje sida: ho svarar {why}",
    "Leserne ser ikke siden: {why}": "Lesarane ser ikkje sida: {why}",
    "Varsel kan ikke se siden slik leserne gjør: {why}": (
        "Varsel kan ikkje sjå sida slik lesarane gjer: {why}"
    ),
    "nettleseren ville advart: sertifikatet godtas ikke": (
        "nettlesaren ville ha åtvara: sertifikatet blir ikkje godteke"
    ),
    "de blir sendt til et annet sted": "dei blir sende til ein annan stad",
    "den svarer ikke ferdig": "ho svarar ikkje ferdig",
    "den viser en annen utgave": "ho viser ei anna utgåve",
    "den viser en annen side": "ho viser ei anna side",
    "navnet på nettstedet finnes ikke": "namnet på nettstaden finst ikkje",
    "ingen forbindelse dit": "inga sambinding dit",
    "Adressen finnes ikke": "Adressa finst ikkje",
    "Postkassen er stengt": "Postkassa er stengd",
    "Postkassen er full": "Postkassa er full",
    "Mottakerens e-post avviste den": "E-posten til mottakaren avviste den",
    "Mottakerens e-post svarte ikke, heller ikke etter flere dager": (
        "E-posten til mottakaren svarte ikkje, heller ikkje etter fleire dagar"
    ),
    "Uten nærmere grunn": "Utan nærare grunn",
    "{name} ba om pause. Venter på svar …": "{name} bad om pause. Ventar på svar …",
    "{name} lot den gå videre. Venter på svar …": "{name} lét den gå vidare. Ventar på svar …",
    "{name} avbrøt den. Venter på svar …": "{name} avbraut den. Ventar på svar …",
    "{name} ba om at de som ikke fikk den, blir prøvd igjen. Venter på svar …": (
        "{name} bad om at dei som ikkje fekk den, blir prøvde igjen. Ventar på svar …"
    ),
    "Sett på pause": "Set på pause",
    "La den gå videre": "Lat den gå vidare",
    "Avbryt …": "Avbryt …",
    "Send likevel": "Send likevel",
    "E-posten går ut, selv om leserne ikke får se siden.": (
        "E-posten går ut, sjølv om lesarane ikkje får sjå sida."
    ),
    "Varsel spør e-posttjeneren igjen innen et minutt.": (
        "Varsel spør e-posttenaren igjen innan eit minutt."
    ),
    "Prøv igjen": "Prøv igjen",
    "Det hjelper bare hvis det som er feil, er rettet.": (
        "Det hjelper berre om det som er feil, er retta."
    ),
    "Prøv igjen dem som ikke fikk den": "Prøv igjen dei som ikkje fekk den",
    "Ingen flere får e-post foreløpig. Du kan la den gå videre når som helst.": (
        "Ingen fleire får e-post førebels. Du kan late den gå vidare når som helst."
    ),
    "De som ikke har fått den, får den nå.": "Dei som ikkje har fått den, får den no.",
    "Resten får den aldri. Du blir spurt først.": "Resten får den aldri. Du blir spurd først.",
    "De som har fått den, får den ikke en gang til.": (
        "Dei som har fått den, får den ikkje ein gong til."
    ),
    "Under ett minutt igjen": "Under eitt minutt igjen",
    "Omtrent {count} minutter igjen": "Om lag {count} minutt igjen",
    "Omtrent {count} timer igjen": "Om lag {count} timar igjen",
    "Hvem har fått den: {title}": "Kven har fått den: {title}",
    "Til saken": "Til saka",
    "Varsel svarer ikke akkurat nå, så tallene kan være gamle. Siden prøver igjen av seg selv.": (
        "Varsel svarar ikkje akkurat no, så tala kan vere gamle. Sida prøver igjen av seg sjølv."
    ),
    "Til den som drifter Varsel:": "Til den som driftar Varsel:",
    "Hva kan du gjøre?": "Kva kan du gjere?",
    "av {all} er sendt": "av {all} er sende",
    "Hvor langt utsendingen er kommet": "Kor langt utsendinga er komen",
    "{count} i sekundet": "{count} i sekundet",
    "Siden": "Sida",
    "Gjenstår": "Står att",
    "De som er bedt om å vente, prøves igjen {time}.": (
        "Dei som er bedne om å vente, blir prøvde igjen {time}."
    ),
    "Kom ikke fram": "Kom ikkje fram",
    "Kom i retur etterpå": "Kom i retur etterpå",
    "{count} av de sendte": "{count} av dei sende",
    "Ikke sendt": "Ikkje sende",
    "Utsendingen ble avbrutt før det ble deres tur, eller de har meldt seg av.": (
        "Utsendinga vart avbroten før det vart deira tur, eller dei har meldt seg av."
    ),
    "De har meldt seg av siden den begynte, er slettet, eller har en adresse som ikke virker.": (
        "Dei har meldt seg av sidan den byrja, er sletta, eller har ei adresse som ikkje verkar."
    ),
    "Følgere": "Følgjarar",
    "{count} har fått beskjed": "{count} har fått beskjed",
    "{count} svarer ikke og prøves igjen": "{count} svarar ikkje og blir prøvde igjen",
    "Gitt opp: {hosts}": "Gitt opp: {hosts}",
    "«Sendt» betyr at e-posttjeneren har tatt imot e-posten. Her står bare tall: "
    "redaksjonen ser aldri hvem som er medlem.": (
        "«Send» tyder at e-posttenaren har teke imot e-posten. Her står berre tal: "
        "redaksjonen ser aldri kven som er medlem."
    ),
    "Tidligere utsendinger av saken": "Tidlegare utsendingar av saka",
    "utgave {number}": "utgåve {number}",
    "{done} av {all} er sendt": "{done} av {all} er sende",
    "{count} kom ikke fram": "{count} kom ikkje fram",
    "{count} kom i retur": "{count} kom i retur",
    "{count} ikke sendt": "{count} ikkje sende",
    "avbrutt": "avbroten",
    "avløst av noe nyere": "avløyst av noko nyare",
    "Avbryte utsendingen?": "Avbryte utsendinga?",
    "Det kan ikke gjøres om.": "Det kan ikkje gjerast om.",
    "{count} har ikke fått den ennå, og får den aldri.": (
        "{count} har ikkje fått den enno, og får den aldri."
    ),
    "{count} har alt fått den, og beholder den.": "{count} har alt fått den, og har den framleis.",
    "Vil du bare stoppe en stund, så sett den på pause i stedet. Er noe feil i saken, så "
    "rett den: da får alle som har fått den, vite hva som er rettet.": (
        "Vil du berre stoppe ei stund, så set den på pause i staden. Er noko feil i saka, så "
        "rett henne: då får alle som har fått den, vite kva som er retta."
    ),
    "Nei, gå tilbake": "Nei, gå tilbake",
    "Avbryt for godt": "Avbryt for godt",
    "Se hvordan det står": "Sjå korleis det står",
    "Det går ikke nå": "Det går ikkje no",
    "Det kan du ikke gjøre": "Det kan du ikkje gjere",
    "Saken har ingen utsending. Ingenting er endret.": (
        "Saka har inga utsending. Ingenting er endra."
    ),
    "Saken har fått en nyere utsending siden du så på siden. Ingenting er endret. Se på "
    "kvitteringen, og velg på nytt.": (
        "Saka har fått ei nyare utsending sidan du såg på sida. Ingenting er endra. Sjå på "
        "kvitteringa, og vel på nytt."
    ),
    "Noe annet stanser utsendingen nå enn da du så på siden. Ingenting er endret. Se på "
    "kvitteringen, og velg på nytt.": (
        "Noko anna stansar utsendinga no enn då du såg på sida. Ingenting er endra. Sjå på "
        "kvitteringa, og vel på nytt."
    ),
    "Utsendingen er avbrutt. Det kan ikke gjøres om.": (
        "Utsendinga er avbroten. Det kan ikkje gjerast om."
    ),
    "Utsendingen er ferdig. Det er ingenting igjen å stanse.": (
        "Utsendinga er ferdig. Det er ingenting igjen å stanse."
    ),
    "Utsendingen er slik allerede. Ingenting er endret.": (
        "Utsendinga er slik alt. Ingenting er endra."
    ),
    "Dette krever at du kan godkjenne varsler. Be en som kan, om å gjøre det.": (
        "Dette krev at du kan godkjenne varsel. Be ein som kan, om å gjere det."
    ),
    "Det er ingen sak her som er sendt inn.": "Det er inga sak her som er send inn.",
}
