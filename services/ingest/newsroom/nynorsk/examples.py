"""What stands in the form as an example, or is picked into it, in nynorsk."""

TEXTS: dict[str, str] = {
    "Uten tittel": "Utan tittel",
    "Exempla kan skade leveren": "Exempla kan skade levra",
    "Myndighetene advarer mot leverskade ved bruk av Exempla. Snakk med legen din.": "Styresmaktene åtvarar mot leverskade ved bruk av Exempla. Snakk med legen din.",
    "Vi skrev feil dose i går. Riktig dose er 5 mg.": "Vi skreiv feil dose i går. Riktig dose er 5 mg.",
    "Eksempelinib (Exempla) kan gi alvorlig leverskade hos noen.": "Eksempelinib (Exempla) kan gi alvorleg leverskade hos nokon.",
    "Alle som bruker Exempla, særlig de over 65 år.": "Alle som bruker Exempla, særleg dei over 65 år.",
    "Bestill time hos legen.": "Bestill time hos legen.",
    "Ikke slutt uten å snakke med legen din først.": "Ikkje slutt utan å snakke med legen din først.",
    "Ring 113 hvis du får vondt i brystet.": "Ring 113 viss du får vondt i brystet.",
    "Ring 113 ved brystsmerter, plutselig tung pust eller lammelser.": "Ring 113 ved brystsmerter, brå tung pust eller lammingar.",
    "Ring 113 hvis noen blir bevisstløs eller får kramper.": "Ring 113 viss nokon blir medvitslaus eller får kramper.",
    "Ring legevakten på 116 117 hvis du blir raskt dårligere.": "Ring legevakta på 116 117 viss du raskt blir dårlegare.",
    "Ring legevakten på 116 117 ved høy feber eller kraftig utslett.": "Ring legevakta på 116 117 ved høg feber eller kraftig utslett.",
    "Skrevet av {name}": "Skriven av {name}",
    "Varsel": "Varsel",
}
