"""Budgets of calls and rounds, credits of articles, budget years."""

from collections.abc import Sequence
from dataclasses import dataclass

from betalingen import grootboek, queries, rechten
from betalingen.models import Begrotingsjaar, Jaarrapport, Journaalregel, Krediet, Stand
from kern import ketens, klok
from kern.geld import euro_tekst
from kern.models import Bestand
from kern.weg import Sloten, handeling, noteer, voer_uit
from kern.weigering import eis
from oproepen.models import Luik, Oproep, Ronde
from organisaties.models import Gebruiker

Soort = Journaalregel.Soort
ZONDER_KENMERK = "Vul het kenmerk in van de beslissing die het krediet wijzigt."


@handeling("oproep.stel_budget_in", "Budget van de oproep instellen", mag=rechten.mag_budget_instellen)
def stel_budget_in(
    oproep: Oproep, *, budget_cent: int | None, per_luik: dict[str, int | None], door: Gebruiker
) -> Stand:
    """Set what may be committed on a call and on each of its tracks (by slug), in cents; None: nothing can be spent.

    The rounds of a track share its budget, and follow it; what was moved from or to a round stays moved.
    Raises Weigering: limiet_te_laag, onbekend_luik.
    """
    luiken = {luik.slug: luik for luik in Luik.objects.filter(oproep=oproep)}
    for slug in per_luik:
        eis(slug in luiken, "onbekend_luik", f"Deze oproep heeft geen luik '{slug}'.", "per_luik")
    rondes = list(Ronde.objects.filter(luik__oproep=oproep).select_related("luik"))
    doelen: list[Oproep | Luik | Ronde] = [oproep, *luiken.values(), *rondes]
    standen = grootboek.vergrendel_standen(grootboek.onderwerp(doel) for doel in doelen)
    oud = {sleutel: rij.limiet_cent for sleutel, rij in standen.items()}
    feit = noteer(oproep, door=door, inhoud={"budget_cent": budget_cent, "per_luik": dict(per_luik)})
    stand = grootboek.zet_limiet(oproep, budget_cent, gebeurtenis=feit)
    for slug, cent in per_luik.items():
        grootboek.zet_limiet(luiken[slug], cent, gebeurtenis=feit)
    for ronde in rondes:
        if ronde.luik.slug in per_luik:
            verschoven = _verschoven(oud[grootboek.onderwerp(ronde)], oud[grootboek.onderwerp(ronde.luik)])
            grootboek.zet_limiet(ronde, _met(per_luik[ronde.luik.slug], verschoven, ronde), gebeurtenis=feit)
    return stand


def _verschoven(ronde_cent: int | None, luik_cent: int | None) -> int:
    """Return what a round has above the budget of its track (below zero: less), in cents."""
    return 0 if ronde_cent is None or luik_cent is None else ronde_cent - luik_cent


def _met(luik_cent: int | None, verschoven_cent: int, ronde: Ronde) -> int | None:
    if luik_cent is None:
        return None
    zin = f"Van {ronde} is al {euro_tekst(-verschoven_cent)} verschoven; lager kan het budget van het luik niet."
    eis(luik_cent + verschoven_cent >= 0 or luik_cent < 0, "limiet_te_laag", zin, "limiet")
    return luik_cent + verschoven_cent


@handeling(
    "ronde.verschuif_budget",
    "Budget van een ronde naar een andere verschuiven",
    mag=lambda gebruiker, ronde: rechten.mag_budget_instellen(gebruiker, ronde.luik.oproep),
)
def verschuif_budget(ronde: Ronde, *, naar: Ronde, bedrag_cent: int, reden: str, door: Gebruiker) -> None:
    """Move budget from a round to another one of the same call; between tracks, their budgets move along.

    The budget of the call stays the same. Raises Weigering: andere_oproep, zelfde_ronde, bedrag_ongeldig,
    reden_ontbreekt, budget_ontbreekt, limiet_te_laag.
    """
    eis(naar.luik.oproep_id == ronde.luik.oproep_id, "andere_oproep", "Kies een ronde van dezelfde oproep.", "naar")
    eis(naar.pk != ronde.pk, "zelfde_ronde", "Kies een andere ronde.", "naar")
    eis(bedrag_cent > 0, "bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul.", "bedrag")
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom u het budget verschuift.", "reden")
    paren: list[tuple[Ronde | Luik, int]] = [(ronde, -bedrag_cent), (naar, bedrag_cent)]
    if naar.luik_id != ronde.luik_id:
        paren += [(ronde.luik, -bedrag_cent), (naar.luik, bedrag_cent)]
    standen = grootboek.vergrendel_standen(grootboek.onderwerp(doel) for doel, _ in paren)
    ketens.vergrendel([ronde, naar])
    inhoud = {"van": ronde.pk, "naar": naar.pk, "bedrag_cent": bedrag_cent, "reden": reden.strip()}
    feit = noteer(ronde, door=door, inhoud=inhoud)
    noteer(naar, door=door, inhoud=inhoud)
    for doel, cent in paren:
        limiet = standen[grootboek.onderwerp(doel)].limiet_cent
        eis(limiet is not None, "budget_ontbreekt", f"Het budget van {doel} is niet ingevuld.", "bedrag")
        grootboek.zet_limiet(doel, (limiet or 0) + cent, gebeurtenis=feit, referentie=reden.strip()[:200])


@handeling("krediet.stel_in", "Krediet van een artikel in een jaar instellen", mag=rechten.mag_krediet_instellen)
def stel_krediet_in(
    krediet: Krediet,
    *,
    vastleggingskrediet_cent: int,
    betaalkrediet_cent: int,
    door: Gebruiker,
    referentie: str = "",
) -> Stand:
    """Set the commitment and payment credit (VAK, VEK) of an article in a year, in cents.

    referentie: of the decision behind it; what is set already does not change without one.
    Raises Weigering: referentie_ontbreekt, limiet_te_laag, jaar_afgesloten.
    """
    onderwerp = grootboek.onderwerp(krediet)
    stand = grootboek.vergrendel_standen([onderwerp])[onderwerp]
    grootboek.eis_open_jaren([krediet.jaar])
    eis(referentie.strip() or not stand.is_ingesteld, "referentie_ontbreekt", ZONDER_KENMERK, "referentie")
    inhoud = {"vastleggingskrediet_cent": vastleggingskrediet_cent, "betaalkrediet_cent": betaalkrediet_cent}
    feit = noteer(krediet, door=door, inhoud={**inhoud, "referentie": referentie} if referentie else inhoud)
    return grootboek.zet_limiet(
        krediet, vastleggingskrediet_cent, betaalkrediet_cent, gebeurtenis=feit, referentie=referentie
    )


@handeling("krediet.herverdeel", "Krediet naar een ander artikel herverdelen", mag=rechten.mag_krediet_instellen)
def herverdeel_krediet(
    krediet: Krediet,
    *,
    naar: Krediet,
    vastleggingskrediet_cent: int,
    betaalkrediet_cent: int,
    referentie: str,
    door: Gebruiker,
) -> None:
    """Move commitment and payment credit to another article of the same year, as an outside decision orders.

    referentie: of that decision. Raises Weigering: zelfde_krediet, ander_jaar, geen_recht_op_krediet,
    bedrag_ongeldig, referentie_ontbreekt, krediet_te_klein, limiet_te_laag, jaar_afgesloten.
    """
    eis(naar.pk != krediet.pk, "zelfde_krediet", "Kies een ander artikel.", "naar")
    eis(naar.jaar == krediet.jaar, "ander_jaar", "Krediet gaat niet van het ene jaar naar het andere.", "naar")
    zin = f"U mag het krediet van artikel {naar.artikel} niet wijzigen."
    eis(rechten.mag_krediet_instellen(door, naar), "geen_recht_op_krediet", zin, "naar")
    bedragen = (vastleggingskrediet_cent, betaalkrediet_cent)
    eis(min(bedragen) >= 0 and any(bedragen), "bedrag_ongeldig", "Vul in hoeveel u herverdeelt.", "bedrag")
    eis(referentie.strip(), "referentie_ontbreekt", "Vul het kenmerk van de beslissing in.", "referentie")
    standen = grootboek.vergrendel_standen([grootboek.onderwerp(krediet), grootboek.onderwerp(naar)])
    grootboek.eis_open_jaren([krediet.jaar])
    ketens.vergrendel([krediet, naar])
    inhoud = {
        "van": krediet.pk,
        "naar": naar.pk,
        "vastleggingskrediet_cent": vastleggingskrediet_cent,
        "betaalkrediet_cent": betaalkrediet_cent,
        "referentie": referentie.strip(),
    }
    for rij, teken in ((krediet, -1), (naar, 1)):
        feit = noteer(rij, door=door, inhoud=inhoud)
        stand = standen[grootboek.onderwerp(rij)]
        vak = (stand.limiet_cent or 0) + teken * vastleggingskrediet_cent
        vek = (stand.betaalkrediet_cent or 0) + teken * betaalkrediet_cent
        eis(min(vak, vek) >= 0, "krediet_te_klein", f"Artikel {rij.artikel} heeft in {rij.jaar} niet zoveel krediet.")
        grootboek.zet_limiet(rij, vak, vek, gebeurtenis=feit, referentie=referentie.strip())


@dataclass(frozen=True)
class Rapport:
    """The auditor's report of one call on a year: its stored file, and how many bookings it lists."""

    oproep: Oproep
    bestand: Bestand
    regels: int


def _standen_van_jaar(jaar: Begrotingsjaar, **_: object) -> Sloten:
    kredieten = Krediet.objects.filter(jaar=jaar.jaar)
    return {Stand: grootboek.standsleutels(grootboek.onderwerp(krediet) for krediet in kredieten)}


@handeling(
    "begrotingsjaar.sluit_af",
    "Begrotingsjaar afsluiten",
    mag=rechten.mag_begrotingsjaar_afsluiten,
    sloten=_standen_van_jaar,
)
def sluit_begrotingsjaar_af(
    begrotingsjaar: Begrotingsjaar, *, rapporten: Sequence[Rapport], door: Gebruiker
) -> Begrotingsjaar:
    """Close a budget year: nothing is booked in it any more. What is open on its last day is carried over as encours.

    rapporten: the auditor's report of each call with bookings of the year, made before the locks; with them the
    closing is on record as it was. Raises Weigering: verkeerde_status, intussen_gewijzigd, and `queries.beletsels`.
    """
    jaar = begrotingsjaar.jaar
    beletsel = next(queries.beletsels(jaar), None)
    if beletsel is not None:
        raise beletsel
    begrotingsjaar.afgesloten_door, begrotingsjaar.afgesloten_op = door, klok.nu()
    inhoud = {
        "jaar": jaar,
        "encours_cent": queries.encours_op(queries.laatste_dag(jaar)),
        "laatste_boeking": queries.laatste_boeking(),
        "rapporten": [
            {"oproep": rapport.oproep.slug, "regels": rapport.regels, "sha256": rapport.bestand.sha256}
            for rapport in rapporten
        ],
    }
    voer_uit(begrotingsjaar, "sluit_af", door=door, inhoud=inhoud)
    zin = f"Intussen is er nog iets op {jaar} geboekt. Kijk de cijfers na en sluit het jaar opnieuw af."
    verwacht = {rapport.oproep.pk: rapport.regels for rapport in rapporten}
    eis(verwacht == queries.boekingen_per_oproep(jaar), "intussen_gewijzigd", zin)
    Jaarrapport.objects.bulk_create(
        Jaarrapport(
            begrotingsjaar=begrotingsjaar, oproep=rapport.oproep, bestand=rapport.bestand, regels=rapport.regels
        )
        for rapport in rapporten
    )
    return begrotingsjaar
