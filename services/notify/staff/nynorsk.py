"""The page's texts in nynorsk, by what they are in bokmål. A test holds that none is missing."""

from shared.article import Lang

NYNORSK: dict[str, str] = {
    "Må rettes": "Må rettast",
    "Noe må rettes": "Noko må rettast",
    "Hvor skal vi gi deg beskjed?": "Kvar skal vi gje deg beskjed?",
    "Du får en e-post når en sak venter på deg, blir sendt tilbake, blir stoppet eller ikke går ut "
    "som den skal. E-posten sier aldri hva saken handler om.": "Du får ein e-post når ei sak ventar "
    "på deg, blir send tilbake, blir stoppa eller ikkje går ut som ho skal. E-posten seier aldri "
    "kva saka handlar om.",
    "E-postadressen din": "E-postadressa di",
    "Bruk den du leser oftest. Ingen andre i redaksjonen får se den.": "Bruk den du les oftast. "
    "Ingen andre i redaksjonen får sjå henne.",
    "Språk i e-posten": "Språk i e-posten",
    "Lagre adressen": "Lagre adressa",
    "Lenken virker ikke": "Lenkja verkar ikkje",
    "Den er brukt, den er for gammel, eller den kom ikke med i sin helhet. Er den laget nå "
    "nettopp, last siden på nytt om noen sekunder.": "Ho er brukt, ho er for gammal, eller ho kom "
    "ikkje med i sin heilskap. Er ho laga no nettopp, last sida på nytt om nokre sekund.",
    "I redaksjonen kan du lage en ny lenke.": "I redaksjonen kan du lage ei ny lenkje.",
    "Gå til redaksjonen": "Gå til redaksjonen",
    "Dette gikk ikke": "Dette gjekk ikkje",
    "Adressen er lagret": "Adressa er lagra",
    "Vi har sendt en e-post til den, så du ser at den kommer fram. Kommer den ikke i løpet av noen "
    "minutter, lag en ny lenke i redaksjonen og skriv adressen på nytt.": "Vi har sendt ein e-post "
    "til henne, så du ser at han kjem fram. Kjem han ikkje i løpet av nokre minutt, lag ei ny "
    "lenkje i redaksjonen og skriv adressa på nytt.",
    # What is refused.
    "Kanskje kom ikke hele adressen med.": "Kanskje kom ikkje heile adressa med.",
    "Det var for mye tekst. Ingenting er lagret. Åpne siden på nytt, og skriv kortere.": "Det var "
    "for mykje tekst. Ingenting er lagra. Opne sida på nytt, og skriv kortare.",
    "Noe gikk galt hos oss. Det er ikke din feil, og lenken virker like godt om litt: gå tilbake, "
    "og prøv igjen.": "Noko gjekk gale hos oss. Det er ikkje din feil, og lenkja verkar like godt "
    "om litt: gå tilbake, og prøv igjen.",
    "Det er sendt mange skjemaer fra stedet der du er. Ingenting er lagret. Prøv igjen om ti "
    "minutter.": "Det er sendt mange skjema frå staden der du er. Ingenting er lagra. Prøv igjen "
    "om ti minutt.",
    "Noe er midlertidig galt hos oss. Ingenting er lagret. Lenken virker like godt om litt.": "Noko "
    "er mellombels gale hos oss. Ingenting er lagra. Lenkja verkar like godt om litt.",
    "Ingenting er lagret. Åpne lenken på nytt, og prøv igjen.": "Ingenting er lagra. Opne lenkja på "
    "nytt, og prøv igjen.",
    # What is wrong with an address; see members/addresses.py.
    "Adressen har kontrolltegn eller linjeskift; skriv den på nytt": "Adressa har kontrollteikn "
    "eller linjeskift; skriv henne på nytt",
    "Adressen må ha nøyaktig én @; skriv én adresse, som navn@domene.no": "Adressa må ha nøyaktig "
    "éin @; skriv éi adresse, som namn@domene.no",
    "Delen foran @ har andre tegn enn ASCII, og det støttes ikke (SMTPUTF8); rett den, eller be om "
    "en annen adresse": "Delen framfor @ har andre teikn enn ASCII, og det er ikkje støtta "
    "(SMTPUTF8); rett han, eller be om ei anna adresse",
    "Delen foran @ er tom eller har tegn som ikke kan stå der; rett den": "Delen framfor @ er tom "
    "eller har teikn som ikkje kan stå der; rett han",
    "Adressen er for lang; rett den": "Adressa er for lang; rett henne",
    "Domenet etter @ er ikke gyldig; det skal se ut som domene.no": "Domenet etter @ er ikkje "
    "gyldig; det skal sjå ut som domene.no",
}


def say(text: str, lang: Lang) -> str:
    """A text of the page in a language."""
    return NYNORSK.get(text, text) if lang == "nn" else text
