"""Money at the edge: whole cents inside, Decimal euros and Flemish notation outside."""

import re
from decimal import Decimal, InvalidOperation

from kern.weigering import Weigering

# Above this an amount is a typing mistake, and sums stay far from the limit of a 64-bit column.
HOOGSTE_CENT = 10**13

_VLAAMS = re.compile(r"-?(\d{1,3}([. ])\d{3}(\2\d{3})*|\d+)(,\d{1,2})?")
_PUNT = re.compile(r"-?\d+\.\d{1,2}")
# One sign and three digits after it: thousands to the one, thousandths to the other.
_TWEE_WIJZEN = re.compile(r"-?\d{1,3}[.,]\d{3}")
_TE_VEEL_DECIMALEN = re.compile(r"-?(\d{1,3}([. ])\d{3}(\2\d{3})*|\d+),\d{3,}")

TWEE_CIJFERS = "Een bedrag heeft hoogstens twee cijfers na de komma."


def euro(cent: int) -> Decimal:
    """Return whole cents as Decimal euros with two places."""
    return Decimal(cent).scaleb(-2).quantize(Decimal("0.01"))


def naar_cent(bedrag: Decimal) -> int:
    """Return Decimal euros as whole cents; Weigering when it has more than two places."""
    try:
        rond = bedrag.quantize(Decimal("0.01"))
        if rond != bedrag:
            raise Weigering("bedrag_onleesbaar", TWEE_CIJFERS)
        return int(rond.scaleb(2))
    except (InvalidOperation, OverflowError, ValueError):
        raise Weigering("bedrag_onleesbaar", "Dit bedrag kan niet gelezen worden.") from None


def lees_bedrag(tekst: str, *, uit_bestand: bool = False) -> int:
    """Return the cents of an amount typed by a person; Weigering when it cannot be read in one way only.

    Reads 1.234,56 and 1 234,56 (Flemish), 1234,56, 1234.56 and 1234, with or without euro sign. A group of
    three digits after a point is thousands, as a Fleming writes it; 1,234 and 1,234.56 are refused.
    uit_bestand: a program may have written it, and then 1.234 can be either; it is refused too. The sentence says which
    of these it is.
    """
    kaal = re.sub(r"\s+", " ", tekst.replace("\u2212", "-")).strip()
    kaal = re.sub(r"^€ ?| ?(€|euro|eur)$", "", kaal, flags=re.IGNORECASE)
    if _TWEE_WIJZEN.fullmatch(kaal) and (uit_bestand or "," in kaal):
        zin = f"Het bedrag '{tekst[:40]}' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23."
        raise Weigering("bedrag_onleesbaar", zin)
    if _TE_VEEL_DECIMALEN.fullmatch(kaal):
        raise Weigering("bedrag_onleesbaar", TWEE_CIJFERS)
    if _VLAAMS.fullmatch(kaal):
        kaal = kaal.replace(".", "").replace(" ", "").replace(",", ".")
    elif not _PUNT.fullmatch(kaal):
        raise Weigering(
            "bedrag_onleesbaar", f"Het bedrag '{tekst[:40]}' kan niet gelezen worden. Schrijf het als 1.234,56."
        )
    cent = naar_cent(Decimal(kaal))
    if abs(cent) > HOOGSTE_CENT:
        raise Weigering("bedrag_te_groot", "Dit bedrag is te groot.")
    return cent


def euro_tekst(cent: int) -> str:
    """Return cents as Flemish text: 123456 -> '1.234,56 euro'."""
    return f"{getal_tekst(cent)} euro"


def getal_tekst(cent: int) -> str:
    """Return cents as a number in Flemish notation without currency: 123456 -> '1.234,56'."""
    teken = "-" if cent < 0 else ""
    heel, rest = divmod(abs(cent), 100)
    return f"{teken}{heel:,}".replace(",", ".") + f",{rest:02d}"


def decimaal_tekst(cent: int | None) -> str | None:
    """Return cents as a decimal string for data files ('1234.56'); None stays None."""
    return None if cent is None else str(euro(cent))
