"""Bodies whose every character readers are to see, and lists as Word and mail have them."""

NO_MARKUP = [
    "Ta 2*500 mg morgen og 2*500 mg kveld.",
    "Ta 2 *500 mg morgen og 2 *500 mg kveld.",
    "Ta (2)*500*(3) mg.",
    "Ta 2**3**4 og 2_5_3 og fil_a_navn.",
    "Ta ≥*5* mg og 5*.",
    "Ta 10`000 og 20`000 mg.",
    "Temperaturen må være under\n- 5 grader.",
    "Temperaturen må være under\n– 5 grader.",
    "Temperaturen må være under\n-\n5 grader.",
    "Temperaturen må være under\n–\t5 grader.",
    "> .5 mg er for mye",
    "17. ---",
    "Vekten har økt med\n+ 5 kg.",
    "+ 5 kg",
    "+ 5 kg på en uke",
    "Tekst\n* 5 mg",
    "Dosen er\n1. 5 mg om dagen",
    "- 5 grader",
    "> 5 mg er for mye",
    "> = 5 mg",
    ">5 mg\n>10 mg",
    "Verdien er\n> 5 mg",
    "Nummer\n# 5 i køen",
    "# 5 i køen",
    "#5 i køen",
    "Prisen\n- - -\ner ukjent",
    "Verdi\n=\n5",
    "Verdi\n-",
    "Verdi\n\t===\n-",
    "1.\n\n-\n\n#",
    "AT&amp;T &lt;5 mg &nbsp; &#8238;",
    "Verdier <pH:7> og <5@10>",
    "```Viktig: ta 5 mg\nikke 50 mg",
    "~~5 mg~~",
    "[råd][2] og [^7]",
    "5 \\ 10 og C:\\mappe",
]

NUMBERS = [
    "3. jan. kom brevet.\n\n17. feb. svarte tilsynet.",
    "3. jan. kom brevet.\n\n4. feb. svarte tilsynet.",
    "2019. Da kom den.\n\n2024. Da gikk den.",
    "3. mars kom brevet.\n\n12. og 13. april kom svaret.",
    "3. mars\n12. og 13. april",
    "17. feb. kom\n3. mars gikk",
    "01. Først\n02. Så",
    "1. Først\n1. Så",
    "5. Fem\n\n- En\n\n7. Sju",
    "1. En\n2. To\n4. Fire",
    "3. - En\n   - To\n\n17. - Tre",
    "18) Atten",
]

LISTS = {
    "bullets of Word": ("Ta med:\n• kort\n•\tpenger\n•mat", 3),
    "bullets of Word's fonts": ("\uf0b7\tkort\n\uf0b7\tpenger", 2),
    "o and a tab": ("o\tkort\no\tpenger", 2),
    "dashes": ("– kort\n– penger\n– mat", 3),
    "a dash and a tab": ("–\tkort", 1),
    "a middle dot and a tab": ("·\tkort", 1),
    "a hard space": ("-\u00a0kort\n-\u00a0penger", 2),
    "after a line of a hard space": ("Ta med:\n\u00a0\n- kort\n- penger", 2),
    "under an item": ("- kort\n  - id\n  - bank\n- penger", 4),
    "indented": ("Tekst.\n\n    - kort\n    - penger", 2),
}

DIALOGUE = ["– Hva nå?\n– Ring legen.", "– Ring legen.", "– En.\n\n– To."]

INDENTED = ["    Innrykk.", "\tInnrykk.", "Tekst.\n\n\tInnrykk.\n\tMer."]
