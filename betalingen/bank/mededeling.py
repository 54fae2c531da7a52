"""The Belgian structured communication (OGM): twelve digits that say what a transfer is for.

Inside, it is the twelve digits; `schrijf` is how people see it. The first digit tells the series, because a payment
and a recovery may have the same key.
"""

import re
from enum import IntEnum

from stdnum.be import ogm_vcs
from stdnum.exceptions import ValidationError

from kern.weigering import Weigering

HOOGSTE_SLEUTEL = 10**9 - 1
_VORM = re.compile(r"\d{12}|\d{3} ?/ ?\d{4} ?/ ?\d{5}", re.ASCII)
# As banks and people write it within a text; without slashes only between its marks, or any number would do.
_IN_TEKST = re.compile(
    r"(?P<teken>\+\+\+|\*\*\*) ?(?P<binnen>\d{12}|\d{3} ?/ ?\d{4} ?/ ?\d{5}) ?(?P=teken)"
    r"|(?<![\d/])(?P<kaal>\d{3}/\d{4}/\d{5})(?![\d/])",
    re.ASCII,
)


class Reeks(IntEnum):
    """What the key is of; the first digit of the communication."""

    BETALING = 1
    TERUGVORDERING = 2


def maak(sleutel: int, reeks: Reeks = Reeks.BETALING) -> str:
    """Return the twelve digits that belong to the key of a row."""
    if not 0 < sleutel <= HOOGSTE_SLEUTEL:
        raise ValueError(f"Een gestructureerde mededeling heeft geen plaats voor sleutel {sleutel}.")
    basis = f"{reeks:d}{sleutel:09d}"
    controle: str = ogm_vcs.calc_check_digits(basis)
    return basis + controle


def lees(tekst: str) -> str:
    """Return the digits of a communication as people write it; Weigering (veld 'mededeling') when it is wrong."""
    kaal = tekst.strip()
    for teken in ("+++", "***"):
        kaal = kaal.removeprefix(teken).removesuffix(teken)
    kaal = kaal.strip()
    if _VORM.fullmatch(kaal):
        try:
            cijfers: str = ogm_vcs.validate(kaal)
        except ValidationError:
            pass
        else:
            return cijfers
    raise Weigering(
        "mededeling_ongeldig",
        "Dit is geen geldige gestructureerde mededeling. Schrijf ze als +++123/4567/89002+++.",
        "mededeling",
    )


def is_geldig(tekst: str) -> bool:
    """Tell whether `lees` takes this."""
    try:
        lees(tekst)
    except Weigering:
        return False
    return True


def herken(ogm: str) -> tuple[Reeks, int] | None:
    """Return the series and the key that `maak` made these digits from; None when they are not ours."""
    if not is_geldig(ogm):
        return None
    cijfers = lees(ogm)
    if cijfers[0] not in {str(reeks.value) for reeks in Reeks} or not int(cijfers[1:10]):
        return None
    return Reeks(int(cijfers[0])), int(cijfers[1:10])


def schrijf(ogm: str) -> str:
    """Return the communication as it stands in a letter: +++123/4567/89002+++."""
    leesbaar: str = ogm_vcs.format(lees(ogm))
    return f"+++{leesbaar}+++"


def zoek(tekst: str) -> str:
    """Return the one valid communication in a free text; empty when there is none, or more than one."""
    gevonden = {m["binnen"] or m["kaal"] for m in _IN_TEKST.finditer(tekst)}
    geldig = {lees(vorm) for vorm in gevonden if is_geldig(vorm)}
    return geldig.pop() if len(geldig) == 1 else ""
