"""What an admin looks after."""

TEXTS: dict[str, str] = {
    # people
    "Her ser du hvem som er i redaksjonen. Alt som endres her, blir skrevet i sporet med navnet "
    "ditt.": "Her ser du kven som er i redaksjonen. Alt som blir endra her, blir skrive i sporet "
    "med namnet ditt.",
    "deg": "deg",
    "skriver": "skribent",
    "godkjenner": "godkjennar",
    "administrator": "administrator",
    "sluppet inn av {name}": "sleppt inn av {name}",
    "lagt til av den som drifter Varsel": "lagd til av den som driftar Varsel",
    "én nøkkel": "éin nøkkel",
    "{count} nøkler": "{count} nøklar",
    "Har en lenke som venter, til {time}": "Har ei lenkje som ventar, til {time}",
    "Endre {name}": "Endre {name}",
    "Ny lenke": "Ny lenkje",
    "For den som har mistet passnøkkelen eller ikke rakk å bruke lenken. Den forrige lenken "
    "slutter å virke.": "For den som har mist passnøkkelen eller ikkje rakk å bruke lenkja. Den "
    "førre lenkja sluttar å verke.",
    "Når den nye brukes, slutter passnøklene som personen hadde, å virke. Nøkler til programmer "
    "avslutter du på siden «Nøkler».": "Når den nye blir brukt, sluttar passnøklane som personen "
    "hadde, å verke. Nøklar til program avsluttar du på sida «Nøklar».",
    "Lag ny lenke": "Lag ny lenkje",
    "Rolle": "Rolle",
    "Lagre rollen": "Lagre rolla",
    "Skriver saker og sender dem til godkjenning.": "Skriv saker og sender dei til godkjenning.",
    "Godkjenner også det andre har skrevet.": "Godkjenner også det andre har skrive.",
    "Slipper også folk inn og ut, og steller med nøkler og emner.": "Slepper også folk inn og ut, "
    "og steller med nøklar og emne.",
    "Ta ut av redaksjonen": "Ta ut av redaksjonen",
    "Innlogginger, nøkler og lenker slutter å virke med en gang. Det personen har skrevet og "
    "godkjent, blir stående.": "Innloggingar, nøklar og lenkjer sluttar å verke med ein gong. Det "
    "personen har skrive og godkjent, blir ståande.",
    "Ja, {name} skal ut": "Ja, {name} skal ut",
    "Ta ut {name}": "Ta ut {name}",
    "Slipp inn noen": "Slepp inn nokon",
    "Navn": "Namn",
    "Slik de andre skal se det, for eksempel Kari Nordmann. To kan ikke ha samme navn.": "Slik dei "
    "andre skal sjå det, til dømes Kari Nordmann. To kan ikkje ha same namn.",
    "Hva skal personen kunne gjøre?": "Kva skal personen kunne gjere?",
    "Lag en lenke inn": "Lag ei lenkje inn",
    "Skriv navnet på den du vil slippe inn.": "Skriv namnet på den du vil sleppe inn.",
    "Velg hva personen skal kunne gjøre.": "Vel kva personen skal kunne gjere.",
    "Skriv navnet på én linje, med høyst 200 tegn.": "Skriv namnet på éi linje, med høgst 200 "
    "teikn.",
    "Det er alt en med dette navnet. Har personen mistet lenken eller passnøkkelen, velg «Ny "
    "lenke» i listen. Er det en annen, skriv et navn som skiller de to.": "Det er alt ein med "
    "dette namnet. Har personen mist lenkja eller passnøkkelen, vel «Ny lenkje» i lista. Er det "
    "ein annan, skriv eit namn som skil dei to.",
    "Personen er ikke i redaksjonen": "Personen er ikkje i redaksjonen",
    "Kanskje har noen andre tatt personen ut nettopp. Ingenting er endret. Gå til siden «Folk» og "
    "se hvem som er med.": "Kanskje har nokon andre teke personen ut nettopp. Ingenting er endra. "
    "Gå til sida «Folk» og sjå kven som er med.",
    "Velg en rolle": "Vel ei rolle",
    "Ingenting er endret. Gå tilbake.": "Ingenting er endra. Gå tilbake.",
    "Er du sikker?": "Er du sikker?",
    "Kryss av for at personen skal ut, og trykk en gang til. Ingenting er endret.": "Kryss av for "
    "at personen skal ut, og trykk ein gong til. Ingenting er endra.",
    "Det kan du ikke gjøre med deg selv": "Det kan du ikkje gjere med deg sjølv",
    "Be en annen administrator om å endre rollen din, så ingen stenger seg ute ved et uhell. "
    "Ingenting er endret.": "Be ein annan administrator om å endre rolla di, så ingen stengjer seg "
    "ute ved eit uhell. Ingenting er endra.",
    "Be en annen administrator om å ta deg ut, så ingen stenger seg ute ved et uhell. Ingenting er "
    "endret.": "Be ein annan administrator om å ta deg ut, så ingen stengjer seg ute ved eit "
    "uhell. Ingenting er endra.",
    "Send denne lenken til {name}": "Send denne lenkja til {name}",
    "Lenken vises bare nå. Den virker én gang, i {hours} timer. Den som åpner den, blir {name}: "
    "send den bare dit, for eksempel i en SMS eller på telefonen.": "Lenkja blir berre vist no. Ho "
    "verkar éin gong, i {hours} timar. Den som opnar ho, blir {name}: send ho berre dit, til dømes "
    "i ein SMS eller på telefonen.",
    "Lenke": "Lenkje",
    "Mister {name} lenken, lager du en ny på siden «Folk».": "Mistar {name} lenkja, lagar du ei ny "
    "på sida «Folk».",
    "Tilbake til Folk": "Tilbake til Folk",
    "{name} er lagt til av den som drifter Varsel.": "{name} er lagd til av den som driftar "
    "Varsel.",
    "{name} ble invitert av {inviter}, som har skrevet på denne saken.": "{name} blei invitert av "
    "{inviter}, som har skrive på denne saka.",
    "{name} ble invitert av {inviter}.": "{name} blei invitert av {inviter}.",
    "{name} fikk en ny lenke inn av {inviter}, som har skrevet på denne saken.": "{name} fekk ei ny "
    "lenkje inn av {inviter}, som har skrive på denne saka.",
    "{name} har en nøkkel som er laget av {inviter}, som har skrevet på denne saken.": "{name} har "
    "ein nøkkel som er laga av {inviter}, som har skrive på denne saka.",
    "{name} fikk rollen sin av {inviter}, som har skrevet på denne saken.": "{name} fekk rolla si "
    "av {inviter}, som har skrive på denne saka.",
    "{name} fikk en ny lenke inn av {inviter}.": "{name} fekk ei ny lenkje inn av {inviter}.",
    "{name} har en nøkkel som er laget av {inviter}.": "{name} har ein nøkkel som er laga av "
    "{inviter}.",
    "{name} fikk rollen sin av {inviter}.": "{name} fekk rolla si av {inviter}.",
    # keys
    "Nøkler": "Nøklar",
    "Den som bruker kommandoer eller egne programmer, "
    "trenger en nøkkel. De fleste trenger ingen.": "Den som bruker "
    "kommandoar eller eigne program, treng ein nøkkel. Dei fleste treng ingen.",
    "Se nøklene": "Sjå nøklane",
    "En nøkkel er for programmer og for den som bruker kommandoer. Den kan det samme som personen "
    "den tilhører.": "Ein nøkkel er for program og for den som bruker kommandoar. Han kan det same "
    "som personen han høyrer til.",
    "laget {day}": "laga {day}",
    "Gjør nøkkelen {id} ugyldig": "Gjer nøkkelen {id} ugyldig",
    "Programmer som bruker den, slutter å virke med en gang. "
    "{name} er fortsatt i redaksjonen.": "Program som bruker han, sluttar å verke med ein gong. "
    "{name} er framleis i redaksjonen.",
    "Gjør ugyldig": "Gjer ugyldig",
    "Det er ingen nøkler.": "Det er ingen nøklar.",
    "Lag en nøkkel": "Lag ein nøkkel",
    "Til hvem?": "Til kven?",
    "Velg": "Vel",
    "Lag nøkkel": "Lag nøkkel",
    "Velg hvem nøkkelen skal være til.": "Vel kven nøkkelen skal vere til.",
    "Nøkkelen er alt ute av bruk": "Nøkkelen er alt ute av bruk",
    "Noen andre var først. Alt er i orden.": "Nokon andre var først. Alt er i orden.",
    "Nøkkelen til {name}": "Nøkkelen til {name}",
    "Nøkkelen vises bare nå. Legg den et trygt sted: den som har den, "
    "kan gjøre det {name} kan.": "Nøkkelen blir berre vist no. Legg han ein trygg stad: den "
    "som har han, kan gjere det {name} kan.",
    "Nøkkel": "Nøkkel",
    "Tilbake til nøklene": "Tilbake til nøklane",
    # subjects
    "Medlemmer kan velge hva de vil ha varsler om. Et varsel går til dem som har valgt et av "
    "emnene det handler om, og til alle som vil ha alle varsler. Handler det om noe som ikke er et "
    "emne, går det til alle.": "Medlemer kan velje kva dei vil ha varsel om. Eit varsel går til "
    "dei som har valt eit av emna det handlar om, og til alle som vil ha alle varsel. Handlar det "
    "om noko som ikkje er eit emne, går det til alle.",
    "virkestoff: {name}": "verkestoff: {name}",
    "Det er ingen emner ennå. Alle varsler går til alle medlemmer.": "Det er ingen emne enno. Alle "
    "varsel går til alle medlemer.",
    "Nytt emne": "Nytt emne",
    "Endre emnet {name}": "Endre emnet {name}",
    "Slik medlemmene ser det, for eksempel Tofacitinib eller Leddgikt.": "Slik medlemene ser det, "
    "til dømes Tofacitinib eller Leddgikt.",
    "Navn på nynorsk": "Namn på nynorsk",
    "Bare hvis det er et annet.": "Berre om det er eit anna.",
    "Adresse": "Adresse",
    "Små bokstaver og bindestrek. La feltet stå tomt, så lages den av navnet. Den kan ikke endres "
    "siden: medlemmenes valg henger på den.": "Små bokstavar og bindestrek. La feltet stå tomt, så "
    "blir ho laga av namnet. Ho kan ikkje endrast sidan: vala til medlemene heng på ho.",
    "Virkestoff": "Verkestoff",
    "For en medisin. La stå tomt for en gruppe av medisiner og for en sykdom.": "For ein medisin. "
    "La stå tomt for ei gruppe av medisinar og for ein sjukdom.",
    "Handelsnavn": "Handelsnamn",
    "Ett på hver linje.": "Eitt på kvar linje.",
    "ATC-koder": "ATC-kodar",
    "Én på hver linje, for eksempel L04AF01. En kort kode, som L04AF, gjelder alle som begynner "
    "med den.": "Éin på kvar linje, til dømes L04AF01. Ein kort kode, som L04AF, gjeld alle som "
    "byrjar med han.",
    "Grupper": "Grupper",
    "Navn på grupper medisinen hører til, for eksempel JAK-hemmere. Ett på hver linje.": "Namn på "
    "grupper medisinen høyrer til, til dømes JAK-hemmarar. Eitt på kvar linje.",
    "Sykdommer": "Sjukdomar",
    "Navn på sykdommen, slik saker skriver det. Ett på hver linje.": "Namn på sjukdomen, slik "
    "saker skriv det. Eitt på kvar linje.",
    "Lagre": "Lagre",
    "Avbryt": "Avbryt",
    "Fjern emnet": "Fjern emnet",
    "Varsler om det går deretter til alle, og ingen kan velge det. Det medlemmer har valgt, blir "
    "tatt vare på, og gjelder igjen om emnet kommer tilbake.": "Varsel om det går deretter til "
    "alle, og ingen kan velje det. Det medlemer har valt, blir teke vare på, og gjeld igjen om "
    "emnet kjem tilbake.",
    "Ja, emnet skal fjernes": "Ja, emnet skal fjernast",
    "Det er alt et emne med denne adressen. Skriv en annen.": "Det er alt eit emne med denne "
    "adressa. Skriv ei anna.",
    "Noen andre har endret dette emnet mens du skrev. Det du skrev, står her fortsatt. Se over "
    "det, og lagre på nytt for å bruke ditt.": "Nokon andre har endra dette emnet medan du skreiv. "
    "Det du skreiv, står her framleis. Sjå over det, og lagre på nytt for å bruke ditt.",
    "Kryss av for at emnet skal fjernes, og trykk en gang til. Ingenting er endret.": "Kryss av "
    "for at emnet skal fjernast, og trykk ein gong til. Ingenting er endra.",
    # state
    "Alt er i orden": "Alt er i orden",
    "Saker blir publisert, og e-post går ut.": "Saker blir publiserte, og e-post går ut.",
    "Sendes ut nå": "Blir sende ut no",
    "{done} av {all} er sendt": "{done} av {all} er sende",
    "Ingenting sendes ut nå.": "Ingenting blir sendt ut no.",
    "Venter på godkjenning": "Ventar på godkjenning",
    "sendt inn av {name}, {time}": "sendt inn av {name}, {time}",
    "Ingen saker venter på godkjenning.": "Ingen saker ventar på godkjenning.",
    "Venter på sin tid": "Ventar på si tid",
    "publiseres {time}": "blir publisert {time}",
    "Ingen saker venter på sin tid.": "Ingen saker ventar på si tid.",
    "Se på nytt": "Sjå på nytt",
    "Nettsiden blir ikke oppdatert": "Nettsida blir ikkje oppdatert",
    "E-post går ikke ut som den skal": "E-post går ikkje ut som han skal",
    "Kvitteringene henger etter": "Kvitteringane heng etter",
    "Det som publiseres, blir ikke synlig ennå. Det eldste har ventet i {minutes} minutter. Si fra "
    "til den som drifter Varsel, og nevn «{service}». Ingenting er tapt.": "Det som blir "
    "publisert, blir ikkje synleg enno. Det eldste har venta i {minutes} minutt. Sei frå til den "
    "som driftar Varsel, og nemn «{service}». Ingenting er tapt.",
    "Varsler som er publisert, venter. Det eldste har ventet i {minutes} minutter. Si fra til den "
    "som drifter Varsel, og nevn «{service}». Ingenting er tapt.": "Varsel som er publiserte, "
    "ventar. Det eldste har venta i {minutes} minutt. Sei frå til den som driftar Varsel, og nemn "
    "«{service}». Ingenting er tapt.",
    "Tallene på kvitteringene kan være gamle. Det eldste har ventet i {minutes} minutter. Si fra "
    "til den som drifter Varsel, og nevn «{service}». Ingenting er tapt.": "Tala på kvitteringane "
    "kan vere gamle. Det eldste har venta i {minutes} minutt. Sei frå til den som driftar Varsel, "
    "og nemn «{service}». Ingenting er tapt.",
    "Et varsel sitter fast": "Eit varsel sit fast",
    "«{title}»: noe ble gitt opp underveis. Se kvitteringen, og si fra til den som drifter "
    "Varsel.": "«{title}»: noko blei gitt opp undervegs. Sjå kvitteringa, og sei frå til den som "
    "driftar Varsel.",
    "Se kvitteringen": "Sjå kvitteringa",
    "En utsending er satt på pause": "Ei utsending er sett på pause",
    "«{title}»: {open} venter på e-posten. Se kvitteringen; der står hvorfor, og der kan den "
    "settes i gang igjen.": "«{title}»: {open} ventar på e-posten. Sjå kvitteringa; der står "
    "kvifor, og der kan ho setjast i gang igjen.",
    "Et varsel venter på nettsiden": "Eit varsel ventar på nettsida",
    "«{title}» er publisert, men siden er ikke sett utenfra. Ingen får e-post før den er det. Si "
    "fra til den som drifter Varsel.": "«{title}» er publisert, men sida er ikkje sett utanfrå. "
    "Ingen får e-post før ho er det. Sei frå til den som driftar Varsel.",
    "Noe ble gitt opp": "Noko blei gitt opp",
    "Antall hendelser som ikke kunne behandles: {count}. De er tatt vare på. Si fra til den som "
    "drifter Varsel: «varsel dead list» viser dem.": "Hendingar som ikkje kunne behandlast: "
    "{count}. Dei er tekne vare på. Sei frå til den som driftar Varsel: «varsel dead list» viser "
    "dei.",
    "Det er lite plass på disken": "Det er lite plass på disken",
    "{percent} % er ledig. Blir den full, kan ingenting lagres. Si fra til den som drifter "
    "Varsel.": "{percent} % er ledig. Blir han full, kan ingenting lagrast. Sei frå til den som "
    "driftar Varsel.",
    "Få kan godkjenne": "Få kan godkjenne",
    "Et varsel trenger {wanted} godkjenning(er) av andre enn den som skrev det, og bare "
    "{approvers} kan godkjenne. Er en borte, kan et varsel bli stående.": "Eit varsel treng "
    "{wanted} godkjenning(ar) av andre enn den som skreiv det, og berre {approvers} kan godkjenne. "
    "Er ein borte, kan eit varsel bli ståande.",
    "Se hvem som er med": "Sjå kven som er med",
    "En sak har ventet lenge på godkjenning": "Ei sak har venta lenge på godkjenning",
    "«{title}» har ventet i over et døgn.": "«{title}» har venta i over eit døgn.",
    "Se saken": "Sjå saka",
    # trail
    "Den som drifter Varsel": "Den som driftar Varsel",
    "Varsel": "Varsel",
    "Lagret": "Lagra",
    "Lot et medlem få e-post igjen": "Lét ein medlem få e-post igjen",
    "Laget en passnøkkel": "Laga ein passnøkkel",
    "Knyttet en konto til innloggingen": "Knytte ein konto til innlogginga",
    "Fjernet en passnøkkel": "Fjerna ein passnøkkel",
    "Laget en lenke til en fagperson": "Laga ei lenkje til ein fagperson",
    "Avsluttet lenken til en fagperson": "Avslutta lenkja til ein fagperson",
    "La inn en merknad": "La inn ein merknad",
    "Satte utsendingen på pause": "Sette utsendinga på pause",
    "La tilbake en sikkerhetskopi fra {made_at}": "La tilbake ein tryggingskopi frå {made_at}",
    "Lot systemet gå videre etter en sikkerhetskopi": "Lét systemet gå vidare etter ein tryggingskopi",
    "Satte utsendingen i gang igjen": "Sette utsendinga i gang igjen",
    "Avbrøt utsendingen": "Avbraut utsendinga",
    "Ba om å prøve dem som feilet, en gang til": "Bad om å prøve dei som feila, ein gong til",
    "Fagperson": "Fagperson",
    "La inn en adresse for beskjeder": "La inn ei adresse for beskjedar",
    "Sendte til godkjenning": "Sende til godkjenning",
    "Godkjente": "Godkjende",
    "Avviste": "Avviste",
    "Stoppet": "Stoppa",
    "Satte tidspunkt for publisering": "Sette tidspunkt for publisering",
    "Publiserte": "Publiserte",
    "Trakk tilbake": "Trekte tilbake",
    "Utsendingen nådde {handed_over} av {audience}": "Utsendinga nådde {handed_over} av {audience}",
    "Slapp inn {name} ({role})": "Sleppte inn {name} ({role})",
    "Gjorde {name} til {role}": "Gjorde {name} til {role}",
    "Tok ut {name}": "Tok ut {name}",
    "Laget en lenke inn for {name}": "Laga ei lenkje inn for {name}",
    "Brukte lenken inn": "Brukte lenkja inn",
    "Laget nøkkelen {key} til {name}": "Laga nøkkelen {key} til {name}",
    "Nøkkelen {key} ble knyttet til {name}": "Nøkkelen {key} blei knytt til {name}",
    "Gjorde nøkkelen {key} ugyldig": "Gjorde nøkkelen {key} ugyldig",
    "La til emnet {subject}": "La til emnet {subject}",
    "Endret emnet {subject}": "Endra emnet {subject}",
    "Fjernet emnet {subject}": "Fjerna emnet {subject}",
    "Skrev en melding til medlemmer": "Skreiv ei melding til medlemer",
    "Godkjente en melding til medlemmer": "Godkjende ei melding til medlemer",
    "Avbrøt en melding til medlemmer": "Avbraut ei melding til medlemer",
    "Slo opp et medlem": "Slo opp ein medlem",
    "Så hva som er lagret om et medlem": "Såg kva som er lagra om ein medlem",
    "Hentet ut det som er lagret om et medlem": "Henta ut det som er lagra om ein medlem",
    "Endret noe om et medlem": "Endra noko om ein medlem",
    "Slettet et medlem": "Sletta ein medlem",
    "Tok inn medlemmer fra en liste": "Tok inn medlemer frå ei liste",
    "Skrev medlemmene til en fil": "Skreiv medlemene til ei fil",
    "Angret en synkronisering av medlemmer": "Angra ei synkronisering av medlemer",
    "Så på medlemmer som ikke får e-post": "Såg på medlemer som ikkje får e-post",
    "Alt som er gjort, av hvem og når. Hver oppføring er bundet til den foran, så ingen kan endre "
    "eller ta bort noe uten at det synes.": "Alt som er gjort, av kven og når. Kvar oppføring er "
    "bunden til den framfor, så ingen kan endre eller ta bort noko utan at det synest.",
    "Sporet er helt": "Sporet er heilt",
    "{count} oppføringer er sjekket, og alle er slik de ble skrevet. Roten er:": "{count} "
    "oppføringar er sjekka, og alle er slik dei blei skrivne. Rota er:",
    "Sporet er brutt": "Sporet er brote",
    "Sporet blir sjekket": "Sporet blir sjekka",
    "{done} av {count} oppføringer er sjekket. Siden viser svaret av seg selv.": "{done} av "
    "{count} oppføringar er sjekka. Sida viser svaret av seg sjølv.",
    "Hvor mye som er sjekket": "Kor mykje som er sjekka",
    "Oppføring {number}:": "Oppføring {number}:",
    "Si fra til den som drifter Varsel. Ikke prøv å rette det: det er et bevis.": "Sei frå til den "
    "som driftar Varsel. Ikkje prøv å rette det: det er eit bevis.",
    "Sjekk at sporet er helt": "Sjekk at sporet er heilt",
    "saken, utgave {number}": "saka, utgåve {number}",
    "Denne oppføringen mangler eller kan ikke leses.": "Denne oppføringa manglar eller kan ikkje "
    "lesast.",
    "Flere oppføringer": "Fleire oppføringar",
    "Nyere": "Nyare",
    "Eldre": "Eldre",
    "Sporet er tomt.": "Sporet er tomt.",
    "oppføringen kan ikke leses": "oppføringa kan ikkje lesast",
    "oppføringen er endret etter at den ble skrevet": "oppføringa er endra etter at ho blei "
    "skriven",
    "oppføringen mangler, er flyttet eller står to ganger": "oppføringa manglar, er flytta eller "
    "står to gonger",
    "oppføringen følger ikke den som står foran": "oppføringa følgjer ikkje den som står framfor",
    "sporet slutter for tidlig": "sporet sluttar for tidleg",
    "oppføringen står etter slutten; den har ikke Varsel skrevet": "oppføringa står etter slutten; "
    "ho har ikkje Varsel skrive",
    "sporet er avkortet eller skrevet om": "sporet er korta av eller skrive om",
    # the site
    "Nettstedet": "Nettstaden",
    "Slik er det nå": "Slik er det no",
    "Bilde: {label}": "Bilete: {label}",
    "Last opp": "Last opp",
    "Fjern: {label}": "Fjern: {label}",
    "Lagret. Alle sidene følger etter av seg selv.": "Lagra. Alle sidene følgjer etter av seg "
    "sjølv.",
    "Se nettstedet": "Sjå nettstaden",
    "Det som står her, kommer fra filen site.yaml hos den som drifter Varsel, og endres der.": "Det "
    "som står her, kjem frå fila site.yaml hos den som driftar Varsel, og blir endra der.",
    "Det du skriver her, står på alle sidene på nettstedet. Et felt som er tomt, vises ikke.": "Det "
    "du skriv her, står på alle sidene på nettstaden. Eit felt som er tomt, blir ikkje vist.",
    "Hvem dere er": "Kven de er",
    "Foreningens navn": "Namnet på foreininga",
    "Tomt betyr {name}.": "Tomt tyder {name}.",
    "Postadresse": "Postadresse",
    "På én linje.": "På éi linje.",
    "Telefon": "Telefon",
    "E-postadresse": "E-postadresse",
    "Organisasjonsnummer": "Organisasjonsnummer",
    "Farger": "Fargar",
    "Hovedfarge": "Hovudfarge",
    "Som # og seks tegn, for eksempel #0b5670. Den må være mørk nok til å leses på lys bakgrunn. Der "
    "leseren har mørk skjerm, gjør vi den lysere.": "Som # og seks teikn, til dømes #0b5670. Ho må "
    "vere mørk nok til å lesast på lys bakgrunn. Der lesaren har mørk skjerm, gjer vi ho lysare.",
    "Farge på «Bli medlem»": "Farge på «Bli medlem»",
    "Lenker": "Lenkjer",
    "Menyen øverst": "Menyen øvst",
    "Én på hver linje: tekst, mellomrom og adresse, som «Om oss /om-oss/». Høyst seks. Varsler og "
    "nyheter står der fra før.": "Éi på kvar linje: tekst, mellomrom og adresse, som «Om oss "
    "/om-oss/». Høgst seks. Varsel og nyhende står der frå før.",
    "Lenker nederst": "Lenkjer nedst",
    "På samme måte, for eksempel «Personvern /personvern/».": "På same måten, til dømes «Personvern "
    "/personvern/».",
    "Bli medlem": "Bli medlem",
    "Hvor «Bli medlem» fører": "Kvar «Bli medlem» fører",
    "/bli-medlem/ er siden her på nettstedet. Har dere en annen, skriv adressen til den.": ""
    "/bli-medlem/ er sida her på nettstaden. Har de ei anna, skriv adressa til ho.",
    "Overskrift på oppfordringen": "Overskrift på oppmodinga",
    "For eksempel «Sterkere sammen!»": "Til dømes «Sterkare saman!»",
    "Oppfordring": "Oppmoding",
    "Står under nyheter, aldri under et varsel.": "Står under nyhende, aldri under eit varsel.",
    "Navnet kan leses i logoen, så det skal ikke stå ved siden av": "Namnet kan lesast i logoen, så "
    "det skal ikkje stå ved sida av",
    "Bilder": "Bilete",
    "Logo": "Logo",
    "Øverst på alle sider. PNG med gjennomsiktig bakgrunn passer best.": "Øvst på alle sider. PNG "
    "med gjennomsiktig bakgrunn passar best.",
    "Ikon": "Ikon",
    "Et kvadrat, for fanen i nettleseren. Uten det viser vi første bokstav i navnet.": "Eit kvadrat, "
    "for fana i nettlesaren. Utan det viser vi den første bokstaven i namnet.",
    "Bilde ved deling": "Bilete ved deling",
    "Vises når noen deler en side som ikke har bilde selv.": "Blir vist når nokon deler ei side som "
    "ikkje har bilete sjølv.",
    "Noen andre har endret nettstedet mens du skrev. Det du skrev, står her fortsatt. Se over det, "
    "og lagre på nytt for å bruke ditt.": "Nokon andre har endra nettstaden medan du skreiv. Det du "
    "skreiv, står her framleis. Sjå over det, og lagre på nytt for å bruke ditt.",
    "Skriv en tekst foran hver adresse, høyst 40 tegn, som «Om oss /om-oss/».": "Skriv ein tekst "
    "framfor kvar adresse, høgst 40 teikn, som «Om oss /om-oss/».",
    "Her er det for mange lenker: høyst 6 øverst og 10 nederst.": "Her er det for mange lenkjer: "
    "høgst 6 øvst og 10 nedst.",
    "Importerte fra {from}": "Importerte frå {from}",
    "Endret nettstedet": "Endra nettstaden",
    "Ingen i redaksjonen får beskjed": "Ingen i redaksjonen får beskjed",
    "Ingen har oppgitt en e-postadresse, så ingen får vite at en sak venter på godkjenning, eller at "
    "en utsending står, før de ser etter selv. Be hver og en oppgi adressen sin, eller be den som "
    "drifter Varsel, om å sette opp en webhook for redaksjonen.": (
        "Ingen har oppgitt ei e-postadresse, så ingen får vite at ei sak ventar på godkjenning, "
        "eller at ei utsending står, før dei ser etter sjølve. Be kvar og ein oppgi adressa si, "
        "eller be den som driftar Varsel, om å setje opp ein webhook for redaksjonen."
    ),
    "Oppgi adressen din": "Oppgi adressa di",
}
