"""Belgian numbers: KBO and IBAN, read as people write them."""

from stdnum import iban as stdnum_iban
from stdnum.be import vat
from stdnum.exceptions import ValidationError

from kern.weigering import Weigering


def lees_kbo(tekst: str) -> str:
    """Return an enterprise number as ten digits; Weigering (veld 'kbo') when the check digits are wrong."""
    fout = Weigering("kbo_ongeldig", "Dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789.", "kbo")
    try:
        nummer: str = vat.validate(tekst.replace(".", "").replace(" ", ""))
    except ValidationError:
        raise fout from None
    if int(nummer[8:]) != 97 - int(nummer[:8]) % 97:  # python-stdnum also takes check digits 98, 99 and 00
        raise fout
    return nummer


def lees_iban(tekst: str) -> str:
    """Return an IBAN without spaces, in capitals; Weigering (veld 'iban') when it is wrong.

    The country check of python-stdnum is left out on purpose: its list of Belgian bank codes refuses valid
    accounts. For a Belgian account the national check digits (mod 97) are tested here.
    """
    fout = Weigering("iban_ongeldig", "Dit is geen geldig rekeningnummer. Schrijf het als BE68 5390 0754 7034.", "iban")
    try:
        nummer: str = stdnum_iban.validate(tekst, check_country=False)
    except ValidationError:
        raise fout from None
    if not nummer.isascii():  # python-stdnum reads other digits than 0-9 in the check digits
        raise fout
    if nummer.startswith("BE"):
        basis, controle = nummer[4:14], nummer[14:]
        if len(nummer) != 16 or not nummer[2:].isdigit() or (int(basis) % 97 or 97) != int(controle):  # noqa: PLR2004
            raise fout
    return nummer


def iban_leesbaar(iban: str) -> str:
    """Return an IBAN in groups of four."""
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))
