"""The months by name."""

_NAMES = (
    "january jan januar jänner jaenner janvier janv enero ene gennaio gen januari",
    "february feb februar feber février fevrier févr febrero febbraio februari",
    "march mar märz maerz mär mrz mars marzo maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag mei",
    "june jun juni juin junio giugno giu",
    "july jul juli juillet juil julio luglio lug",
    "august aug août aout agosto ago augustus",
    "september sep sept septembre septiembre settembre set",
    "october oct oktober okt octobre octubre ottobre ott",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre",
)
MONTHS = {name: month for month, names in enumerate(_NAMES, start=1) for name in names.split()}
"""The number of a month by its name or abbreviation, in small letters, in six languages."""
