"""A batch of payments as pain.001, the file that a bank takes in. The same batch gives the same bytes.

The schemas are those that the package sepaxml carries; its writer is not used, because it makes identifiers up.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from defusedxml import ElementTree
from text_unidecode import unidecode

from betalingen.bank import mededeling
from kern.geld import euro, euro_tekst
from kern.klok import BRUSSEL
from kern.weigering import Weigering, eis
from organisaties.nummers import lees_iban, lees_kbo

STANDAARD = "09"
VERSIES = (STANDAARD, "03")
HOOGSTE_CENT = 99_999_999_999  # 999.999.999,99 euro, the most that one SEPA credit transfer carries
NAAM_TEKENS = 70
TEKST_TEKENS = 140
KENMERK_TEKENS = 35
GEEN_NAAM = "NIET VERMELD"

# Countries by the first letters of their IBANs; territories use the letters of their country (EPC409-09, 2025).
_LANDEN = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE "
    "SI SK SM VA"
)
SEPA = frozenset(_LANDEN.split())

# What banks take in names and texts; the other ASCII characters are replaced as EPC217-08 advises.
_VREEMD = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_VERVANGING = str.maketrans(
    {
        **dict.fromkeys("!#$%*<=>@^", "."),
        **dict.fromkeys('"`', "'"),
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
    }
    | {**dict.fromkeys("\\|", "/"), **dict.fromkeys("_~", "-"), "&": "+", ";": ","}
)
_KENMERK = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9\-?:().,'+/]+(?<!/)", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?", re.ASCII)
_LAND = re.compile(r"[A-Z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Adres:
    """A structured address. Without a town or the two letters of a country it is left out of the file."""

    gemeente: str
    land: str = "BE"
    postcode: str = ""
    straat: str = ""
    huisnummer: str = ""


@dataclass(frozen=True, slots=True)
class Opdrachtgever:
    """Who pays, and from which account."""

    naam: str
    iban: str
    bic: str = ""
    kbo: str = ""
    adres: Adres | None = None


@dataclass(frozen=True, slots=True)
class Overschrijving:
    """One payment. `ogm` (a structured communication) goes before `tekst`; the file can hold only one of them."""

    sleutel: int
    naam: str
    iban: str
    bedrag_cent: int
    ogm: str = ""
    tekst: str = ""
    bic: str = ""
    adres: Adres | None = None


@dataclass(frozen=True, slots=True)
class Opdracht:
    """One batch. `gemaakt_op` stands in the file, so it must be that of the batch, not of today.

    `verwacht_aantal` and `verwacht_cent` are the control total that was stored when the batch was closed; the file is
    refused when the payments no longer add up to it.
    """

    nummer: str
    gemaakt_op: datetime
    uitvoeren_op: date
    opdrachtgever: Opdrachtgever
    overschrijvingen: tuple[Overschrijving, ...]
    een_boeking: bool = True
    verwacht_aantal: int | None = None
    verwacht_cent: int | None = None

    @property
    def totaal_cent(self) -> int:
        """Return the control total."""
        return sum(o.bedrag_cent for o in self.overschrijvingen)


def end_to_end_id(nummer: str, sleutel: int) -> str:
    """Return what travels with a payment to the beneficiary and comes back on the statement."""
    return f"{nummer}-{sleutel}"


def bankbestand_tekst(tekst: str, hoogstens: int) -> str:
    """Return a text in the characters that banks take, cut off at a length; what has no such form disappears."""
    # Compatibility form first: the transliteration knows no character above U+FFFF, of which many are plain letters.
    plat = "".join(" " if "\ud800" <= t <= "\udfff" else t for t in unicodedata.normalize("NFKC", tekst))
    toegelaten = _VREEMD.sub(" ", unidecode(plat).translate(_VERVANGING))
    toegelaten = re.sub("/{2,}", "/", " ".join(toegelaten.split()))
    return toegelaten.strip("/ ")[:hoogstens].strip("/ ")


def maak_bestand(opdracht: Opdracht, *, versie: str = STANDAARD) -> bytes:
    """Return the pain.001 of a batch, valid against its schema; Weigering when the batch cannot be paid like this."""
    eis(
        versie in VERSIES,
        "versie_onbekend",
        f"Versie {versie} van het betaalbestand bestaat hier niet. Kies {' of '.join(VERSIES)}.",
        "versie",
    )
    if opdracht.gemaakt_op.tzinfo is None:
        raise ValueError("Een betaalbestand vraagt een moment met tijdzone.")
    wie, betalingen = _nagekeken(opdracht)
    document = _document(opdracht, wie, betalingen, versie)
    inhoud = f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(document, encoding="unicode")}\n'.encode()
    _controleer(inhoud, opdracht, versie)
    return inhoud


def _nagekeken(opdracht: Opdracht) -> tuple[Opdrachtgever, list[Overschrijving]]:
    """Return payer and payments with clean numbers; Weigering at the first that is wrong."""
    eis(opdracht.overschrijvingen, "opdracht_leeg", "Deze betaalopdracht bevat geen betalingen.")
    dubbel = [s for s, keren in Counter(o.sleutel for o in opdracht.overschrijvingen).items() if keren > 1]
    eis(not dubbel, "betaling_dubbel", f"Betaling {min(dubbel, default=0)} staat meer dan eens in deze betaalopdracht.")
    langste = max((end_to_end_id(opdracht.nummer, o.sleutel) for o in opdracht.overschrijvingen), key=len)
    eis(
        _KENMERK.fullmatch(opdracht.nummer) and len(langste) <= KENMERK_TEKENS,
        "nummer_ongeldig",
        f"Het nummer '{opdracht.nummer}' kan geen kenmerk in een betaalbestand zijn: het is te lang, "
        "of het bevat tekens die banken niet aanvaarden.",
    )
    betalingen = [_betaling(o) for o in opdracht.overschrijvingen]
    wie = lees_opdrachtgever(opdracht.opdrachtgever)
    for verwacht, is_nu, schrijf in (
        (opdracht.verwacht_aantal, len(betalingen), str),
        (opdracht.verwacht_cent, opdracht.totaal_cent, euro_tekst),
    ):
        if verwacht is not None and verwacht != is_nu:
            raise Weigering(
                "controletotaal",
                f"Het controletotaal van deze betaalopdracht klopt niet: {schrijf(verwacht)} verwacht, "
                f"{schrijf(is_nu)} gevonden.",
            )
    return wie, betalingen


def lees_opdrachtgever(wie: Opdrachtgever) -> Opdrachtgever:
    """Return a payer with clean numbers; Weigering (veld 'naam', 'iban', 'bic' or 'kbo') when one is wrong."""
    zin = "De naam van de opdrachtgever ontbreekt."
    eis(bankbestand_tekst(wie.naam, NAAM_TEKENS), "opdrachtgever_ontbreekt", zin, "naam")
    kbo = lees_kbo(wie.kbo) if wie.kbo else ""
    return Opdrachtgever(
        wie.naam,
        lees_rekening(wie.iban, "Rekening van de opdrachtgever"),
        _bic(wie.bic, "Rekening van de opdrachtgever"),
        kbo,
        wie.adres,
    )


def _betaling(o: Overschrijving) -> Overschrijving:
    wat = f"Betaling {o.sleutel} ({o.naam})"
    # A bool and a float pass for a number elsewhere; here they are a mistake in cents.
    eis(type(o.bedrag_cent) is int, "bedrag_ongeldig", f"{wat}: het bedrag is geen geheel aantal cent.")
    eis(o.bedrag_cent > 0, "bedrag_niet_positief", f"{wat}: het bedrag moet groter zijn dan nul.")
    eis(
        o.bedrag_cent <= HOOGSTE_CENT,
        "bedrag_te_groot",
        f"{wat}: één overschrijving kan hoogstens {euro_tekst(HOOGSTE_CENT)} zijn.",
    )
    eis(
        not o.ogm or mededeling.is_geldig(o.ogm),
        "mededeling_ongeldig",
        f"{wat}: '{o.ogm}' is geen geldige gestructureerde mededeling.",
    )
    return Overschrijving(
        o.sleutel,
        o.naam,
        lees_rekening(o.iban, wat),
        o.bedrag_cent,
        mededeling.lees(o.ogm) if o.ogm else "",
        o.tekst,
        _bic(o.bic, wat),
        o.adres,
    )


def lees_rekening(iban: str, wat: str) -> str:
    """Return an account that a payment file can hold; Weigering (veld 'iban') that begins with `wat`."""
    try:
        nummer = lees_iban(iban)
    except Weigering:
        raise Weigering("iban_ongeldig", f"{wat}: '{iban}' is geen geldig rekeningnummer.", "iban") from None
    eis(
        nummer[:2] in SEPA,
        "iban_buiten_sepa",
        f"{wat}: rekening {nummer} ligt buiten het SEPA-gebied en kan niet met dit bestand betaald worden.",
        "iban",
    )
    return nummer


def _bic(bic: str, wat: str) -> str:
    schoon = bic.replace(" ", "").upper()
    eis(not schoon or _BIC.fullmatch(schoon), "bic_ongeldig", f"{wat}: '{bic}' is geen geldige BIC.", "bic")
    return schoon


def _blad(ouder: Element, pad: str, tekst: str) -> Element:
    """Append a/b/c with a text, every step new."""
    for stap in pad.split("/"):
        ouder = SubElement(ouder, stap)
    ouder.text = tekst
    return ouder


def _document(opdracht: Opdracht, wie: Opdrachtgever, betalingen: list[Overschrijving], versie: str) -> Element:
    bic = "BIC" if versie == "03" else "BICFI"
    aantal, som = str(len(betalingen)), str(euro(opdracht.totaal_cent))
    moment = opdracht.gemaakt_op.astimezone(BRUSSEL).replace(tzinfo=None, microsecond=0)

    document = Element("Document", xmlns=_ruimte(versie))
    bericht = SubElement(document, "CstmrCdtTrfInitn")
    hoofd = SubElement(bericht, "GrpHdr")
    _blad(hoofd, "MsgId", opdracht.nummer)
    _blad(hoofd, "CreDtTm", moment.isoformat())
    _blad(hoofd, "NbOfTxs", aantal)
    _blad(hoofd, "CtrlSum", som)
    _partij(SubElement(hoofd, "InitgPty"), wie, met_adres=False)

    blok = SubElement(bericht, "PmtInf")
    _blad(blok, "PmtInfId", opdracht.nummer)
    _blad(blok, "PmtMtd", "TRF")
    _blad(blok, "BtchBookg", "true" if opdracht.een_boeking else "false")
    _blad(blok, "NbOfTxs", aantal)
    _blad(blok, "CtrlSum", som)
    _blad(blok, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _blad(blok, "ReqdExctnDt" if versie == "03" else "ReqdExctnDt/Dt", opdracht.uitvoeren_op.isoformat())
    _partij(SubElement(blok, "Dbtr"), wie, met_adres=True)
    _blad(blok, "DbtrAcct/Id/IBAN", wie.iban)
    bank = SubElement(blok, "DbtrAgt")
    _blad(bank, f"FinInstnId/{bic}" if wie.bic else "FinInstnId/Othr/Id", wie.bic or "NOTPROVIDED")
    _blad(blok, "ChrgBr", "SLEV")
    for betaling in betalingen:
        _overschrijving(SubElement(blok, "CdtTrfTxInf"), betaling, opdracht.nummer, bic)
    indent(document, space=" ")
    return document


def _partij(partij: Element, wie: Opdrachtgever, *, met_adres: bool) -> None:
    _blad(partij, "Nm", bankbestand_tekst(wie.naam, NAAM_TEKENS))
    if met_adres:
        _adres(partij, wie.adres)
    if wie.kbo:
        ander = SubElement(SubElement(SubElement(partij, "Id"), "OrgId"), "Othr")
        _blad(ander, "Id", wie.kbo)
        _blad(ander, "Issr", "KBO-BCE")


def _adres(partij: Element, adres: Adres | None) -> None:
    if adres is None:
        return
    velden = (
        ("StrtNm", bankbestand_tekst(adres.straat, 70)),
        ("BldgNb", bankbestand_tekst(adres.huisnummer, 16)),
        ("PstCd", bankbestand_tekst(adres.postcode, 16)),
        ("TwnNm", bankbestand_tekst(adres.gemeente, 35)),
        ("Ctry", adres.land if _LAND.fullmatch(adres.land) else ""),
    )
    gevuld = dict(velden)
    if not (gevuld["TwnNm"] and gevuld["Ctry"]):
        return
    blok = SubElement(partij, "PstlAdr")
    for naam, tekst in velden:
        if tekst:
            _blad(blok, naam, tekst)


def _overschrijving(regel: Element, o: Overschrijving, nummer: str, bic: str) -> None:
    _blad(regel, "PmtId/EndToEndId", end_to_end_id(nummer, o.sleutel))
    _blad(regel, "Amt/InstdAmt", str(euro(o.bedrag_cent))).set("Ccy", "EUR")
    if o.bic:
        _blad(regel, f"CdtrAgt/FinInstnId/{bic}", o.bic)
    begunstigde = SubElement(regel, "Cdtr")
    _blad(begunstigde, "Nm", bankbestand_tekst(o.naam, NAAM_TEKENS) or GEEN_NAAM)
    _adres(begunstigde, o.adres)
    _blad(regel, "CdtrAcct/Id/IBAN", o.iban)
    tekst = bankbestand_tekst(o.tekst, TEKST_TEKENS)
    if o.ogm:
        verwijzing = SubElement(SubElement(SubElement(regel, "RmtInf"), "Strd"), "CdtrRefInf")
        soort = SubElement(verwijzing, "Tp")
        _blad(soort, "CdOrPrtry/Cd", "SCOR")
        _blad(soort, "Issr", "BBA")
        _blad(verwijzing, "Ref", o.ogm)
    elif tekst:
        _blad(regel, "RmtInf/Ustrd", tekst)


def _ruimte(versie: str) -> str:
    return f"urn:iso:std:iso:20022:tech:xsd:pain.001.001.{versie}"


@lru_cache(maxsize=len(VERSIES))
def _schema(versie: str) -> Any:
    from xmlschema import XMLSchema  # noqa: PLC0415  takes longer to import than all of this package

    xsd = files("sepaxml") / "schemas" / f"pain.001.001.{versie}.xsd"
    return XMLSchema(xsd.read_text(encoding="utf-8"), defuse="always")


def fouten(inhoud: bytes, versie: str) -> Iterator[str]:
    """Say what is wrong with a file according to the official schema."""
    yield from _fouten(ElementTree.fromstring(inhoud, forbid_dtd=True), versie)


def _fouten(document: Element, versie: str) -> Iterator[str]:
    for fout in _schema(versie).iter_errors(document):
        yield f"{fout.path}: {fout.reason}"


def _controleer(inhoud: bytes, opdracht: Opdracht, versie: str) -> None:
    """Read the file back as the bank does: schema, number and control sum. A difference is a fault of ours."""
    document = ElementTree.fromstring(inhoud, forbid_dtd=True)
    eerste = next(_fouten(document, versie), None)
    if eerste:
        raise RuntimeError(f"Het betaalbestand {opdracht.nummer} voldoet niet aan het schema: {eerste}")
    ruimte = {"p": _ruimte(versie)}
    bedragen = [Decimal(b.text or "") for b in document.iterfind(".//p:InstdAmt", ruimte)]
    aantallen = {int(n.text or "") for n in document.iterfind(".//p:NbOfTxs", ruimte)}
    sommen = {Decimal(s.text or "") for s in document.iterfind(".//p:CtrlSum", ruimte)}
    if aantallen != {len(bedragen)} or sommen != {sum(bedragen)} or sommen != {euro(opdracht.totaal_cent)}:
        raise RuntimeError(f"Het controletotaal van het betaalbestand {opdracht.nummer} klopt niet.")
