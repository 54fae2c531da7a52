"""Makes batches, and the camt.053 that a bank would send for them, whole or damaged on purpose.

    batch = opdracht(3)
    inhoud = maak_afschrift(batch)                     # each payment a booking of its own
    inhoud = maak_afschrift(batch, wijze="verzameld")  # one booking for the batch
    inhoud = maak_afschrift(batch, wijze="gesplitst")  # one booking, with a part for each payment

To damage one: take `boekingen(batch)`, change the list (`dataclasses.replace`, `terug`, `ontvangst`), and `schrijf` it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from betalingen.bank import mededeling
from betalingen.bank.koppel import Openstaand, Post
from betalingen.bank.pain import Adres, Opdracht, Opdrachtgever, Overschrijving, end_to_end_id

MOMENT = datetime(2026, 11, 21, 8, 30, 15, 123456, tzinfo=UTC)
DAG = date(2026, 11, 24)
BEGIN_CENT = 10_000_000_00


def iban(nummer: int) -> str:
    """Return a valid Belgian account, another for each number."""
    basis = f"{539_0000000 + nummer:010d}"
    bban = f"{basis}{int(basis) % 97 or 97:02d}"
    return f"BE{98 - int(bban + '111400') % 97:02d}{bban}"


EIGEN_IBAN = iban(0)


def betaling(sleutel: int, **anders: object) -> Overschrijving:
    """Return a payment with a structured communication."""
    velden: dict[str, object] = {
        "naam": f"Vzw De Warme Buurt {sleutel}",
        "iban": iban(sleutel),
        "bedrag_cent": 1000_00 + sleutel,
        "ogm": mededeling.maak(sleutel),
        "adres": Adres("Gent", "BE", "9000", "Koopvaardijlaan", "12"),
    }
    return Overschrijving(sleutel=sleutel, **(velden | anders))  # type: ignore[arg-type]


def opdracht(aantal: int = 3, *, nummer: str = "BO-2026-00007", eerste: int = 1) -> Opdracht:
    """Return a batch of so many payments."""
    return Opdracht(
        nummer=nummer,
        gemaakt_op=MOMENT,
        uitvoeren_op=DAG,
        opdrachtgever=Opdrachtgever("Vlaamse overheid", EIGEN_IBAN, "KREDBEBB", "0316380841", Adres("Brussel")),
        overschrijvingen=tuple(betaling(sleutel) for sleutel in range(eerste, eerste + aantal)),
    )


def openstaand(batch: Opdracht, *, betaald: bool = False) -> list[Openstaand]:
    """Return the payments of a batch as the matching wants them."""
    return [
        Openstaand(
            post=Post.BETALING,
            sleutel=o.sleutel,
            bedrag_cent=o.bedrag_cent,
            iban=o.iban,
            end_to_end_id=end_to_end_id(batch.nummer, o.sleutel),
            ogm=o.ogm,
            opdracht=batch.nummer,
            betaald=betaald,
        )
        for o in batch.overschrijvingen
    ]


@dataclass(frozen=True)
class Boeking:
    """One entry of a statement, or with `delen` a batch entry; the amount is negative when money leaves."""

    bedrag_cent: int
    end_to_end_id: str = ""
    ogm: str = ""
    tekst: str = ""
    naam: str = ""
    iban: str = ""
    bericht_id: str = ""
    blok_id: str = ""
    status: str = "BOOK"
    omgekeerd: bool = False
    reden: str = ""
    bankreferentie: str = ""
    munt: str = "EUR"
    bedrag_tekst: str = ""
    delen: tuple["Boeking", ...] = ()


def boekingen(batch: Opdracht, wijze: str = "per_betaling") -> list[Boeking]:
    """Return the entries that a bank makes of a batch."""
    los = [
        Boeking(
            bedrag_cent=-o.bedrag_cent,
            end_to_end_id=end_to_end_id(batch.nummer, o.sleutel),
            ogm=o.ogm,
            tekst=o.tekst,
            naam=o.naam,
            iban=o.iban,
            bankreferentie=f"REF{o.sleutel}",
        )
        for o in batch.overschrijvingen
    ]
    if wijze == "per_betaling":
        return los
    heel = Boeking(
        -batch.totaal_cent, bericht_id=batch.nummer, blok_id=batch.nummer, bankreferentie=f"REF-{batch.nummer}"
    )
    return [replace(heel, delen=tuple(los)) if wijze == "gesplitst" else heel]


def terug(boeking: Boeking, reden: str = "AC04", **anders: object) -> Boeking:
    """Return the entry that brings a payment back."""
    andersom = replace(
        boeking,
        bedrag_cent=-boeking.bedrag_cent,
        omgekeerd=True,
        reden=reden,
        bankreferentie=f"TERUG-{boeking.bankreferentie}",
    )
    return replace(andersom, **anders)  # type: ignore[arg-type]


def ontvangst(bedrag_cent: int, *, ogm: str = "", **anders: object) -> Boeking:
    """Return the entry of money that somebody sends."""
    velden: dict[str, object] = {"naam": "Vzw De Warme Buurt", "iban": iban(1), "bankreferentie": f"IN-{ogm}"}
    return Boeking(bedrag_cent, ogm=ogm, **(velden | anders))  # type: ignore[arg-type]


def maak_afschrift(batch: Opdracht, *, wijze: str = "per_betaling", versie: str = "08") -> bytes:
    """Return the statement of the day on which a batch was paid."""
    return schrijf(boekingen(batch, wijze), versie=versie)


def schrijf(
    regels: Sequence[Boeking],
    *,
    versie: str = "08",
    rekening: str = EIGEN_IBAN,
    nummer: str = "2026-224",
    begin_cent: int = BEGIN_CENT,
    eind_cent: int | None = None,
    aantal: int | None = None,
    begin: str = "OPBD",
    rekening_munt: str = "EUR",
) -> bytes:
    """Return a camt.053 with these entries. The closing balance follows from them, unless it is given."""
    if eind_cent is None:
        eind_cent = begin_cent + sum(r.bedrag_cent for r in regels if r.status == "BOOK")
    document = Element("Document", xmlns=f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{versie}")
    bericht = SubElement(document, "BkToCstmrStmt")
    hoofd = SubElement(bericht, "GrpHdr")
    _blad(hoofd, "MsgId", f"CAMT-{nummer}")
    _blad(hoofd, "CreDtTm", "2026-11-25T02:00:00")
    stmt = SubElement(bericht, "Stmt")
    _blad(stmt, "Id", nummer)
    _blad(stmt, "ElctrncSeqNb", "224")
    _blad(stmt, "CreDtTm", "2026-11-25T02:00:00")
    acct = SubElement(stmt, "Acct")
    _blad(acct, "Id/IBAN", rekening)
    _blad(acct, "Ccy", rekening_munt)
    for soort, cent in ((begin, begin_cent), ("CLBD", eind_cent)):
        saldo = SubElement(stmt, "Bal")
        _blad(saldo, "Tp/CdOrPrtry/Cd", soort)
        _bedrag(saldo, cent)
        _blad(saldo, "Dt/Dt", DAG.isoformat())
    if aantal is not None:
        _blad(stmt, "TxsSummry/TtlNtries/NbOfNtries", str(aantal))
    for regel in regels:
        _ntry(stmt, regel, versie, rekening)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(document)


def _blad(ouder: Element, pad: str, tekst: str) -> Element:
    for stap in pad.split("/"):
        ouder = SubElement(ouder, stap)
    ouder.text = tekst
    return ouder


def _bedrag(ouder: Element, cent: int, munt: str = "EUR", tekst: str = "") -> None:
    _blad(ouder, "Amt", tekst or f"{abs(cent) // 100}.{abs(cent) % 100:02d}").set("Ccy", munt)
    _blad(ouder, "CdtDbtInd", "DBIT" if cent < 0 else "CRDT")


def _ntry(stmt: Element, regel: Boeking, versie: str, eigen: str) -> None:
    ntry = SubElement(stmt, "Ntry")
    _bedrag(ntry, regel.bedrag_cent, regel.munt, regel.bedrag_tekst)
    if regel.omgekeerd:
        _blad(ntry, "RvslInd", "true")
    _blad(ntry, "Sts/Cd" if versie == "08" else "Sts", regel.status)
    _blad(ntry, "BookgDt/Dt", DAG.isoformat())
    _blad(ntry, "ValDt/Dt", DAG.isoformat())
    _blad(ntry, "AcctSvcrRef", regel.bankreferentie or "REF")
    domein = SubElement(SubElement(ntry, "BkTxCd"), "Domn")
    _blad(domein, "Cd", "PMNT")
    familie = SubElement(domein, "Fmly")
    _blad(familie, "Cd", "ICDT")
    _blad(familie, "SubFmlyCd", "RRTN" if regel.omgekeerd else "ESCT")
    details = SubElement(ntry, "NtryDtls")
    if regel.blok_id or regel.bericht_id or regel.delen:
        groep = SubElement(details, "Btch")
        for naam, tekst in (("MsgId", regel.bericht_id), ("PmtInfId", regel.blok_id)):
            if tekst:
                _blad(groep, naam, tekst)
        if regel.delen:
            _blad(groep, "NbOfTxs", str(len(regel.delen)))
    if regel.delen or regel.end_to_end_id or regel.ogm or regel.tekst or regel.iban or regel.reden:
        for deel in regel.delen or (regel,):
            _detail(details, deel, versie, eigen)


def _detail(details: Element, deel: Boeking, versie: str, eigen: str) -> None:
    transactie = SubElement(details, "TxDtls")
    _blad(transactie, "Refs/EndToEndId", deel.end_to_end_id or "NOTPROVIDED")
    if versie == "02":
        _blad(transactie, "AmtDtls/TxAmt/Amt", f"{abs(deel.bedrag_cent) / 100:.2f}").set("Ccy", deel.munt)
    else:
        _bedrag(transactie, deel.bedrag_cent, deel.munt)
    partijen = SubElement(transactie, "RltdPties")
    # A bank keeps the roles of the first transaction when it comes back.
    wij_betalen = (deel.bedrag_cent < 0) != deel.omgekeerd
    ander = (deel.naam, deel.iban)
    rollen: Iterable[tuple[str, tuple[str, str]]] = (
        ("Dbtr", ("Vlaamse overheid", eigen) if wij_betalen else ander),
        ("Cdtr", ander if wij_betalen else ("Vlaamse overheid", eigen)),
    )
    for rol, (naam, rekening) in rollen:
        if naam:
            _blad(partijen, f"{rol}/Pty/Nm" if versie == "08" else f"{rol}/Nm", naam)
        if rekening:
            _blad(partijen, f"{rol}Acct/Id/IBAN", rekening)
    if deel.ogm or deel.tekst:
        blok = SubElement(transactie, "RmtInf")
        if deel.tekst:
            _blad(blok, "Ustrd", deel.tekst)
        if deel.ogm:
            verwijzing = SubElement(SubElement(blok, "Strd"), "CdtrRefInf")
            soort = SubElement(verwijzing, "Tp")
            _blad(soort, "CdOrPrtry/Cd", "SCOR")
            _blad(soort, "Issr", "BBA")
            _blad(verwijzing, "Ref", deel.ogm)
    if deel.reden:
        _blad(transactie, "RtrInf/Rsn/Cd", deel.reden)
