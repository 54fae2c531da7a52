"""The sheets about the money: budget position and payments. The columns of each stand here and nowhere else."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from betalingen.bank import mededeling
from betalingen.bank.pain import end_to_end_id
from betalingen.models import Betaalopdracht, Betaling, Opdrachtregel
from betalingen.queries import BEDRAGEN, budgetstand, regels_van
from kern.geld import euro_tekst
from kern.resources import CentWidget, DagWidget, GetalWidget, Kolom, Rekenblad
from kern.werkblad import Blad
from oproepen.models import Oproep


class BudgetResource(Rekenblad):
    """One row per call, per track and per year, as on the page; only the rows of calls add up."""

    niveau = Kolom("niveau", "Niveau", breedte=10, uitleg="Oproep, luik of jaar. Een luik en een jaar zijn een deel.")
    oproep = Kolom("oproep", "Oproep", breedte=50)
    actie = Kolom("actie", "Actie", GetalWidget(), uitleg="Actie van het eenzaamheidsplan.")
    luik = Kolom("luik", "Luik")
    jaar = Kolom("jaar", "Jaar", GetalWidget())
    aantal_ingediend = Kolom("aantal_ingediend", "Dossiers ingediend", GetalWidget())
    aantal_toegekend = Kolom("aantal_toegekend", "Dossiers toegekend", GetalWidget())
    budget_cent = Kolom("budget_cent", "Budget", CentWidget(), uitleg="Wat vastgelegd mag worden. Hoort bij geen jaar.")
    gereserveerd_cent = Kolom("gereserveerd_cent", "Gereserveerd", CentWidget(), uitleg="Voorgesteld, niet beslist.")
    toegekend_cent = Kolom("toegekend_cent", "Toegekend", CentWidget(), uitleg="Volgens een ondertekend besluit.")
    vastgelegd_cent = Kolom(
        "vastgelegd_cent", "Vastgelegd", CentWidget(), uitleg="Vastgelegd op het vastleggingskrediet."
    )
    vereffend_cent = Kolom("vereffend_cent", "Vereffend", CentWidget(), uitleg="Aangerekend op het betaalkrediet.")
    uitbetaald_cent = Kolom("uitbetaald_cent", "Uitbetaald", CentWidget(), uitleg="Van de bank vertrokken.")
    beschikbaar_cent = Kolom(
        "beschikbaar_cent", "Beschikbaar", CentWidget(), uitleg="Budget min gereserveerd min vastgelegd."
    )
    encours_cent = Kolom("encours_cent", "Encours", CentWidget(), uitleg="Vastgelegd min vereffend: nog te verwachten.")


class BetalingResource(Rekenblad):
    """One row per payment."""

    nummer = Kolom("dossier__nummer", "Dossier", breedte=16)
    titel = Kolom("dossier__titel", "Titel", breedte=44)
    organisatie = Kolom("dossier__organisatie__naam", "Organisatie", breedte=28)
    oproep = Kolom("dossier__ronde__luik__oproep__titel", "Oproep", breedte=28)
    luik = Kolom("dossier__ronde__luik__naam", "Luik", breedte=14)
    schijf = Kolom("schijf__naam", "Schijf", breedte=16)
    bedrag_cent = Kolom("bedrag_cent", "Bedrag", CentWidget())
    iban = Kolom("iban", "IBAN")
    status = Kolom("get_status_display", "Status", breedte=24)
    opgesteld_door = Kolom("opgesteld_door__naam", "Opgesteld door")
    goedgekeurd_door = Kolom("goedgekeurd_door__naam", "Goedgekeurd door")
    opdracht = Kolom("opdracht__nummer", "Opdracht", breedte=14)
    uitbetaald_op = Kolom("uitbetaald_op", "Uitbetaald op", DagWidget())


def _mededeling(regel: Opdrachtregel) -> str:
    # Without the plus signs: a sheet would take those for a formula.
    return mededeling.schrijf(mededeling.maak(regel.betaling_id)).strip("+")


class OpdrachtResource(Rekenblad):
    """One row per payment of an order: what somebody needs who pays it in another system."""

    kenmerk = Kolom("kenmerk", "Kenmerk", waarde=lambda r: end_to_end_id(r.opdracht.nummer, r.betaling_id), breedte=22)
    naam = Kolom("naam", "Begunstigde", breedte=40)
    iban = Kolom("iban", "IBAN", breedte=24)
    bedrag_cent = Kolom("bedrag_cent", "Bedrag", CentWidget())
    mededeling = Kolom("mededeling", "Mededeling", waarde=_mededeling, uitleg="Gestructureerd.")
    dossier = Kolom("betaling__dossier__nummer", "Dossier", breedte=16)
    schijf = Kolom("betaling__schijf__naam", "Schijf", breedte=16)
    status = Kolom("betaling__get_status_display", "Status", breedte=24)


def budgetblad(oproepen: QuerySet[Oproep], *, jaar: int | None = None, getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return the budget position of these calls as a sheet, in the order of the page."""
    return Blad(
        "Budgetstand",
        f"Budgetstand {jaar}" if jaar else "Budgetstand",
        BudgetResource(),
        _budgetrijen(budgetstand(oproepen, jaar=jaar)),
        getoond=[*getoond, ("Jaar", str(jaar) if jaar else "alle jaren")],
        totaal="Totaal",
        telt=("Niveau", "Oproep"),
        nadruk=lambda rij: rij["niveau"] == "Oproep",
    )


def _budgetrijen(stand: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for oproep in stand["oproepen"]:
        eigen = {"oproep": oproep["titel"], "actie": oproep["actie"]}
        yield _budgetrij("Oproep", oproep, **eigen)
        for luik in oproep["luiken"]:
            yield _budgetrij("Luik", luik, **eigen, luik=luik["naam"])
        for jaar in oproep["jaren"]:
            yield _budgetrij("Jaar", jaar, **eigen, jaar=jaar["jaar"])


def _budgetrij(niveau: str, deel: dict[str, Any], **plaats: Any) -> dict[str, Any]:
    bedragen = {f"{naam}_cent": deel[naam] for naam in BEDRAGEN}
    aantallen = {naam: deel.get(naam) for naam in ("aantal_ingediend", "aantal_toegekend")}
    return {"niveau": niveau, **plaats, **aantallen, **bedragen}


def betalingenblad(betalingen: QuerySet[Betaling], getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return these payments as a sheet, in their order."""
    lezen = ("dossier__organisatie", "dossier__ronde__luik__oproep", "schijf", "opdracht")
    rijen = betalingen.select_related(*lezen, "opgesteld_door", "goedgekeurd_door")
    titel = ", ".join(["Betalingen", *(waarde.lower() for wat, waarde in getoond if wat == "Status")])
    return Blad("Betalingen", titel, BetalingResource(), rijen, getoond)


def opdrachtblad(opdracht: Betaalopdracht) -> Blad:
    """Return a payment order as a sheet, in the order of its file."""
    getoond = [("Betaalopdracht", str(opdracht)), ("Controletotaal", euro_tekst(opdracht.totaal_cent))]
    return Blad("Betaalopdracht", f"Betaalopdracht {opdracht}", OpdrachtResource(), regels_van(opdracht), getoond)
