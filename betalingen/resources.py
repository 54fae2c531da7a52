"""The sheets about the money: budget position and payments. The columns of each stand here and nowhere else."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from betalingen import queries
from betalingen.bank import mededeling
from betalingen.bank.pain import end_to_end_id
from betalingen.interest import interest_open
from betalingen.models import (
    Betaalbelemmering,
    Betaalopdracht,
    Betaling,
    Journaalregel,
    Krediet,
    Opdrachtregel,
    Terugvordering,
)
from betalingen.queries import BEDRAGEN, budgetstand
from dossiers.models import Dossier
from kern import klok
from kern.geld import euro_tekst
from kern.resources import CentWidget, DagWidget, GetalWidget, Kolom, MomentWidget, Rekenblad
from kern.werkblad import Blad
from oproepen.models import Oproep

VASTLEGGINGSNUMMER = "Vastleggingsnummer"


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
    vervallen_cent = Kolom(
        "vervallen_cent", "Vervallen", CentWidget(), uitleg="In een later jaar geannuleerd: komt niet meer vrij."
    )


def _keurders(betaling: Betaling) -> str:
    keurders = (betaling.goedgekeurd_door, betaling.tweede_goedgekeurd_door)
    return " en ".join(wie.naam for wie in keurders if wie is not None)


def _ontbreekt(betaling: Betaling) -> str:
    return " ".join(betaling.wat_ontbreekt) if betaling.status == Betaling.Status.GEPLAND else ""


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
    goedgekeurd_door = Kolom("goedgekeurd_door__naam", "Goedgekeurd door", waarde=_keurders)
    opdracht = Kolom("opdracht__nummer", "Opdracht", breedte=14)
    uitbetaald_op = Kolom("uitbetaald_op", "Uitbetaald op", DagWidget())
    wanneer = Kolom("schijf__wanneer", "Wanneer verschuldigd", breedte=28)
    ontbreekt = Kolom("ontbreekt", "Wat nog ontbreekt", waarde=_ontbreekt, breedte=44)
    vastlegging = Kolom("vastlegging", VASTLEGGINGSNUMMER, breedte=20)


def _mededeling(regel: Opdrachtregel) -> str:
    # Without the plus signs: a sheet would take those for a formula.
    return mededeling.schrijf(mededeling.maak(regel.betaling_id)).strip("+")


def _van_terugvordering(rij: Terugvordering) -> str:
    return mededeling.schrijf(mededeling.maak(rij.pk, mededeling.Reeks.TERUGVORDERING)).strip("+")


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


class KredietResource(Rekenblad):
    """One row per credit: article and year."""

    jaar = Kolom("jaar", "Jaar", GetalWidget())
    artikel = Kolom("artikel", "Artikel", breedte=26)
    aard = Kolom("aard", "Soort", breedte=22)
    vastleggingskrediet_cent = Kolom("vastleggingskrediet_cent", "Vastleggingskrediet", CentWidget())
    gereserveerd_cent = Kolom("gereserveerd_cent", "Gereserveerd", CentWidget())
    vastgelegd_cent = Kolom("vastgelegd_cent", "Vastgelegd", CentWidget())
    vervallen_cent = Kolom("vervallen_cent", "Vervallen", CentWidget())
    vak_vrij_cent = Kolom("vak_vrij_cent", "Vrij om vast te leggen", CentWidget())
    betaalkrediet_cent = Kolom("betaalkrediet_cent", "Betaalkrediet", CentWidget())
    vereffend_cent = Kolom("vereffend_cent", "Vereffend", CentWidget())
    vek_vrij_cent = Kolom("vek_vrij_cent", "Vrij om te vereffenen", CentWidget())
    uitbetaald_cent = Kolom("uitbetaald_cent", "Uitbetaald", CentWidget())
    referentie = Kolom(
        "referentie", "Kenmerk", breedte=26, uitleg="Van de beslissing die het krediet het laatst zette."
    )


class EncoursResource(Rekenblad):
    """One row per dossier with an open commitment."""

    nummer = Kolom("nummer", "Dossier", breedte=16)
    titel = Kolom("titel", "Titel", breedte=44)
    organisatie = Kolom("organisatie__naam", "Organisatie", breedte=28)
    oproep = Kolom("ronde__luik__oproep__titel", "Oproep", breedte=28)
    status = Kolom("get_status_display", "Status", breedte=16)
    vastgelegd_op = Kolom("vastgelegd_op", "Vastgelegd op", DagWidget())
    leeftijd = Kolom("leeftijd", "Jaren oud", GetalWidget(), uitleg="Volle jaren sinds de vastlegging.")
    laatst_op = Kolom("laatst_op", "Laatste boeking", DagWidget())
    vastlegging = Kolom("vastlegging", VASTLEGGINGSNUMMER, breedte=20)
    vastgelegd_cent = Kolom("vastgelegd_cent", "Vastgelegd", CentWidget())
    vereffend_cent = Kolom("vereffend_cent", "Vereffend", CentWidget())
    encours_cent = Kolom("encours_cent", "Encours", CentWidget())
    reden = Kolom(
        "reden", "Op te kuisen", breedte=40, uitleg="Waarom ze geannuleerd kan worden; leeg voor een vroegere dag."
    )


class TerugvorderingResource(Rekenblad):
    """One row per recovery."""

    nummer = Kolom("nummer", "Terugvordering", breedte=16)
    dossier = Kolom("dossier__nummer", "Dossier", breedte=16)
    titel = Kolom("dossier__titel", "Titel", breedte=44)
    organisatie = Kolom("dossier__organisatie__naam", "Organisatie", breedte=28)
    oproep = Kolom("dossier__ronde__luik__oproep__titel", "Oproep", breedte=28)
    luik = Kolom("dossier__ronde__luik__naam", "Luik", breedte=14)
    status = Kolom("get_status_display", "Status", breedte=18)
    grond = Kolom("get_grond_display", "Grond", breedte=36)
    bepaling = Kolom("bepaling", "Rechtsregel", breedte=36)
    voorgenomen_cent = Kolom("voorgenomen_cent", "Voorgenomen", CentWidget())
    hoortermijn = Kolom("hoortermijn", "Reageren tot", DagWidget())
    bedrag_cent = Kolom("bedrag_cent", "Beslist", CentWidget())
    besluit = Kolom("besluit_nummer", "Beslissing", breedte=18)
    besluit_datum = Kolom("besluit_datum", "Datum beslissing", DagWidget())
    kennisgegeven_op = Kolom("kennisgegeven_op", "Kennisgegeven op", MomentWidget())
    vervaldag = Kolom("vervaldag", "Vervaldag", DagWidget(), uitleg="Van de brief, de aanmaning of het plan.")
    verjaart_op = Kolom("verjaart_op", "Verjaart op", DagWidget())
    ontvangen_cent = Kolom("ontvangen_cent", "Ontvangen hoofdsom", CentWidget(), uitleg="Ook wat verrekend is.")
    interest_ontvangen_cent = Kolom("interest_ontvangen_cent", "Ontvangen interest", CentWidget())
    afgeschreven_cent = Kolom("afgeschreven_cent", "Afgeschreven", CentWidget())
    open_cent = Kolom("hoofdsom_open_cent", "Open hoofdsom", CentWidget())
    interest_cent = Kolom(
        "interest",
        "Open interest",
        CentWidget(),
        waarde=lambda rij: interest_open(rij, klok.vandaag()),
        uitleg="Vandaag.",
    )
    mededeling = Kolom("mededeling", "Mededeling", waarde=_van_terugvordering, uitleg="Gestructureerd.")


class BelemmeringResource(Rekenblad):
    """One row per obstacle on payments."""

    soort = Kolom("get_soort_display", "Soort", breedte=28)
    organisatie = Kolom("organisatie__naam", "Organisatie", breedte=28)
    kbo = Kolom("organisatie__kbo", "Ondernemingsnummer", breedte=20)
    dossier = Kolom("dossier__nummer", "Dossier", breedte=16, uitleg="Leeg: alle dossiers van de organisatie.")
    sinds = Kolom("sinds", "Sinds", DagWidget())
    kenmerk = Kolom("kenmerk", "Referentie", breedte=24)
    bedrag_cent = Kolom("bedrag_cent", "Bedrag van het stuk", CentWidget(), uitleg="Alles blijft geblokkeerd.")
    nota = Kolom("nota", "Nota", breedte=40)
    status = Kolom("get_status_display", "Status", breedte=12)
    geregistreerd_door = Kolom("geregistreerd_door__naam", "Geregistreerd door")
    geregistreerd_op = Kolom("geregistreerd_op", "Geregistreerd op", MomentWidget())
    opgeheven_door = Kolom("opgeheven_door__naam", "Opgeheven door")
    opgeheven_op = Kolom("opgeheven_op", "Opgeheven op", MomentWidget())
    reden = Kolom("opheffing_reden", "Reden van opheffing", breedte=40)


class JournaalResource(Rekenblad):
    """One row per journal line."""

    regel = Kolom("pk", "Regel", GetalWidget())
    feitdatum = Kolom("feitdatum", "Datum", DagWidget())
    geboekt_op = Kolom("geboekt_op", "Geboekt op", MomentWidget())
    soort = Kolom("get_soort_display", "Soort", breedte=26)
    # What counts below zero in the amount that was asked for (encours) does so here too.
    bedrag_cent = Kolom(
        "bedrag_cent", "Bedrag", CentWidget(), waarde=lambda rij: getattr(rij, "telt_cent", rij.bedrag_cent)
    )
    oproep = Kolom("oproep__titel", "Oproep", breedte=28)
    luik = Kolom("luik__naam", "Luik", breedte=14)
    dossier = Kolom("dossier__nummer", "Dossier", breedte=16)
    organisatie = Kolom("dossier__organisatie__naam", "Organisatie", breedte=28)
    vastlegging = Kolom("vastlegging", VASTLEGGINGSNUMMER, breedte=20, uitleg="Van het dossier.")
    artikel = Kolom("krediet__artikel__code", "Artikel", breedte=26)
    jaar = Kolom("krediet__jaar", "Begrotingsjaar", GetalWidget())
    schijf = Kolom("betaling__schijf__naam", "Schijf", breedte=16)
    door = Kolom("gebeurtenis__door__naam", "Door")


def budgetblad(
    oproepen: QuerySet[Oproep],
    *,
    jaar: int | None = None,
    op: date | None = None,
    getoond: Sequence[tuple[str, str]] = (),
) -> Blad:
    """Return the budget position of these calls as a sheet, in the order of the page."""
    bekend = [("Zoals bekend op", op.isoformat())] if op else []
    return Blad(
        "Budgetstand",
        f"Budgetstand {jaar}" if jaar else "Budgetstand",
        BudgetResource(),
        _budgetrijen(budgetstand(oproepen, jaar=jaar, op=op)),
        getoond=[*getoond, ("Jaar", str(jaar) if jaar else "alle jaren"), *bekend],
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
    bedragen = {f"{naam}_cent": deel[naam] for naam in (*BEDRAGEN, "vervallen")}
    aantallen = {naam: deel.get(naam) for naam in ("aantal_ingediend", "aantal_toegekend")}
    return {"niveau": niveau, **plaats, **aantallen, **bedragen}


def betalingenblad(betalingen: QuerySet[Betaling], getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return these payments as a sheet, in their order."""
    lezen = (
        *("dossier__organisatie", "dossier__ronde__luik__oproep", "dossier__ronde__luik__kostenregeling"),
        *("schijf__verslagmoment", "opdracht", "aanvraag", "afrekening"),
    )
    rijen = (
        queries.met_stand_van_zaken(betalingen)
        .annotate(belemmerd=queries.belemmerd(), vastlegging=queries.vastlegging_van("dossier"))
        .select_related(*lezen, "opgesteld_door", "goedgekeurd_door", "tweede_goedgekeurd_door")
    )
    titel = ", ".join(["Betalingen", *(waarde.lower() for wat, waarde in getoond if wat == "Status")])
    return Blad("Betalingen", titel, BetalingResource(), rijen, getoond)


def opdrachtblad(opdracht: Betaalopdracht) -> Blad:
    """Return a payment order as a sheet, in the order of its file."""
    getoond = [("Betaalopdracht", str(opdracht)), ("Controletotaal", euro_tekst(opdracht.totaal_cent))]
    return Blad(
        "Betaalopdracht", f"Betaalopdracht {opdracht}", OpdrachtResource(), queries.regels_van(opdracht), getoond
    )


def kredietblad(kredieten: QuerySet[Krediet], *, op: date | None = None) -> Blad:
    """Return these credits as a sheet, by year and article."""
    niet = {"krediet", "artikel", "naam", "jaar", "aard", "referentie"}
    rijen = (
        {naam if naam in niet else f"{naam}_cent": waarde for naam, waarde in rij.items()}
        for rij in queries.kredietstand(kredieten, op=op)
    )
    return Blad("Kredieten", "Kredieten", KredietResource(), rijen, [("Op", (op or klok.vandaag()).isoformat())])


def encoursblad(
    dossiers: QuerySet[Dossier], getoond: Sequence[tuple[str, str]] = (), *, op: date | None = None
) -> Blad:
    """Return these rows of `queries.encours`, of the same day, as a sheet."""
    rijen = dossiers.select_related("organisatie", "ronde__luik__oproep")
    heel = [*getoond, ("Op", (op or klok.vandaag()).isoformat())]
    return Blad("Encours", "Openstaande vastleggingen", EncoursResource(), _MetLeeftijd(rijen, op), heel)


class _MetLeeftijd:
    """Rows of `queries.encours` with their age and, of today, why they can be cleared."""

    def __init__(self, rijen: QuerySet[Dossier], op: date | None) -> None:
        self.rijen, self.op = rijen, op

    def count(self) -> int:
        return self.rijen.count()

    def __iter__(self) -> Iterator[Any]:
        dag = self.op or klok.vandaag()
        for rij in self.rijen.iterator(chunk_size=2000):
            rij.leeftijd = queries.leeftijd_jaren(rij, dag)  # type: ignore[attr-defined]
            rij.reden = "" if self.op else queries.reden_op_te_kuisen(rij, dag) or ""  # type: ignore[attr-defined]
            yield rij


def journaalblad(regels: QuerySet[Journaalregel], getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return these journal rows as a sheet, in their order."""
    return Blad("Grootboek", "Grootboek", JournaalResource(), queries.met_alles(regels), getoond)


def terugvorderingblad(rijen: QuerySet[Terugvordering], getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return these recoveries as a sheet, in their order."""
    return Blad(
        "Terugvorderingen", "Terugvorderingen", TerugvorderingResource(), queries.terugvorderingen(rijen), getoond
    )


def belemmeringblad(rijen: QuerySet[Betaalbelemmering], getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return these obstacles on payments as a sheet, in their order."""
    return Blad("Belemmeringen", "Belemmeringen van betalingen", BelemmeringResource(), rijen, getoond)
