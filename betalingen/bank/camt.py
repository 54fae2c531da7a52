"""A statement of account (camt.053) as the bank sends it, read strictly: what is not complete and right is refused.

Elements are found by their local name, so that versions 02 to 08 are read alike. Parts are read and dropped as soon
as they are complete: memory follows the largest transaction, not the file.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import errors

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from betalingen.bank import mededeling
from kern.geld import HOOGSTE_CENT, euro_tekst
from kern.weigering import Weigering, eis
from organisaties.nummers import lees_iban

LIMIET = 20 * 1024 * 1024
# Elements between two transactions that are kept; a real bank sends some tens.
HOOGSTE_ELEMENTEN = 20_000
HOOGSTE_REGELS = 50_000
LANGSTE_KENMERK = 35
LANGSTE_NAAM = 140
LANGSTE_TEKST = 1000
NIET_GEGEVEN = "NOTPROVIDED"
VERSIES = ("02", "03", "04", "05", "06", "07", "08")

_RUIMTE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d\d)\}Document", re.ASCII)
_BEDRAG = re.compile(r"\+?(\d{1,18}\.?\d{0,9}|\.\d{1,9})", re.ASCII)
_ONVOLLEDIG = {
    errors.codes[reden]
    for reden in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


class Status(StrEnum):
    """Whether the bank has booked an entry; only what is booked has moved money."""

    GEBOEKT = "BOOK"
    VOORLOPIG = "PDNG"
    INFORMATIE = "INFO"
    TOEKOMSTIG = "FUTR"


@dataclass(frozen=True, slots=True)
class Regel:
    """One transaction. `bedrag_cent` is negative when money left the account.

    `sleutel` is the same whenever the same statement is read; `oude_sleutel` is how it was made before it held the day,
    for banks that number their statements anew each year. `aantal` is more than one for an entry that the bank
    did not split, or whose parts do not add up to it.
    """

    sleutel: str
    plaats: str
    boekdatum: date
    valutadatum: date | None
    bedrag_cent: int
    status: Status
    omgekeerd: bool = False
    reden: str = ""
    reden_tekst: str = ""
    end_to_end_id: str = ""
    bericht_id: str = ""
    blok_id: str = ""
    ogm: str = ""
    referentie: str = ""
    tekst: str = ""
    tegenpartij: str = ""
    tegenrekening: str = ""
    bankreferentie: str = ""
    bankcode: str = ""
    aantal: int = 1
    oude_sleutel: str = ""

    @property
    def is_debet(self) -> bool:
        """Tell whether money left the account."""
        return self.bedrag_cent < 0

    @property
    def is_deel(self) -> bool:
        """Tell whether this is one of the parts of an entry."""
        return "." in self.plaats

    @property
    def is_terug(self) -> bool:
        """Tell whether this undoes an earlier transaction."""
        return self.omgekeerd or bool(self.reden)


@dataclass(frozen=True, slots=True)
class Uittreksel:
    """One statement: an account over a period, with `eind_cent` = `begin_cent` + the booked lines."""

    id: str
    iban: str
    volgnummer: str
    begindatum: date
    einddatum: date
    begin_cent: int
    eind_cent: int
    regels: tuple[Regel, ...]


@dataclass(frozen=True, slots=True)
class Afschrift:
    """One file."""

    bericht_id: str
    versie: str
    uittreksels: tuple[Uittreksel, ...]

    @property
    def regels(self) -> tuple[Regel, ...]:
        """Return the lines of all statements."""
        return tuple(regel for uittreksel in self.uittreksels for regel in uittreksel.regels)


def lees(inhoud: bytes, *, limiet: int = LIMIET) -> Afschrift:
    """Read a camt.053; Weigering (veld 'bestand') when it is not one, not complete or does not add up."""
    eis(
        len(inhoud) <= limiet,
        "bestand_te_groot",
        f"Dit bestand is te groot: hoogstens {limiet // 1024 // 1024} MB kan gelezen worden.",
        "bestand",
    )
    lezer = _Lezer()
    try:
        for soort, element in iterparse(io.BytesIO(inhoud), events=("start", "end"), forbid_dtd=True):
            if soort == "start":
                lezer.begin(element)
            else:
                lezer.einde(element)
    except DefusedXmlException:
        raise Weigering(
            "xml_doctype",
            "Dit bestand bevat een DOCTYPE of entiteiten. Een rekeningafschrift van een bank bevat die nooit.",
            "bestand",
        ) from None
    except (ParseError, LookupError, ValueError) as fout:
        # ValueError and LookupError: an encoding that does not exist, or that the parser cannot read.
        if lezer.versie and getattr(fout, "code", None) in _ONVOLLEDIG:
            raise _onvolledig("het stopt middenin") from None
        raise Weigering("geen_xml", "Dit bestand is geen leesbare XML.", "bestand") from None
    return lezer.afschrift()


def _onvolledig(waarom: str) -> Weigering:
    return Weigering("bestand_onvolledig", f"Dit rekeningafschrift is niet volledig: {waarom}.", "bestand")


def _naam(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _kind(element: Element | None, pad: str) -> Element | None:
    """Return the first a/b/c under an element, by local names."""
    for stap in pad.split("/"):
        if element is None:
            return None
        element = next((kind for kind in element if _naam(kind) == stap), None)
    return element


def _kinderen(element: Element, naam: str) -> list[Element]:
    return [kind for kind in element if _naam(kind) == naam]


def _tekst_van(element: Element) -> str:
    return " ".join((element.text or "").split())[:LANGSTE_TEKST]


def _tekst(element: Element | None, *paden: str) -> str:
    """Return the text at the first of these paths that has one."""
    for pad in paden:
        gevonden = _kind(element, pad)
        if gevonden is not None and (tekst := _tekst_van(gevonden)):
            return tekst
    return ""


def _kenmerk(element: Element | None, *paden: str) -> str:
    """Return an identifier; it is compared with ours, so it is not cut off."""
    kenmerk = _tekst(element, *paden)
    eis(
        len(kenmerk) <= LANGSTE_KENMERK,
        "kenmerk_te_lang",
        f"Het kenmerk '{kenmerk[:LANGSTE_KENMERK]}...' is langer dan {LANGSTE_KENMERK} tekens.",
        "bestand",
    )
    return kenmerk


def _bedrag(element: Element | None, waar: str) -> int:
    """Return whole cents of an amount in euro, without sign."""
    tekst = ((element.text if element is not None else None) or "").strip()
    munt = element.get("Ccy", "EUR") if element is not None else "EUR"
    eis(
        munt == "EUR",
        "andere_munt",
        f"{waar} staat in {munt}. Alleen afschriften in euro kunnen gelezen worden.",
        "bestand",
    )
    cent = Decimal(tekst).scaleb(2) if _BEDRAG.fullmatch(tekst) else Decimal("0.5")
    eis(
        cent == cent.to_integral_value() and cent <= HOOGSTE_CENT,
        "bedrag_onleesbaar",
        f"{waar}: het bedrag '{tekst[:40]}' kan niet in hele centen gelezen worden.",
        "bestand",
    )
    return int(cent)


def _teken(element: Element, waar: str) -> int:
    richting = _tekst(element, "CdtDbtInd")
    eis(
        richting in {"CRDT", "DBIT"},
        "richting_onleesbaar",
        f"{waar}: er staat niet of het een bij- of afschrijving is.",
        "bestand",
    )
    return 1 if richting == "CRDT" else -1


def _datum(element: Element | None, waar: str) -> date | None:
    tekst = _tekst(element, "Dt", "DtTm")
    if not tekst:
        return None
    try:
        return date.fromisoformat(tekst[:10])
    except ValueError:
        raise Weigering(
            "datum_onleesbaar", f"{waar}: de datum '{tekst[:40]}' kan niet gelezen worden.", "bestand"
        ) from None


@dataclass(frozen=True, slots=True)
class _Detail:
    """What one TxDtls says, or what an entry without details says of itself. A party is (name, IBAN)."""

    bedrag_cent: int | None = None
    teken: int = 0
    end_to_end_id: str = ""
    bericht_id: str = ""
    blok_id: str = ""
    bankreferentie: str = ""
    ogm: str = ""
    referentie: str = ""
    tekst: str = ""
    reden: str = ""
    reden_tekst: str = ""
    debiteur: tuple[str, str] = ("", "")
    crediteur: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class _Boeking:
    """One Ntry, with its parts, before its statement is complete."""

    nummer: int
    bedrag_cent: int
    boekdatum: date | None
    valutadatum: date | None
    status: Status
    omgekeerd: bool
    bankreferentie: str
    bankcode: str
    tekst: str
    bericht_id: str
    blok_id: str
    aantal: int
    details: tuple[_Detail, ...]


def _mededelingen(transactie: Element) -> tuple[str, str, str]:
    """Return structured communication, other reference and free text. More than one communication is none."""
    vrij, verwijzingen = [], []
    for blok in _kinderen(transactie, "RmtInf"):
        vrij += [_tekst_van(u) for u in _kinderen(blok, "Ustrd")]
        for gestructureerd in _kinderen(blok, "Strd"):
            verwijzingen.append(_kenmerk(gestructureerd, "CdtrRefInf/Ref"))
            vrij += [_tekst_van(extra) for extra in _kinderen(gestructureerd, "AddtlRmtInf")]
    verwijzingen = [v for v in verwijzingen if v]
    tekst = " ".join(deel for deel in vrij if deel)[:LANGSTE_TEKST]
    ogms = {mededeling.lees(v) for v in verwijzingen if mededeling.is_geldig(v)}
    ogm = (ogms.pop() if len(ogms) == 1 else "") if ogms else mededeling.zoek(tekst)
    return ogm, " ".join(v for v in verwijzingen if not ogm or not mededeling.is_geldig(v))[:LANGSTE_NAAM], tekst


def _partij(transactie: Element, rol: str) -> tuple[str, str]:
    partijen = _kind(transactie, "RltdPties")
    naam = _tekst(partijen, f"{rol}/Nm", f"{rol}/Pty/Nm")[:LANGSTE_NAAM]
    return naam, _kenmerk(partijen, f"{rol}Acct/Id/IBAN")


def _detail(transactie: Element, waar: str) -> _Detail:
    bedrag = next((b for b in (_kind(transactie, pad) for pad in ("Amt", "AmtDtls/TxAmt/Amt")) if b is not None), None)
    ogm, referentie, tekst = _mededelingen(transactie)
    end_to_end_id = _kenmerk(transactie, "Refs/EndToEndId")
    return _Detail(
        bedrag_cent=None if bedrag is None else _bedrag(bedrag, waar),
        teken=_teken(transactie, waar) if _kind(transactie, "CdtDbtInd") is not None else 0,
        end_to_end_id="" if end_to_end_id == NIET_GEGEVEN else end_to_end_id,
        bericht_id=_kenmerk(transactie, "Refs/MsgId"),
        blok_id=_kenmerk(transactie, "Refs/PmtInfId"),
        bankreferentie=_kenmerk(transactie, "Refs/AcctSvcrRef"),
        ogm=ogm,
        referentie=referentie,
        tekst=tekst or _tekst(transactie, "AddtlTxInf"),
        reden=_kenmerk(transactie, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
        reden_tekst=_tekst(transactie, "RtrInf/AddtlInf"),
        debiteur=_partij(transactie, "Dbtr"),
        crediteur=_partij(transactie, "Cdtr"),
    )


def _boeking(ntry: Element, nummer: int, details: list[_Detail], waar: str) -> _Boeking:
    status = _tekst(ntry, "Sts/Cd", "Sts")
    eis(status in set(Status), "status_onbekend", f"{waar}: de status '{status[:40]}' is niet bekend.", "bestand")
    aantal = _tekst(ntry, "NtryDtls/Btch/NbOfTxs")
    return _Boeking(
        nummer=nummer,
        bedrag_cent=_bedrag(_kind(ntry, "Amt"), waar) * _teken(ntry, waar),
        boekdatum=_datum(_kind(ntry, "BookgDt"), waar),
        valutadatum=_datum(_kind(ntry, "ValDt"), waar),
        status=Status(status),
        omgekeerd=_tekst(ntry, "RvslInd") in {"true", "1"},
        bankreferentie=_kenmerk(ntry, "AcctSvcrRef", "NtryRef"),
        bankcode="-".join(
            code
            for pad in ("Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd")
            if (code := _kenmerk(ntry, f"BkTxCd/{pad}"))
        ),
        tekst=_tekst(ntry, "AddtlNtryInf"),
        bericht_id=_kenmerk(ntry, "NtryDtls/Btch/MsgId"),
        blok_id=_kenmerk(ntry, "NtryDtls/Btch/PmtInfId"),
        aantal=int(aantal) if re.fullmatch(r"\d{1,6}", aantal, re.ASCII) else 1,
        details=tuple(details),
    )


def _regels(boeking: _Boeking, uittreksel: str, iban: str, einddatum: date) -> list[Regel]:
    """Return one line per part when the parts add up to the entry, and one line for the whole entry otherwise."""
    teken = -1 if boeking.bedrag_cent < 0 else 1
    delen = [(d, (d.teken or teken) * (d.bedrag_cent or 0)) for d in boeking.details]
    gesplitst = (
        len(delen) > 1
        and all(d.bedrag_cent is not None for d, _ in delen)
        and sum(cent for _, cent in delen) == boeking.bedrag_cent
    )
    if not gesplitst:
        delen = [(boeking.details[0] if len(delen) == 1 else _gemeen(boeking.details), boeking.bedrag_cent)]
    regels = []
    for volgorde, (deel, cent) in enumerate(delen, 1):
        plaats = f"{boeking.nummer}.{volgorde}" if gesplitst else str(boeking.nummer)
        bankreferentie = deel.bankreferentie or boeking.bankreferentie
        naam, rekening = _tegenpartij(deel, iban, cent, is_terug=boeking.omgekeerd or bool(deel.reden))
        boekdatum = boeking.boekdatum or boeking.valutadatum or einddatum
        bron = (iban, uittreksel, bankreferentie, plaats, str(cent))
        regels.append(
            Regel(
                sleutel=_vinger(*bron, boekdatum.isoformat()),
                oude_sleutel=_vinger(*bron),
                plaats=plaats,
                boekdatum=boekdatum,
                valutadatum=boeking.valutadatum,
                bedrag_cent=cent,
                status=boeking.status,
                omgekeerd=boeking.omgekeerd,
                reden=deel.reden,
                reden_tekst=deel.reden_tekst,
                end_to_end_id=deel.end_to_end_id,
                bericht_id=deel.bericht_id or boeking.bericht_id,
                blok_id=deel.blok_id or boeking.blok_id,
                ogm=deel.ogm,
                referentie=deel.referentie,
                tekst=deel.tekst or boeking.tekst,
                tegenpartij=naam,
                tegenrekening=rekening,
                bankreferentie=bankreferentie,
                bankcode=boeking.bankcode,
                aantal=1 if gesplitst else max(len(boeking.details), boeking.aantal),
            )
        )
    return regels


def _vinger(*delen: str) -> str:
    return hashlib.sha256("\x1f".join(delen).encode()).hexdigest()


def _gemeen(details: tuple[_Detail, ...]) -> _Detail:
    """Return what all parts of an entry share of the batch that they come from."""
    berichten, blokken = {d.bericht_id for d in details}, {d.blok_id for d in details}
    return _Detail(
        bericht_id=berichten.pop() if len(berichten) == 1 else "", blok_id=blokken.pop() if len(blokken) == 1 else ""
    )


def _tegenpartij(deel: _Detail, eigen_iban: str, cent: int, *, is_terug: bool) -> tuple[str, str]:
    """Return the other party. On a return banks keep the roles of the first transaction, or turn them around."""
    debiteur_eerst = (cent > 0) != is_terug
    partijen = (deel.debiteur, deel.crediteur) if debiteur_eerst else (deel.crediteur, deel.debiteur)
    return next((partij for partij in partijen if any(partij) and partij[1] != eigen_iban), ("", ""))


def _saldo(stmt: Element, soorten: tuple[str, ...], waar: str, welk: str) -> tuple[int, date | None]:
    """Return the first balance of these kinds, in order of the kinds."""
    saldi = _kinderen(stmt, "Bal")
    for soort in soorten:
        for saldo in saldi:
            if _tekst(saldo, "Tp/CdOrPrtry/Cd") == soort:
                hier = f"Het {welk} van {waar}"
                cent = _bedrag(_kind(saldo, "Amt"), hier) * _teken(saldo, hier)
                return cent, _datum(_kind(saldo, "Dt"), hier)
    raise _onvolledig(f"het {welk} van {waar} ontbreekt")


def _uittreksel(stmt: Element, id_: str, boekingen: list[_Boeking]) -> Uittreksel:
    waar = f"afschrift {id_}"
    if not id_:
        raise _onvolledig("een afschrift heeft geen kenmerk")
    munt = _tekst(stmt, "Acct/Ccy") or "EUR"
    eis(
        munt == "EUR",
        "andere_munt",
        f"De rekening van {waar} staat in {munt}. Alleen afschriften in euro kunnen gelezen worden.",
        "bestand",
    )
    rekening = _tekst(stmt, "Acct/Id/IBAN")
    try:
        iban = lees_iban(rekening)
    except Weigering:
        raise Weigering(
            "rekening_onleesbaar", f"Het rekeningnummer '{rekening[:40]}' van {waar} is geen geldige IBAN.", "bestand"
        ) from None
    begin_cent, begindatum = _saldo(stmt, ("OPBD", "PRCD"), waar, "beginsaldo")
    eind_cent, einddatum = _saldo(stmt, ("CLBD",), waar, "eindsaldo")
    if begindatum is None or einddatum is None:
        raise _onvolledig(f"een saldo van {waar} heeft geen datum")
    aantal = _tekst(stmt, "TxsSummry/TtlNtries/NbOfNtries")
    if aantal and aantal != str(len(boekingen)):
        raise _onvolledig(f"{waar} kondigt {aantal} regels aan en bevat er {len(boekingen)}")
    som = begin_cent + sum(b.bedrag_cent for b in boekingen if b.status == Status.GEBOEKT)
    eis(
        som == eind_cent,
        "saldo_klopt_niet",
        f"Het eindsaldo van {waar} klopt niet: het beginsaldo en de regels geven {euro_tekst(som)}, "
        f"het eindsaldo is {euro_tekst(eind_cent)}, een verschil van {euro_tekst(eind_cent - som)}.",
        "bestand",
    )
    return Uittreksel(
        id=id_,
        iban=iban,
        volgnummer=_kenmerk(stmt, "ElctrncSeqNb", "LglSeqNb"),
        begindatum=begindatum,
        einddatum=einddatum,
        begin_cent=begin_cent,
        eind_cent=eind_cent,
        regels=tuple(regel for b in boekingen for regel in _regels(b, id_, iban, einddatum)),
    )


class _Lezer:
    """Takes the events of the parser and keeps what is still open."""

    def __init__(self) -> None:
        self.versie = ""
        self.bericht_id = ""
        self.uittreksels: list[Uittreksel] = []
        self.gelezen: set[tuple[str, str]] = set()
        self.kenmerk = ""
        # Each open element, with the number of elements that were kept when it opened.
        self.open: list[tuple[Element, int]] = []
        self.bewaard = 0
        self.boekingen: list[_Boeking] = []
        self.details: list[_Detail] = []
        self.regels = 0

    def begin(self, element: Element) -> None:
        """Look at an opening tag."""
        if not self.open:
            self._herken(element)
        self.open.append((element, self.bewaard))
        self.bewaard += 1
        self._eis_gewoon(self.bewaard <= HOOGSTE_ELEMENTEN)

    def einde(self, element: Element) -> None:
        """Read what is complete, and drop it."""
        _, voordien = self.open.pop()
        naam = _naam(element)
        if naam == "Id" and self.open and _naam(self.open[-1][0]) == "Stmt":
            self.kenmerk = _kenmerk(self.open[-1][0], "Id")
            return
        if naam == "GrpHdr":
            self.bericht_id = _kenmerk(element, "MsgId")
        elif naam == "TxDtls":
            self.details.append(_detail(element, self._waar()))
            self._eis_gewoon(len(self.details) <= HOOGSTE_REGELS)
        elif naam == "Ntry":
            boeking = _boeking(element, len(self.boekingen) + 1, self.details, self._waar())
            self.regels += max(1, len(self.details))
            self._eis_gewoon(self.regels <= HOOGSTE_REGELS)
            self.boekingen.append(boeking)
            self.details = []
        elif naam == "Stmt":
            self._sluit(element)
        else:
            return
        if self.open:
            del self.open[-1][0][-1]
        self.bewaard = voordien

    def afschrift(self) -> Afschrift:
        """Return the file, once it is read to its end."""
        if not self.uittreksels:
            raise _onvolledig("er staat geen enkel afschrift in")
        return Afschrift(self.bericht_id, self.versie, tuple(self.uittreksels))

    def _herken(self, wortel: Element) -> None:
        treffer = _RUIMTE.fullmatch(wortel.tag)
        if treffer is None:
            raise Weigering("geen_camt053", "Dit bestand is geen rekeningafschrift in het formaat camt.053.", "bestand")
        self.versie = treffer[1]
        eis(
            self.versie in VERSIES,
            "versie_onbekend",
            f"Dit is versie {self.versie} van camt.053. De versies {VERSIES[0]} tot {VERSIES[-1]} worden gelezen.",
            "bestand",
        )

    def _sluit(self, stmt: Element) -> None:
        uittreksel = _uittreksel(stmt, self.kenmerk, self.boekingen)
        eis(
            (uittreksel.iban, uittreksel.id) not in self.gelezen,
            "afschrift_dubbel",
            f"Afschrift {uittreksel.id} staat meer dan eens in dit bestand.",
            "bestand",
        )
        self.gelezen.add((uittreksel.iban, uittreksel.id))
        self.uittreksels.append(uittreksel)
        self.boekingen = []
        self.kenmerk = ""

    def _waar(self) -> str:
        return f"Regel {len(self.boekingen) + 1} van afschrift {self.kenmerk}"

    @staticmethod
    def _eis_gewoon(gewoon: bool) -> None:  # noqa: FBT001  the condition itself
        eis(
            gewoon,
            "bestand_te_ingewikkeld",
            "Dit bestand bevat meer onderdelen dan een rekeningafschrift van een bank.",
            "bestand",
        )
