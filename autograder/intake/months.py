"""The months' names in languages that learning-management systems are set to: Moodle writes times in the site's own."""

NAMES = (
    ("january", "januar", "jänner", "janvier", "enero", "gennaio", "janeiro", "januari"),
    ("february", "februar", "feber", "février", "febrero", "febbraio", "fevereiro", "februari"),
    ("march", "märz", "mars", "marzo", "março", "maart"),
    ("april", "avril", "abril", "aprile"),
    ("may", "mai", "mayo", "maggio", "maio", "mei"),
    ("june", "juni", "juin", "junio", "giugno", "junho"),
    ("july", "juli", "juillet", "julio", "luglio", "julho"),
    ("august", "août", "agosto", "augustus"),
    ("september", "septembre", "septiembre", "setiembre", "settembre", "setembro"),
    ("october", "oktober", "octobre", "octubre", "ottobre", "outubro"),
    ("november", "novembre", "noviembre", "novembro"),
    ("december", "dezember", "décembre", "diciembre", "dicembre", "dezembro"),
)
"""English, German, French, Spanish, Italian, Portuguese and Dutch."""

SHORTEST = 3
"""So many letters an abbreviation has at least."""


def month_of(name: str) -> int | None:
    """The month of a name, or of its first letters, in any of the languages.

    Returns:
        1 to 12; None if no month is called so, or several begin so, as in "jui".
    """
    name = name.casefold()
    if len(name) < SHORTEST:
        return None
    found = [number for number, names in enumerate(NAMES, 1) if any(one.startswith(name) for one in names)]
    return found[0] if len(found) == 1 else None
