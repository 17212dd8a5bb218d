"""The desk: the list, the form, conflicts, history and submitting. What is the same in both is left
out."""

TEXTS: dict[str, str] = {
    "Varselet fra myndigheten": "Varselet frå styresmakta",
    "Lim inn teksten du skriver etter, og ta med adressen til siden. Den publiseres aldri, og er "
    "borte når saken er sendt inn.": "Lim inn teksten du skriv etter, og ta med adressa til sida. "
    "Han blir aldri publisert, og er borte når saka er send inn.",
    "Står i varselet du limte inn:": "Står i varselet du limte inn:",
    "Alt vi kjenner igjen av det, står i skjemaet. Medisiner kjennes igjen fra emnene og fra "
    "tidligere varsler.": "Alt vi kjenner att av det, står i skjemaet. Medisinar blir kjende att frå "
    "emna og frå tidlegare varsel.",
    "Finn lenker og medisiner i teksten": "Finn lenkjer og medisinar i teksten",
    "Lim inn varselet fra myndigheten, hvis du har det": "Lim inn varselet frå styresmakta, viss du "
    "har det",
    "Det står ved siden av mens du skriver, og publiseres aldri. Lenkene i det, og medisiner som "
    "dere har i emnene, setter du inn med ett trykk.": "Det står ved sida av medan du skriv, og blir "
    "aldri publisert. Lenkjene i det, og medisinar som de har i emna, set du inn med eitt trykk.",
    "Eller velg det som Word-dokument": "Eller vel det som Word-dokument",
    "Du kan også lime inn adressen til en side på nettstedet.": "Du kan også lime inn adressa til "
    "ei side på nettstaden.",
    "Eldre saker": "Eldre saker",
    "Nyere saker": "Nyare saker",
    "side {number}": "side {number}",
    "e-posten står stille": "e-posten står stille",
    "E-posten om saken står stille.": "E-posten om saka står stille.",
    "Se hvorfor": "Sjå kvifor",
    "Søk i titler og navn": "Søk i titlar og namn",
    "Side": "Side",
    "En side": "Ei side",
    "Som «Om oss» eller «Kontakt»: uten dato, og ikke blant nyhetene. Legg lenken til den i menyen "
    "under «Nettstedet».": "Som «Om oss» eller «Kontakt»: utan dato, og ikkje mellom nyhenda. Legg "
    "lenkja til ho i menyen under «Nettstaden».",
    "En side om personvern": "Ei side om personvern",
    "Utfylt med det som er sant om dette systemet. Les over, og legg til det som gjelder dere "
    "ellers.": "Utfylt med det som er sant om dette systemet. Les over, og legg til det som gjeld "
    "dykk elles.",
    "Den går ut": "Ho går ut",
    "Skrevet av": "Skriven av",
    "Godkjent av": "Godkjend av",
    "Utgave": "Utgåve",
    "Adressen": "Adressa",
    "Sist skrevet på": "Sist skrive på",
    "{name} har skrevet på saken etter at den ble sendt inn. Det står ikke i det som er sendt inn.": (
        "{name} har skrive på saka etter at ho vart send inn. Det står ikkje i det som er sendt inn."
    ),
    "Mer du kan gjøre": "Meir du kan gjere",
    "Skriv på saken": "Skriv på saka",
    "Se siden og e-posten": "Sjå sida og e-posten",
    "Spør en fagperson": "Spør ein fagperson",
    "Stopp den": "Stopp ho",
    "Hvem har fått den": "Kven har fått ho",
    "Rett noe som er feil": "Rett noko som er feil",
    "Trekk den tilbake": "Trekk ho tilbake",
    "Kast det som ikke er sendt inn": "Kast det som ikkje er sendt inn",
    "To har skrevet på samme sak": "To har skrive på same sak",
    "{name} har lagret siden du åpnet saken.": "{name} har lagra sidan du opna saka.",
    "Noen har lagret siden du åpnet saken.": "Nokon har lagra sidan du opna saka.",
    "Ingenting er overskrevet, og teksten din er ikke borte. Velg hva som skal stå, der dere har "
    "skrevet forskjellig.": "Ingenting er overskrive, og teksten din er ikkje borte. Vel kva som "
    "skal stå, der de har skrive ulikt.",
    "Det er kommet mer siden, eller noe er ikke valgt. Se over én gang til.": "Det er komme meir "
    "sidan, eller noko er ikkje valt. Sjå over ein gong til.",
    "Bare du har endret dette.": "Berre du har endra dette.",
    "Bare den andre har endret dette.": "Berre den andre har endra dette.",
    "Det som {name} skrev": "Det som {name} skreiv",
    "Tekstene er like.": "Tekstane er like.",
    "Begge, ditt nederst": "Begge, ditt nedst",
    "Lagre det jeg har valgt": "Lagre det eg har valt",
    "Det du skrev og som ikke er lagret, blir borte for godt.": "Det du skreiv og som ikkje er "
    "lagra, blir borte for godt.",
    "For eksempel:": "Til dømes:",
    "Ikke valgt": "Ikkje valt",
    "Legg til ett til": "Legg til eitt til",
    "Velg en setning, og rett den etterpå:": "Vel ei setning, og rett ho etterpå:",
    "Skrevet, men ikke tatt med": "Skrive, men ikkje teke med",
    "Disse tekstene ble ikke lagret i saken, fordi noen andre lagret samtidig.": "Desse tekstane "
    "vart ikkje lagra i saka, fordi nokon andre lagra samstundes.",
    "Se begge, og velg": "Sjå begge, og vel",
    "Utgaver": "Utgåver",
    "Ikke sendt inn": "Ikkje sendt inn",
    "leserne ser denne": "lesarane ser denne",
    "Rettelse": "Retting",
    "Trukket tilbake": "Trekt tilbake",
    "{name} avviste den": "{name} avviste ho",
    "{name} stoppet den": "{name} stoppa ho",
    "{name} har avvist den. Les hvorfor, rett, og send inn på nytt.": (
        "{name} har avvist ho. Les kvifor, rett, og send inn på nytt."
    ),
    "{name} har stoppet den. Rett det som må rettes, og send inn på nytt.": (
        "{name} har stoppa ho. Rett det som må rettast, og send inn på nytt."
    ),
    "{name} har sendt den inn. Les den nøye før du svarer.": (
        "{name} har sendt ho inn. Les ho nøye før du svarer."
    ),
    "Den trenger flere godkjenninger. Les den nøye før du svarer.": (
        "Ho treng fleire godkjenningar. Les ho nøye før du svarer."
    ),
    "Teksten er den samme.": "Teksten er den same.",
    "Se hva som ble endret": "Sjå kva som vart endra",
    "Ingen utgave er sendt inn ennå.": "Inga utgåve er send inn enno.",
    "Tilbake til saken": "Tilbake til saka",
    "Logg inn i et nytt vindu": "Logg inn i eit nytt vindauge",
    "Lagre nå": "Lagre no",
    "Viser saker med «{words}».": "Viser saker med «{words}».",
    "endret, ikke sendt inn": "endra, ikkje sendt inn",
    "Øvelse": "Øving",
    "Ingen saker her ennå.": "Ingen saker her enno.",
    "Fant ingen.": "Fann ingen.",
    "{number} eldre vises ikke. Søk for å finne dem.": "{number} eldre er ikkje viste. Søk for å "
    "finne dei.",
    "Hva vil du skrive?": "Kva vil du skrive?",
    "Velg hva du vil skrive.": "Vel kva du vil skrive.",
    "Et varsel": "Eit varsel",
    "Advarer mot en medisin. Går på e-post til medlemmene når det er godkjent.": "Åtvarar mot ein "
    "medisin. Går på e-post til medlemmene når det er godkjent.",
    "En nyhet": "Ei nyheit",
    "Nyhet": "Nyheit",
    "Står på nettstedet. Ingen får e-post.": "Står på nettstaden. Ingen får e-post.",
    "En øvelse": "Ei øving",
    "Som et varsel, men bare de ansatte får det.": "Som eit varsel, men berre dei tilsette får det.",
    "Den kan ikke sendes inn ennå. Dette mangler:": "Ho kan ikkje sendast inn enno. Dette manglar:",
    "Saken går til godkjenning. Ingen lesere ser den, og ingen får e-post, før en annen enn dem "
    "som har skrevet den, har godkjent.": "Saka går til godkjenning. Ingen lesarar ser ho, og "
    "ingen får e-post, før ein annan enn dei som har skrive ho, har godkjent.",
    "Ingen andre trenger å godkjenne. Varselet går ut om {number} minutter, og kan stoppes til "
    "da.": "Ingen andre treng å godkjenne. Varselet går ut om {number} minutt, og kan stoppast til "
    "då.",
    "Ingen andre trenger å godkjenne. Varselet går ut med en gang, på nettstedet og på e-post.": (
        "Ingen andre treng å godkjenne. Varselet går ut med ein gong, på nettstaden og på e-post."
    ),
    "Den som driver systemet, kan kreve at en annen godkjenner: {setting}.": "Den som driv "
    "systemet, kan krevje at ein annan godkjenner: {setting}.",
    "Send ut varselet": "Send ut varselet",
    "Publiser": "Publiser",
    "Nyheten står på nettstedet med en gang, eller når tiden du har valgt, er inne. Ingen får "
    "e-post.": "Nyheita står på nettstaden med ein gong, eller når tida du har valt, er inne. "
    "Ingen får e-post.",
    "Se på dette først": "Sjå på dette først",
    "Se hvordan den blir": "Sjå korleis ho blir",
    "Kaste det som ikke er sendt inn?": "Kaste det som ikkje er sendt inn?",
    "Noen har skrevet siden du åpnet siden. Ingenting er kastet.": "Nokon har skrive sidan du opna "
    "sida. Ingenting er kasta.",
    "Saken": "Saka",
    "Det som er skrevet siden utgave {number}, blir borte for godt. Utgaven selv blir stående.": (
        "Det som er skrive sidan utgåve {number}, blir borte for godt. Utgåva sjølv blir ståande."
    ),
    "Hele utkastet blir borte for godt.": "Heile utkastet blir borte for godt.",
    "Nei, behold det": "Nei, ta vare på det",
    "Det er ingenting å kaste.": "Det er ingenting å kaste.",
    "Noe du skrev {time}, ble ikke tatt med, fordi noen andre lagret samtidig. Teksten er ikke "
    "borte.": "Noko du skreiv {time}, vart ikkje teke med, fordi nokon andre lagra samstundes. "
    "Teksten er ikkje borte.",
    "Saken er lagret på nytt av {name} siden denne teksten ble begynt. Før du kan sende inn, må du "
    "se hva som er endret.": "Saka er lagra på nytt av {name} sidan denne teksten vart påbyrja. "
    "Før du kan sende inn, må du sjå kva som er endra.",
    "Saken er sendt inn. Skriver du her, må den sendes inn og godkjennes på nytt.": "Saka er send "
    "inn. Skriv du her, må ho sendast inn og godkjennast på nytt.",
    "Den kan ikke sendes inn ennå. Det som mangler, står ved feltene.": "Ho kan ikkje sendast inn "
    "enno. Det som manglar, står ved felta.",
    "Hva er endret siden leserne så den?": "Kva er endra sidan lesarane såg ho?",
    "av {number} tegn": "av {number} teikn",
    "Dette står i en ramme øverst på siden, og i e-posten til medlemmene.": "Dette står i ei ramme "
    "øvst på sida, og i e-posten til medlemmene.",
    "Lesbarhet (LIX):": "Lesbarheit (LIX):",
    "Hvilke medisiner gjelder det?": "Kva medisinar gjeld det?",
    "Brukt før:": "Brukt før:",
    "ATC-kode og batchnumre": "ATC-kode og batchnummer",
    "Legg til en medisin": "Legg til ein medisin",
    "Hvor skal bivirkninger meldes?": "Kvar skal biverknader meldast?",
    "Mer om varselet, hvis du vet det": "Meir om varselet, viss du veit det",
    "Andre myndigheter som advarer": "Andre styresmakter som åtvarar",
    "Myndighet": "Styresmakt",
    "Legg til en myndighet": "Legg til ei styresmakt",
    "Hele saken": "Heile saka",
    "Bilder": "Bilete",
    "Bildet ble ikke tatt imot, men teksten er lagret.": "Biletet vart ikkje teke imot, men teksten "
    "er lagra.",
    "Velg et bilde": "Vel eit bilete",
    "JPEG, PNG eller WebP, høyst 25 MB. Vi gjør det mindre. Bilder kan også slippes her.": "JPEG, "
    "PNG eller WebP, høgst 25 MB. Vi gjer det mindre. Bilete kan òg sleppast her.",
    "Hva viser det?": "Kva viser det?",
    "Leses opp for dem som ikke ser det.": "Blir lese opp for dei som ikkje ser det.",
    "Bildetekst": "Bilettekst",
    "Hvem har tatt det?": "Kven har teke det?",
    "Sett bildet inn i teksten": "Set biletet inn i teksten",
    "Kilder": "Kjelder",
    "Kilde": "Kjelde",
    "Legg til en kilde": "Legg til ei kjelde",
    "Rundt saken": "Rundt saka",
    "Lagret {time}": "Lagra {time}",
    "Ingenting er endret ennå": "Ingenting er endra enno",
    "Trykk «Lagre» av og til. Uten skript lagres det ikke av seg selv.": "Trykk «Lagre» av og til. "
    "Utan skript blir det ikkje lagra av seg sjølv.",
    "Før den kan sendes inn": "Før ho kan sendast inn",
    "Ingenting mangler. Les gjennom én gang til.": "Ingenting manglar. Les gjennom ein gong til.",
    "Om saken": "Om saka",
    "Si hva det gjelder, med navnet på medisinen. Høyst 70 tegn vises helt i innbokser.": "Sei kva "
    "det gjeld, med namnet på medisinen. Høgst 70 teikn blir viste heilt i innboksar.",
    "Det viktigste, på to–tre korte setninger. Mange leser bare dette.": "Det viktigaste, på to–tre "
    "korte setningar. Mange les berre dette.",
    "Det viktigste": "Det viktigaste",
    "Ett eller to ord over tittelen.": "Eitt eller to ord over tittelen.",
    "Er den en oversettelse?": "Er ho ei omsetjing?",
    "Skriv id-en til saken på det andre språket. Da viser de to sidene til hverandre.": "Skriv id-en til saka på det andre språket. Då viser dei to sidene til kvarandre.",
    "Hvem har skrevet den?": "Kven har skrive ho?",
    "Slik leserne ser det.": "Slik lesarane ser det.",
    "Dato på saken": "Dato på saka",
    "Temaer": "Tema",
    "Ett på hver linje, eller med komma mellom.": "Eitt på kvar linje, eller med komma mellom.",
    "legemiddelsikkerhet, Exempla": "legemiddeltryggleik, Exempla",
    "Utfylt som i forrige varsel, første gang med de nasjonale skjemaene. Bytt om det trengs.": (
        "Utfylt som i førre varsel, første gong med dei nasjonale skjemaa. Byt om det trengst."
    ),
    "Spør på apoteket om medisinen din er en av disse.": "Spør på apoteket om medisinen din er ein "
    "av desse.",
    "Meld fra om bivirkninger.": "Meld frå om biverknader.",
    "Lag avsnitt med en tom linje mellom. «## » først på linjen gir en mellomtittel, «- » et punkt "
    "i en liste, «– » en replikk.": "Lag avsnitt med ei tom linje mellom. «## » først på linja gir "
    "ein mellomtittel, «- » eit punkt i ei liste, «– » ein replikk.",
    "Hvor opplysningene kommer fra, så leserne kan sjekke.": "Kvar opplysningane kjem frå, så "
    "lesarane kan sjekke.",
    "Hvem sier det?": "Kven seier det?",
    "Datoen de skrev det": "Datoen dei skreiv det",
    "Når skal den ut?": "Når skal ho ut?",
    "La feltet stå tomt hvis den skal ut så snart den er godkjent. Norsk tid.": "Lat feltet stå "
    "tomt viss ho skal ut så snart ho er godkjend. Norsk tid.",
    "Hva er endret?": "Kva er endra?",
    "Hva er rettet?": "Kva er retta?",
    "Det første leserne får se.": "Det første lesarane får sjå.",
    "Er dette på alvor?": "Er dette på alvor?",
    "Hvor alvorlig er det?": "Kor alvorleg er det?",
    "Virkestoff": "Verkestoff",
    "Står med liten skrift på pakken.": "Står med lita skrift på pakken.",
    "Navn på pakken": "Namn på pakken",
    "Ett på hver linje, eller med komma mellom. Ta med alle navnene den selges under.": "Eitt på "
    "kvar linje, eller med komma mellom. Ta med alle namna han blir seld under.",
    "Har svart trekant (overvåkes særskilt)": "Har svart trekant (blir overvaka særskilt)",
    "Én på hver linje, om du vet den.": "Éin på kvar linje, om du veit han.",
    "Batchnumre": "Batchnummer",
    "Ved tilbakekalling: som på pakken, med komma mellom.": "Ved tilbakekalling: som på pakken, med "
    "komma mellom.",
    "Hva har skjedd?": "Kva har skjedd?",
    "Én eller to korte setninger. Nevn både navnet på pakken og virkestoffet.": "Éi eller to korte "
    "setningar. Nemn både namnet på pakken og verkestoffet.",
    "Hvem gjelder det?": "Kven gjeld det?",
    "Så leseren straks vet om det er dem.": "Så lesaren straks veit om det er dei.",
    "Hva skal de gjøre?": "Kva skal dei gjere?",
    "Ett råd i hvert felt, det viktigste først.": "Eitt råd i kvart felt, det viktigaste først.",
    "Skal de slutte med medisinen?": "Skal dei slutte med medisinen?",
    "Si med egne ord om de skal slutte": "Sei med eigne ord om dei skal slutte",
    "Leserne ser denne setningen.": "Lesarane ser denne setninga.",
    "Når skal de søke hjelp med en gang?": "Når skal dei søkje hjelp med ein gong?",
    "Ett tegn på fare i hvert felt. Knapper til 113 og legevakten er alltid med.": "Eitt teikn på "
    "fare i kvart felt. Knappar til 113 og legevakta er alltid med.",
    "Pasienter melder her": "Pasientar melder her",
    "Hvor mye haster det?": "Kor mykje hastar det?",
    "Hvor sikkert er det?": "Kor sikkert er det?",
    "Hva slags varsel?": "Kva slags varsel?",
    "Grupper som er mer utsatt": "Grupper som er meir utsette",
    "Én på hver linje.": "Éin på kvar linje.",
    "Sykdommer det gjelder": "Sjukdommar det gjeld",
    "Gjelder fra": "Gjeld frå",
    "Må ses på igjen innen": "Må sjåast på igjen innan",
    "Siste dag varselet gjelder uten at noen har sett på det igjen.": "Siste dag varselet gjeld "
    "utan at nokon har sett på det igjen.",
    "Ut over kildene.": "Ut over kjeldene.",
    "Navn": "Namn",
    "Deres nummer": "Nummeret deira",
    "Nei, en øvelse": "Nei, ei øving",
    "Går bare til de ansatte, og er tydelig merket.": "Går berre til dei tilsette, og er tydeleg "
    "merkt.",
    "Nei, en teknisk prøve": "Nei, ei teknisk prøve",
    "Går bare til de ansatte.": "Går berre til dei tilsette.",
    "Livsfare. Går til alle medlemmer, uansett hva de har valgt.": "Livsfare. Går til alle "
    "medlemmer, uansett kva dei har valt.",
    "Kan gi varig skade eller innleggelse.": "Kan gi varig skade eller innlegging.",
    "Kan gi plager som bør følges opp.": "Kan gi plager som bør følgjast opp.",
    "Greit å vite om.": "Greitt å vite om.",
    "Nei, ikke slutt på egen hånd": "Nei, ikkje slutt på eiga hand",
    "Ja, slutt nå": "Ja, slutt no",
    "Snakk med lege eller apotek før neste dose": "Snakk med lege eller apotek før neste dose",
    "Passer ikke her": "Passar ikkje her",
    "For eksempel ved feil på utstyr.": "Til dømes ved feil på utstyr.",
    "Gjør noe nå": "Gjer noko no",
    "Gjør noe snart": "Gjer noko snart",
    "Gjør noe etter hvert": "Gjer noko etter kvart",
    "Vet ikke": "Veit ikkje",
    "Sannsynlig": "Sannsynleg",
    "Mulig": "Mogleg",
    "Lite sannsynlig": "Lite sannsynleg",
    "Bivirkning": "Biverknad",
    "Noen må ikke bruke den": "Nokon må ikkje bruke han",
    "Virker dårlig sammen med noe annet": "Verkar dårleg saman med noko anna",
    "Forfalskning": "Forfalsking",
    "Noe annet": "Noko anna",
    "Bare noe smått": "Berre noko smått",
    "Skrivefeil og lignende. Ingen får e-post.": "Skrivefeil og liknande. Ingen får e-post.",
    "En rettelse": "Ei retting",
    "Lagrer …": "Lagrar …",
    "Lagret kl. {time}": "Lagra kl. {time}",
    "Ikke lagret": "Ikkje lagra",
    "Får ikke lagret nå. Teksten ligger i nettleseren, og vi prøver igjen.": "Får ikkje lagra no. "
    "Teksten ligg i nettlesaren, og vi prøver igjen.",
    "I denne nettleseren ligger det tekst fra kl. {time} som ikke ble lagret.": "I denne nettlesaren "
    "ligg det tekst frå kl. {time} som ikkje vart lagra.",
    "Hent den tilbake": "Hent han tilbake",
    "Kast den": "Kast han",
    "{names} har også saken åpen": "{names} har òg saka open",
    "Disse har også saken åpen: {names}": "Desse har òg saka open: {names}",
    "Logget ut. Ikke lagret": "Logga ut. Ikkje lagra",
    "Du er logget ut. Alt du har skrevet, ligger trygt i nettleseren. Logg inn i et nytt vindu, kom "
    "tilbake hit, og lagre.": "Du er logga ut. Alt du har skrive, ligg trygt i nettlesaren. Logg "
    "inn i eit nytt vindauge, kom tilbake hit, og lagre.",
    "{name} har lagret siden du åpnet saken. Ingenting er overskrevet, og teksten din er ikke "
    "borte.": "{name} har lagra sidan du opna saka. Ingenting er overskrive, og teksten din er "
    "ikkje borte.",
    "Noen har lagret siden du åpnet saken. Ingenting er overskrevet, og teksten din er ikke "
    "borte.": "Nokon har lagra sidan du opna saka. Ingenting er overskrive, og teksten din er "
    "ikkje borte.",
    "Velg et bilde først.": "Vel eit bilete først.",
    "Laster opp bildet …": "Lastar opp biletet …",
    "Bildet ble ikke tatt imot: {why}": "Biletet vart ikkje teke imot: {why}",
    "Venter på deg": "Ventar på deg",
    "Går ut når tiden er inne": "Går ut når tida er inne",
    "lagret": "lagra",
    "godkjente": "godkjende",
    "stoppet": "stoppa",
    "trakk tilbake": "trekte tilbake",
    "skrev": "skreiv",
    "Godkjent, og venter på tiden": "Godkjend, og ventar på tida",
    "Den går ut av seg selv når tiden er inne. Til da kan alle stoppe den.": "Ho går ut av seg sjølv "
    "når tida er inne. Til då kan alle stoppe ho.",
    "Se nedtellingen, eller stopp": "Sjå nedteljinga, eller stopp",
    "Leserne ser den nå.": "Lesarane ser ho no.",
    "Se hvordan det går": "Sjå korleis det går",
    "Den er trukket for godt.": "Ho er trekt for godt.",
    "Se hvem som fikk vite det": "Sjå kven som fekk vite det",
    "Bare dere i redaksjonen ser den. Alt du skriver, blir lagret.": "Berre de i redaksjonen ser ho. "
    "Alt du skriv, blir lagra.",
    "Skriv videre": "Skriv vidare",
    "Den er lagret, og ikke sendt inn.": "Ho er lagra, og ikkje send inn.",
    "En annen enn dem som har skrevet den, må godkjenne den.": "Ein annan enn dei som har skrive "
    "ho, må godkjenne ho.",
    "Ute, med endringer som ikke er sendt inn": "Ute, med endringar som ikkje er sende inn",
    "Leserne ser den gamle teksten til endringene er sendt inn og godkjent.": "Lesarane ser den "
    "gamle teksten til endringane er sende inn og godkjende.",
    "Rett den": "Rett ho",
    "Stoppet": "Stoppa",
    "Se på den, og godkjenn eller avvis": "Sjå på ho, og godkjenn eller avvis",
}
