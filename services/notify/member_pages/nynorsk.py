"""The pages' texts in nynorsk, by what they are in bokmål. A test holds that none is missing."""

NYNORSK: dict[str, str] = {
    # Joining and logging in.
    "Få sikkerhetsvarsler på e-post": "Få tryggleiksvarsel på e-post",
    "Du får en e-post når {name} sender ut et sikkerhetsvarsel om en medisin. Det koster "
    "ingenting, og du kan melde deg av når du vil.": "Du får ein e-post når {name} sender ut eit "
    "tryggleiksvarsel om ein medisin. Det kostar ingenting, og du kan melde deg av når du vil.",
    "E-postadressen din": "E-postadressa di",
    "Navn": "Namn",
    "Bare hvis du vil. Da kan vi skrive «Hei» til deg ved navn.": "Berre om du vil. Då kan vi "
    "skrive «Hei» til deg ved namn.",
    "Språk i e-posten": "Språk i e-posten",
    "Hvilke varsler vil du ha?": "Kva for varsel vil du ha?",
    "Alle sikkerhetsvarsler": "Alle tryggleiksvarsel",
    "Bare om det jeg krysser av for her:": "Berre om det eg kryssar av for her:",
    "Svært alvorlige varsler, og varsler som ikke hører til noe emne, går til alle.": "Svært "
    "alvorlege varsel, og varsel som ikkje høyrer til noko emne, går til alle.",
    "Samtykke": "Samtykke",
    "Send meg en e-post for å bekrefte": "Send meg ein e-post for å stadfeste",
    "Er du allerede påmeldt?": "Er du alt påmeld?",
    "Logg inn på Min side": "Logg inn på Mi side",
    "Se i e-posten din": "Sjå i e-posten din",
    "Er adressen riktig skrevet, kommer det en e-post fra oss nå. Trykk på lenken i den, eller "
    "skriv koden her.": "Er adressa rett skriven, kjem det ein e-post frå oss no. Trykk på lenkja "
    "i han, eller skriv koden her.",
    "Koden i e-posten": "Koden i e-posten",
    "Seks siffer. Den virker i 15\u00a0minutter, og bare i denne nettleseren.": "Seks siffer. Han "
    "verkar i 15\u00a0minutt, og berre i denne nettlesaren.",
    "Fortsett": "Hald fram",
    "Har du ikke fått noen e-post?": "Har du ikkje fått nokon e-post?",
    "Vent et par minutter, og se i mappen for søppelpost.": "Vent eit par minutt, og sjå i mappa "
    "for søppelpost.",
    "Gå tilbake og se at adressen er riktig.": "Gå tilbake og sjå at adressa er rett.",
    "Vi sender høyst tre slike e-poster i timen til samme adresse.": "Vi sender høgst tre slike "
    "e-postar i timen til same adresse.",
    "Skriv adressen som varslene går til. Du får en e-post med en lenke og en kode. Det er likt "
    "første gang og senere, og du trenger ikke noe passord.": "Skriv adressa som varsla går til. "
    "Du får ein e-post med ei lenkje og ein kode. Det er likt første gong og seinare, og du treng "
    "ikkje noko passord.",
    "Send meg en e-post": "Send meg ein e-post",
    "Er du ikke påmeldt?": "Er du ikkje påmeld?",
    # The page behind a link.
    "Vil du ha sikkerhetsvarsler på e-post?": "Vil du ha tryggleiksvarsel på e-post?",
    "Da får du en e-post når {name} sender ut et sikkerhetsvarsel om en medisin.": "Då får du ein "
    "e-post når {name} sender ut eit tryggleiksvarsel om ein medisin.",
    "Ja, send meg varsler": "Ja, send meg varsel",
    "Var det ikke du som ba om dette, kan du bare lukke siden. Da endres ingenting.": "Var det "
    "ikkje du som bad om dette, kan du berre late att sida. Då blir ingenting endra.",
    "Du blir logget inn i denne nettleseren. Lenken virker én gang.": "Du blir logga inn i denne "
    "nettlesaren. Lenkja verkar éin gong.",
    "Logg inn": "Logg inn",
    "Bytt til denne adressen": "Byt til denne adressa",
    "Varslene går til den nye adressen fra nå av. Den gamle får beskjed, og derfra kan byttet "
    "angres i sju dager.": "Varsla går til den nye adressa frå no av. Den gamle får beskjed, og "
    "derfrå kan bytet angrast i sju dagar.",
    "Ja, bytt adresse": "Ja, byt adresse",
    "Du er ikke logget inn i denne nettleseren, så ingenting er endret.": "Du er ikkje logga inn i "
    "denne nettlesaren, så ingenting er endra.",
    "Skriv koden fra e-posten der du ba om å bytte adresse. Eller logg inn her med den gamle "
    "adressen, og åpne lenken på nytt.": "Skriv koden frå e-posten der du bad om å byte adresse. "
    "Eller logg inn her med den gamle adressa, og opne lenkja på nytt.",
    "Angre byttet av adresse": "Angre bytet av adresse",
    "Da går varslene til denne adressen igjen, og alle nettlesere blir logget ut.": "Då går varsla "
    "til denne adressa igjen, og alle nettlesarar blir logga ut.",
    "Ja, angre byttet": "Ja, angre bytet",
    "Var byttet riktig, kan du bare lukke siden.": "Var bytet rett, kan du berre late att sida.",
    "Byttet er angret": "Bytet er angra",
    "Adressen er ikke byttet": "Adressa er ikkje bytt",
    "Varslene går til denne adressen, og ingenting er endret.": "Varsla går til denne adressa, og "
    "ingenting er endra.",
    "Varslene går til denne adressen igjen. Alle nettlesere er logget ut.": "Varsla går til denne "
    "adressa igjen. Alle nettlesarar er logga ut.",
    "Lenken virker ikke lenger": "Lenkja verkar ikkje lenger",
    "Den er brukt, den er for gammel, eller den kom ikke med i sin helhet. Ingenting er endret "
    "nå.": "Ho er brukt, ho er for gammal, eller ho kom ikkje med i heilskap. Ingenting er endra "
    "no.",
    "Adressen er i bruk": "Adressa er i bruk",
    "En annen påmelding har denne adressen, så ingenting er endret. Er den din, kan du logge inn "
    "med den og slette den først.": "Ei anna påmelding har denne adressa, så ingenting er endra. "
    "Er ho di, kan du logge inn med henne og slette henne først.",
    "Noe ble endret i mellomtiden": "Noko vart endra i mellomtida",
    "Det du skrev, er ikke lagret. Gå tilbake, se hvordan det er nå, og prøv igjen.": "Det du "
    "skreiv, er ikkje lagra. Gå tilbake, sjå korleis det er no, og prøv igjen.",
    # After joining.
    "Du er meldt på": "Du er meld på",
    "Fra nå av får du sikkerhetsvarsler på e-post til {email}.": "Frå no av får du "
    "tryggleiksvarsel på e-post til {email}.",
    "Gå til Min side": "Gå til Mi side",
    "Varsler som gjelder nå": "Varsel som gjeld no",
    "Disse er alt sendt ut. Se om noen av dem gjelder deg.": "Desse er alt sende ut. Sjå om nokon "
    "av dei gjeld deg.",
    "Akkurat nå er det ingen varsler som gjelder.": "Akkurat no er det ingen varsel som gjeld.",
    # «Min side».
    "Min side": "Mi side",
    "Tilbake til Min side": "Tilbake til Mi side",
    "Du er meldt av, og får ikke nye varsler. Rettelser av varsler som du har fått, kan fortsatt "
    "komme.": "Du er meld av, og får ikkje nye varsel. Rettingar av varsel som du har fått, kan "
    "framleis kome.",
    "Meld meg på igjen": "Meld meg på igjen",
    "Du får sikkerhetsvarsler på e-post til {email}.": "Du får tryggleiksvarsel på e-post til "
    "{email}.",
    "Varslene de siste 400 dagene": "Varsla dei siste 400 dagane",
    "øvelse": "øving",
    "trukket tilbake": "trekt tilbake",
    "Rettelse:": "Retting:",
    "Tilbaketrekking:": "Tilbaketrekking:",
    "«Overlevert» betyr at e-posttjenesten tok imot. Om e-posten kom fram til deg, vet vi "
    "ikke.": "«Overlevert» tyder at e-posttenesta tok imot. Om e-posten kom fram til deg, veit vi "
    "ikkje.",
    "Det er ikke sendt ut noen varsler.": "Det er ikkje sendt ut nokon varsel.",
    "Opplysninger om deg": "Opplysningar om deg",
    "E-post": "E-post",
    "Bytt": "Byt",
    "adresse": "adresse",
    "Ikke oppgitt": "Ikkje oppgitt",
    "Endre": "Endre",
    "navn og språk": "namn og språk",
    "Språk": "Språk",
    "Varsler": "Varsel",
    "Alle": "Alle",
    "Bare de svært alvorlige, og de uten emne": "Berre dei svært alvorlege, og dei utan emne",
    "hvilke varsler": "kva for varsel",
    "Samtykket ditt": "Samtykket ditt",
    "Gitt på nettsidene.": "Gitt på nettsidene.",
    "Gitt til foreningen, som skrev det inn.": "Gitt til foreininga, som skreiv det inn.",
    "Gitt til foreningen, som la inn medlemslisten sin.": "Gitt til foreininga, som la inn "
    "medlemslista si.",
    "Bekreftet {day}.": "Stadfesta {day}.",
    "Mer du kan gjøre": "Meir du kan gjere",
    "Last ned alt vi vet om deg": "Last ned alt vi veit om deg",
    "en fil i formatet JSON": "ei fil i formatet JSON",
    "Meld deg av varslene": "Meld deg av varsla",
    "Slett alt om deg": "Slett alt om deg",
    "Logg ut": "Logg ut",
    "Logg ut overalt": "Logg ut overalt",
    "Navn og språk": "Namn og språk",
    "Lagre": "Lagre",
    "Hvilke varsler du får": "Kva for varsel du får",
    "Foreningen har ikke laget noen emner å velge blant ennå, så du får alle varsler.": "Foreininga "
    "har ikkje laga nokon emne å velje blant enno, så du får alle varsel.",
    "Bytt e-postadresse": "Byt e-postadresse",
    "Vi sender en e-post til den nye adressen. Først når du har brukt lenken eller koden i den, "
    "bytter vi. Den gamle adressen får beskjed.": "Vi sender ein e-post til den nye adressa. Først "
    "når du har brukt lenkja eller koden i han, byter vi. Den gamle adressa får beskjed.",
    "Den nye adressen": "Den nye adressa",
    "Send en e-post dit": "Send ein e-post dit",
    "E-post til denne adressen har kommet i retur, så nye varsler blir ikke sendt. Bytt adresse, "
    "eller logg ut og inn igjen: da vet vi at e-posten kommer fram.": "E-post til denne adressa har "
    "kome i retur, så nye varsel blir ikkje sende. Byt adresse, eller logg ut og inn igjen: då veit "
    "vi at e-posten kjem fram.",
    # What was just done.
    "Opplysningene er lagret.": "Opplysningane er lagra.",
    "Adressen er byttet. Den gamle har fått beskjed.": "Adressa er bytt. Den gamle har fått beskjed.",
    "Valget er lagret. Det gjelder fra neste varsel.": "Valet er lagra. Det gjeld frå neste varsel.",
    "Du er meldt på igjen, og får varsler som før.": "Du er meld på igjen, og får varsel som før.",
    "Du er logget ut.": "Du er logga ut.",
    "Du er logget ut, i denne og alle andre nettlesere.": "Du er logga ut, i denne og alle andre "
    "nettlesarar.",
    # Leaving and being forgotten.
    "Vil du melde deg av?": "Vil du melde deg av?",
    "Da får du ikke lenger e-post når {name} sender ut sikkerhetsvarsler om medisiner.": "Då får du "
    "ikkje lenger e-post når {name} sender ut tryggleiksvarsel om medisinar.",
    "Ja, meld meg av": "Ja, meld meg av",
    "Avmeldingen gjelder bare varslene. Er du medlem av foreningen, er du det "
    "fremdeles.": "Avmeldinga gjeld berre varsla. Er du medlem av foreininga, er du det framleis.",
    "Du er meldt av": "Du er meld av",
    "Du får ikke lenger e-post når {name} sender ut sikkerhetsvarsler om medisiner.": "Du får "
    "ikkje lenger e-post når {name} sender ut tryggleiksvarsel om medisinar.",
    "Var det ikke meningen?": "Var det ikkje meininga?",
    "Angre, meld meg på igjen": "Angre, meld meg på igjen",
    "Hva vi beholder": "Kva vi tek vare på",
    "Vi beholder adressen og navnet ditt en tid, slik at en rettelse av et varsel som du har fått, "
    "også når deg. Så slettes de av seg selv. På Min side kan du slette alt med en gang.": "Vi tek "
    "vare på adressa og namnet ditt ei tid, slik at ei retting av eit varsel som du har fått, òg "
    "når deg. Så blir dei sletta av seg sjølve. På Mi side kan du slette alt med ein gong.",
    "Så lenge beholder vi også språket ditt, hvilke medisiner du har valgt, hva du samtykket til "
    "og når, passnøklene dine, og hvilke varsler som er sendt til deg.": "Så lenge tek vi òg vare på "
    "språket ditt, kva medisinar du har valt, kva du samtykte til og når, passnøklane dine, og kva "
    "varsel som er sende til deg.",
    "Vil du fortsatt ha varslene, kan du bare lukke denne siden. Da endres ingenting.": "Vil du framleis ha varsla, kan du berre late att denne sida. Då blir ingenting endra.",
    "Ombestemmer du deg senere, kan du melde deg på igjen.": "Ombestemmer du deg seinare, kan du melde deg på igjen.",
    "Varslene kan fortsatt leses på nettsidene. Ombestemmer du deg senere, kan du melde deg på igjen.": "Varsla kan framleis lesast på nettsidene. Ombestemmer du deg seinare, kan du melde deg på igjen.",
    "Du er meldt på igjen": "Du er meld på igjen",
    "Du får e-post når {name} sender ut sikkerhetsvarsler om medisiner, som før.": "Du får e-post når {name} sender ut tryggleiksvarsel om medisinar, som før.",
    "Dette kan ikke angres lenger herfra": "Dette kan ikkje angrast lenger herfrå",
    "Du er fortsatt meldt av": "Du er framleis meld av",
    "Du har meldt deg av og på flere ganger den siste timen. Ingenting er endret nå. Du kan melde deg på igjen om en time.": "Du har meldt deg av og på fleire gonger den siste timen. Ingenting er endra no. Du kan melde deg på igjen om ein time.",
    "Vil du ha varslene igjen før det, kan du bli medlem på nytt.": "Vil du ha varsla igjen før det, kan du bli medlem på nytt.",
    "Knappen virker et døgn etter at du meldte deg av. Ingenting er endret nå.": "Knappen verkar eit døgn etter at du melde deg av. Ingenting er endra no.",
    "Vil du ha varslene igjen, kan du melde deg på.": "Vil du ha varsla igjen, kan du melde deg på.",
    "Vil du slette alt om deg?": "Vil du slette alt om deg?",
    "Adressen, navnet, valgene, samtykket og det vi vet om varslene dine, blir borte. Du får ingen "
    "flere varsler, og heller ikke rettelser av dem du har fått.": "Adressa, namnet, vala, "
    "samtykket og det vi veit om varsla dine, blir borte. Du får ingen fleire varsel, og heller "
    "ikkje rettingar av dei du har fått.",
    "Dette kan ikke angres. Det som blir igjen, er et kodet merke som sørger for at en gammel liste "
    "ikke melder deg på igjen. Det kan ikke leses tilbake til adressen uten nøkkelen vår.": "Dette "
    "kan ikkje angrast. Det som blir att, er eit koda merke som syter for at ei gammal liste ikkje "
    "melder deg på igjen. Det kan ikkje lesast tilbake til adressa utan nøkkelen vår.",
    "Ja, slett alt": "Ja, slett alt",
    "Slettingen må vente noen dager": "Slettinga må vente nokre dagar",
    "Adressen din ble byttet for mindre enn sju dager siden. Den som har den gamle adressen, kan "
    "angre byttet til {moment}, i tilfelle noen andre sto bak. Til da slettes ingenting.": "Adressa "
    "di vart bytt for mindre enn sju dagar sidan. Den som har den gamle adressa, kan angre bytet til "
    "{moment}, i tilfelle nokon andre stod bak. Til då blir ingenting sletta.",
    "Etter det kan du slette alt her. Har du den gamle adressen selv, kan du angre byttet med lenken "
    "i e-posten dit, og slette alt med en gang.": "Etter det kan du slette alt her. Har du den gamle "
    "adressa sjølv, kan du angre bytet med lenkja i e-posten dit, og slette alt med ein gong.",
    "Varslene kan du slippe fra nå av.": "Varsla kan du sleppe frå no av.",
    "Alt om deg er slettet": "Alt om deg er sletta",
    "Du er logget ut overalt, og får ingen flere varsler på e-post.": "Du er logga ut overalt, og "
    "får ingen fleire varsel på e-post.",
    "Sikkerhetskopiene våre blir slettet etter hvert som nye tas; til da kan opplysningene finnes "
    "der, men de blir ikke brukt. Du kan melde deg på igjen når du vil.": "Tryggingskopiane våre "
    "blir sletta etter kvart som nye blir tekne; til då kan opplysningane finnast der, men dei blir "
    "ikkje brukte. Du kan melde deg på igjen når du vil.",
    "Til nettsidene": "Til nettsidene",
    # What is wrong.
    "Må rettes": "Må rettast",
    "Noe må rettes": "Noko må rettast",
    "Teksten er ny siden du åpnet siden. Les den, og kryss av på nytt.": "Teksten er ny sidan du "
    "opna sida. Les han, og kryss av på nytt.",
    "Kryss av for at du samtykker. Uten det kan vi ikke sende deg noe.": "Kryss av for at du "
    "samtykkjer. Utan det kan vi ikkje sende deg noko.",
    "Skriv e-postadressen din.": "Skriv e-postadressa di.",
    "Adressen ser ikke riktig ut. Skriv den slik: navn@domene.no.": "Adressa ser ikkje rett ut. "
    "Skriv henne slik: namn@domene.no.",
    "Adresser med æ, ø, å eller andre særtegn foran @ støttes ikke. Bruk en annen.": "Adresser med æ, ø, å eller andre særteikn framfor @ er ikkje støtta. Bruk ei anna.",
    "Navnet har tegn som ikke kan stå der. Skriv det på nytt.": "Namnet har teikn som ikkje kan stå "
    "der. Skriv det på nytt.",
    "Navnet er for langt. Kort det ned.": "Namnet er for langt. Kort det ned.",
    "Velg minst ett emne, eller velg alle varsler.": "Vel minst eitt emne, eller vel alle varsel.",
    "Koden er på seks siffer. Skriv den slik den står i e-posten.": "Koden er på seks siffer. Skriv "
    "han slik han står i e-posten.",
    "Koden stemmer ikke, eller den virker ikke lenger.": "Koden stemmer ikkje, eller han verkar "
    "ikkje lenger.",
    "Dette gikk ikke": "Dette gjekk ikkje",
    "Skjemaet kunne ikke brukes": "Skjemaet kunne ikkje brukast",
    "Vi finner ikke siden": "Vi finn ikkje sida",
    "Det var for mye tekst": "Det var for mykje tekst",
    "Vent litt": "Vent litt",
    "Det går ikke akkurat nå": "Det går ikkje akkurat no",
    "Ingenting er endret. Åpne siden på nytt, og prøv igjen.": "Ingenting er endra. Opne sida på "
    "nytt, og prøv igjen.",
    "Ingenting er endret. Siden kan ha stått åpen for lenge, eller nettleseren tar ikke imot "
    "informasjonskapsler. Åpne siden på nytt, og prøv igjen.": "Ingenting er endra. Sida kan ha "
    "stått open for lenge, eller nettlesaren tek ikkje imot informasjonskapslar. Opne sida på "
    "nytt, og prøv igjen.",
    "Kanskje kom ikke hele adressen med.": "Kanskje kom ikkje heile adressa med.",
    "Ingenting er endret nå. Åpne siden på nytt, og prøv igjen.": "Ingenting er endra no. Opne sida "
    "på nytt, og prøv igjen.",
    "Ingenting er lagret. Åpne siden på nytt, og skriv kortere.": "Ingenting er lagra. Opne sida på "
    "nytt, og skriv kortare.",
    "Det er sendt mange skjemaer fra stedet der du er. Ingenting er endret. Prøv igjen om ti "
    "minutter.": "Det er sendt mange skjema frå staden der du er. Ingenting er endra. Prøv igjen om "
    "ti minutt.",
    "Noe er midlertidig galt hos oss. Det er ikke din feil, og ingenting er endret. Prøv igjen om "
    "noen minutter.": "Noko er mellombels gale hos oss. Det er ikkje din feil, og ingenting er "
    "endra. Prøv igjen om nokre minutt.",
    # What became of an alert.
    "Overlevert til e-posttjenesten {when}.": "Overlevert til e-posttenesta {when}.",
    "Overlevert til e-posttjenesten {when}, men kom i retur.": "Overlevert til e-posttenesta "
    "{when}, men kom i retur.",
    "Uvisst: sendingen ble brutt, så den kan ha kommet fram.": "Uvisst: sendinga vart broten, så "
    "ho kan ha kome fram.",
    "Sendes nå.": "Blir send no.",
    "E-posttjenesten ba oss vente. Vi prøver igjen.": "E-posttenesta bad oss vente. Vi prøver igjen.",
    "Venter på å bli sendt.": "Ventar på å bli send.",
    "Venter: utsendingen er stanset inntil videre.": "Ventar: utsendinga er stansa inntil vidare.",
    "E-posttjenesten tok ikke imot e-posten (kode {codes}).": "E-posttenesta tok ikkje imot "
    "e-posten (kode {codes}).",
    "E-posttjenesten tok ikke imot e-posten.": "E-posttenesta tok ikkje imot e-posten.",
    "E-posttjenesten tok ikke imot e-posten: adressen finnes ikke.": "E-posttenesta tok ikkje imot "
    "e-posten: adressa finst ikkje.",
    "Kom i retur: adressen finnes ikke.": "Kom i retur: adressa finst ikkje.",
    "Ikke sendt: en nyere utgave kom først.": "Ikkje send: ei nyare utgåve kom først.",
    "Ikke sendt: utsendingen ble avbrutt.": "Ikkje send: utsendinga vart avbroten.",
    "Ikke sendt: e-post til adressen din hadde kommet i retur.": "Ikkje send: e-post til adressa di "
    "hadde kome i retur.",
    "Ikke sendt: du hadde meldt deg av.": "Ikkje send: du hadde meldt deg av.",
    "Ikke sendt til deg: du har ikke fått det som ble endret.": "Ikkje send til deg: du har ikkje "
    "fått det som vart endra.",
    "Ikke sendt til deg: varselet gjaldt ikke emnene du hadde valgt.": "Ikkje send til deg: "
    "varselet galdt ikkje emna du hadde valt.",
    "Ikke sendt til deg: du var meldt av.": "Ikkje send til deg: du var meld av.",
    "Sendt ut før du meldte deg på.": "Sendt ut før du melde deg på.",
    "Passnøkler trenger JavaScript.": "Passnøklar treng JavaScript.",
    "Denne nettleseren kan ikke bruke passnøkler.": "Denne nettlesaren kan ikkje bruke passnøklar.",
    "Det ble avbrutt, eller tok for lang tid. Prøv igjen.": "Det blei avbrote, eller tok for lang tid. Prøv igjen.",
    "Denne enheten har alt en passnøkkel for deg her.": "Denne eininga har alt ein passnøkkel for deg her.",
    "Nettleseren fikk det ikke til. Prøv igjen, eller prøv en annen enhet.": "Nettlesaren fekk det ikkje til. Prøv igjen, eller prøv ei anna eining.",
    "Passnøkler": "Passnøklar",
    "Passnøkkelen er laget. Neste gang kan du logge inn med den.": "Passnøkkelen er laga. Neste gong kan du logge inn med han.",
    "Passnøkkelen er fjernet. Den logger ikke inn noen lenger.": "Passnøkkelen er fjerna. Han loggar ikkje inn nokon lenger.",
    "Passnøkkelen ble ikke laget. Siden kan ha stått åpen for lenge: prøv en gang til.": "Passnøkkelen blei ikkje laga. Sida kan ha stått open for lenge: prøv ein gong til.",
    "Med en passnøkkel logger du inn med fingeravtrykk, ansikt eller koden til enheten, uten å vente på e-post. Du kan alltid logge inn med e-post også. Hver gang en passnøkkel lages eller fjernes, får du en e-post.": "Med ein passnøkkel loggar du inn med fingeravtrykk, ansikt eller koden til eininga, utan å vente på e-post. Du kan alltid logge inn med e-post òg. Kvar gong ein passnøkkel blir laga eller fjerna, får du ein e-post.",
    "Laget {day}": "Laga {day}",
    "Sist brukt {day}": "Sist brukt {day}",
    "Ikke brukt ennå": "Ikkje brukt enno",
    "Fjern passnøkkelen som ble laget {day}": "Fjern passnøkkelen som blei laga {day}",
    "Fjern": "Fjern",
    "Lag en passnøkkel": "Lag ein passnøkkel",
    "På denne adressen virker ikke passnøkler.": "På denne adressa verkar ikkje passnøklar.",
    "Bruk bare en enhet som er din egen. Mister du den, fjern passnøkkelen her.": "Bruk berre ei eining som er di eiga. Mistar du ho, fjern passnøkkelen her.",
    "Har du laget en passnøkkel?": "Har du laga ein passnøkkel?",
    "Logg inn med passnøkkel": "Logg inn med passnøkkel",
    "Lag en passnøkkel, og logg inn uten å vente på e-post": "Lag ein passnøkkel, og logg inn utan å vente på e-post",
    "Passnøkkelen slapp deg ikke inn. Prøv en gang til, eller logg inn med e-post.": "Passnøkkelen sleppte deg ikkje inn. Prøv ein gong til, eller logg inn med e-post.",
    "Bare den som leser e-posten din, skal kunne lage en passnøkkel. Vi sender deg en e-post med en lenke og en kode. Når du har brukt den, kommer du tilbake hit.": "Berre den som les e-posten din, skal kunne lage ein passnøkkel. Vi sender deg ein e-post med ei lenkje og ein kode. Når du har brukt han, kjem du tilbake hit.",
    "Fjern alle passnøkler": "Fjern alle passnøklar",
    "Da fjernes alle passnøklene til Min side, og alle nettlesere blir logget ut. Varslene dine endres ikke.": "Då blir alle passnøklane til Mi side fjerna, og alle nettlesarar logga ut. Varsla dine blir ikkje endra.",
    "Ja, fjern alle og logg ut overalt": "Ja, fjern alle og logg ut overalt",
    "Var det du selv, kan du bare lukke siden.": "Var det du sjølv, kan du berre lukke sida.",
    "Alle passnøkler er fjernet": "Alle passnøklar er fjerna",
    "Ingen passnøkkel logger inn noen lenger, og alle nettlesere er logget ut.": "Ingen passnøkkel loggar inn nokon lenger, og alle nettlesarar er logga ut.",
    "Logg inn med e-post, og se om opplysningene dine er slik de skal være. Kan noen andre lese e-posten din, bytt passord der først.": "Logg inn med e-post, og sjå om opplysningane dine er slik dei skal vere. Kan nokon andre lese e-posten din, byt passord der først.",
    # Nobody foresaw it.
    "Noe gikk galt hos oss": "Noko gjekk gale hos oss",
    "Det er ikke din feil.": "Det er ikkje din feil.",
    "Vi vet ikke om det du sendte, ble tatt imot. Det er ikke borte: la denne siden stå åpen, vent "
    "litt, og send det på nytt.": "Vi veit ikkje om det du sende, vart teke imot. Det er ikkje "
    "borte: lat denne sida stå open, vent litt, og send det på nytt.",
    "Vent litt, og last siden på nytt.": "Vent litt, og last sida på nytt.",
    "Send på nytt": "Send på nytt",
}
