"""What letters to staff say: that something has happened, and where to look. Not a
word of the article: mail is read on screens that others see."""

from services.notify.letters.decide import What
from services.notify.letters.letter_text import LetterText
from shared.languages.say import Nb

_IGNORE: Nb[str] = "Arbeider du ikke i redaksjonen lenger, si fra til dem som gjør det."

TO_STAFF: Nb[dict[What, LetterText]] = {
    What.STAFF_WAITS: LetterText(
        subject="En sak venter på deg",
        heading="En sak venter på godkjenning",
        said=(
            "Sak {article} hos {site} venter på å bli godkjent.",
            "Les den i redaksjonen. Du kan godkjenne den, eller sende den tilbake og si hvorfor.",
        ),
        link="Åpne saken",
        ignore=_IGNORE,
    ),
    What.STAFF_REJECTED: LetterText(
        subject="En sak er sendt tilbake",
        heading="En sak er sendt tilbake",
        said=(
            "Sak {article} hos {site} ble ikke godkjent.",
            "I redaksjonen står det hvorfor. Der kan den rettes og sendes inn på nytt.",
        ),
        link="Åpne saken",
        ignore=_IGNORE,
    ),
    What.STAFF_STOPPED: LetterText(
        subject="En sak er stoppet",
        heading="En sak er stoppet",
        said=(
            "Sak {article} hos {site} ble stoppet før den kom ut.",
            "I redaksjonen ser du hvem som stoppet den, og hva som kan gjøres nå.",
        ),
        link="Åpne saken",
        ignore=_IGNORE,
    ),
    What.STAFF_NOT_PUBLISHED: LetterText(
        subject="En sak kom ikke ut i tide",
        heading="En sak kom ikke ut da den skulle",
        said=(
            "Sak {article} hos {site} skulle ha vært ute nå, men er det ikke.",
            "I redaksjonen ser du hva som mangler. Haster det, ring den som kan godkjenne, eller "
            "den som drifter systemet.",
        ),
        link="Åpne saken",
        ignore=_IGNORE,
    ),
    What.STAFF_PUBLISHED_LATE: LetterText(
        subject="En sak kom ut for sent",
        heading="En sak kom ut senere enn den skulle",
        said=(
            "Sak {article} hos {site} er ute nå, men kom ut etter tiden som var satt.",
            "Se i redaksjonen om noe i den må endres fordi den kom senere.",
        ),
        link="Åpne saken",
        ignore=_IGNORE,
    ),
    What.STAFF_MAIL_STANDS: LetterText(
        subject="En utsending står stille",
        heading="Utsendingen av en sak står stille",
        said=(
            "E-posten om sak {article} hos {site} går ikke ut til alle som skal ha den.",
            "I redaksjonen ser du hvorfor, og hva som kan gjøres.",
        ),
        link="Åpne saken",
        ignore=_IGNORE,
    ),
    What.STAFF_NOTICE_WAITS: LetterText(
        subject="En melding venter på deg",
        heading="En melding til medlemmene venter på godkjenning",
        said=(
            "Melding {article} fra {site} venter på å bli godkjent. To må godkjenne den.",
            "Kommandoen «varsel notice show {article}» viser den, og «varsel notice approve "
            "{article}» godkjenner den.",
        ),
        link="Gå til redaksjonen",
        ignore=_IGNORE,
    ),
    What.STAFF_NOTICE_STANDS: LetterText(
        subject="En utsending står stille",
        heading="En melding til medlemmene står stille",
        said=(
            "Melding {article} fra {site} går ikke ut til alle som skal ha den.",
            "Kommandoen «varsel watch» viser hvorfor, og hva som kan gjøres.",
        ),
        link="Gå til redaksjonen",
        ignore=_IGNORE,
    ),
    What.STAFF_ADDRESS: LetterText(
        subject="Du får beskjeder hit",
        heading="Beskjeder fra redaksjonen kommer hit",
        said=(
            "Denne adressen er lagt inn for en som arbeider i redaksjonen til {site}.",
            "Hit kommer det beskjed når en sak venter, blir sendt tilbake, blir stoppet eller ikke "
            "går ut som den skal. Beskjeden sier aldri hva saken handler om.",
        ),
        link="Gå til redaksjonen",
        ignore=(
            "Arbeider du ikke i redaksjonen, har noen skrevet feil adresse. Si fra til foreningen, "
            "så blir den fjernet."
        ),
    ),
}
