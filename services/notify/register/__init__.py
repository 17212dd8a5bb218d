"""Lists of members, as registers and spreadsheets have them: taken up, followed, and written again.

Promises that a list that cannot be read whole is refused before anything is stored; of one that
can, each line is taken or refused with a reason, and doing it again changes nothing. Members whom a
list no longer has are ended only if they came by it alone, and come back with the next list. May
use members, choices and the vault; knows no delivery and no mail."""
