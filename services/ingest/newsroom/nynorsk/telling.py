"""Where one asks to be told by mail."""

TEXTS: dict[str, str] = {
    "Beskjeder": "Beskjedar",
    "Si hvor du vil ha e-post når en sak venter på deg eller ikke går ut som den skal.": (
        "Sei kvar du vil ha e-post når ei sak ventar på deg eller ikkje går ut som ho skal."
    ),
    "Få beskjed på e-post": "Få beskjed på e-post",
    "Du får en e-post når en sak venter på deg, blir sendt tilbake, blir stoppet eller ikke går ut "
    "som den skal. E-posten sier aldri hva saken handler om.": (
        "Du får ein e-post når ei sak ventar på deg, blir send tilbake, blir stoppa eller ikkje "
        "går ut som ho skal. E-posten seier aldri kva saka handlar om."
    ),
    "Lenken er klar. Den virker én gang, i en time.": (
        "Lenkja er klar. Ho verkar éin gong, i ein time."
    ),
    "Skriv inn adressen din": "Skriv inn adressa di",
    "Adressen skriver du på en egen side, og den lagres kryptert. Ingen andre i redaksjonen får se "
    "den. Har du gitt en adresse før, tar den nye plassen til den gamle.": (
        "Adressa skriv du på ei eiga side, og ho blir lagra kryptert. Ingen andre i redaksjonen "
        "får sjå ho. Har du gitt ei adresse før, tek den nye plassen til den gamle."
    ),
    "Lag en lenke til meg": "Lag ei lenkje til meg",
}
