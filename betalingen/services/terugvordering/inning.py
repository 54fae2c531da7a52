"""Getting paid: reminder, payment plan, and writing off what will not come."""

from calendar import monthrange
from datetime import date, timedelta

from betalingen import grootboek, rechten
from betalingen.grootboek import Boeking
from betalingen.interest import interest_open, nog_open
from betalingen.models import Afbetaling, Journaalregel, Terugvordering
from betalingen.services.terugvordering.besluit import (
    HOOGSTE_TERMIJN,
    Verjaring,
    eis_verjaring,
    geldsloten,
    mail_begunstigde,
    mail_personeel,
)
from kern import klok
from kern.geld import euro_tekst
from kern.templatetags.loket import dag
from kern.weg import Sloten, blokkade_van, handeling, noteer, voer_uit
from kern.weigering import eis
from oproepen.models import Taak
from organisaties.models import Gebruiker

Status = Terugvordering.Status
MEESTE_AFBETALINGEN = 60


@handeling("terugvordering.maan_aan", "Terugvordering aanmanen", mag=rechten.mag_terugvordering_behandelen)
def maan_aan(rij: Terugvordering, *, termijn_dagen: int, door: Gebruiker) -> Terugvordering:
    """Remind, with so many days from today to pay; only after the due date. A plan that was not kept lapses.

    Raises Weigering: verkeerde_status, verjaard, niet_vervallen, termijn_onmogelijk.
    """
    zin = f"De termijn om te betalen is 1 tot {HOOGSTE_TERMIJN} dagen."
    eis(1 <= termijn_dagen <= HOOGSTE_TERMIJN, "termijn_onmogelijk", zin, "termijn")
    eis_mogelijk(rij, "maan_aan")
    vandaag = klok.vandaag()
    van, verviel = rij.status, rij.vervaldag
    rij.maan_aan()
    rij.aangemaand_op, rij.aangemaand_tot = klok.nu(), vandaag + timedelta(days=termijn_dagen)
    rij.save()
    # After the transition, for a plan that lapses has not stopped the interest.
    open_cent, interest_cent = nog_open(rij, vandaag), interest_open(rij, vandaag)
    inhoud = {
        "verviel_op": verviel,
        "tot": rij.aangemaand_tot,
        "open_cent": open_cent,
        "interest_cent": interest_cent,
    }
    feit = noteer(rij, door=door, van=van, naar=rij.status, inhoud=inhoud)
    mail_begunstigde(
        rij,
        f"aanmaning {feit.pk}",
        f"Dossier {rij.dossier.nummer}: herinnering om terug te betalen",
        f"U moest uiterlijk op {dag(verviel)} betalen. Er staat nog {euro_tekst(open_cent)} open van de subsidie van "
        f"dossier {rij.dossier.nummer} die wij terugvorderen.\n\nBetaal uiterlijk op {dag(rij.aangemaand_tot)}. Hoe u "
        "betaalt, staat in de brief bij deze mail.",
        {"soort": "terugvordering_aanmaning", "gebeurtenis": feit.pk},
    )
    return rij


def eis_mogelijk(rij: Terugvordering, overgang: str) -> None:
    """Raise what stands in the way of a transition now."""
    blokkade = blokkade_van(rij, overgang)
    if blokkade is not None:
        raise blokkade


@handeling(
    "terugvordering.verleng_verjaring",
    "Verjaring van een terugvordering verlengen",
    mag=rechten.mag_terugvordering_behandelen,
)
def verleng_verjaring(rij: Terugvordering, *, verjaring: Verjaring, door: Gebruiker) -> Terugvordering:
    """Record until when the claim can be enforced now that its term was interrupted, and by what.

    A writ or an acknowledgement of the debt starts it anew, by common law. Raises Weigering: verkeerde_status,
    verjaring_onmogelijk, reden_ontbreekt.
    """
    eis_mogelijk(rij, "ontvang")
    eis_verjaring(verjaring)
    zin = f"De verjaring ligt nu op {dag(rij.verjaart_op)}; kies een latere dag."
    eis(rij.verjaart_op is None or verjaring.op > rij.verjaart_op, "verjaring_onmogelijk", zin, "verjaart_op")
    inhoud = {"verjaarde_op": rij.verjaart_op, "verjaart_op": verjaring.op, "reden": verjaring.reden.strip()}
    rij.verjaart_op, rij.verjaring_reden = verjaring.op, verjaring.reden.strip()
    rij.save(update_fields=["verjaart_op", "verjaring_reden"])
    noteer(rij, door=door, van=rij.status, naar=rij.status, inhoud=inhoud)
    return rij


@handeling(
    "terugvordering.sta_afbetalingsplan_toe", "Afbetalingsplan toestaan", mag=rechten.mag_terugvordering_beslissen
)
def sta_afbetalingsplan_toe(
    rij: Terugvordering, *, aantal: int, eerste: date, reden: str, door: Gebruiker
) -> Terugvordering:
    """Let what is due today be paid in so many monthly instalments; together exactly that, the last takes the rest.

    Raises Weigering: verkeerde_status, verjaard, aantal_onmogelijk, termijn_onmogelijk, reden_ontbreekt.
    """
    eis_mogelijk(rij, "sta_plan_toe")
    vandaag = klok.vandaag()
    open_cent = nog_open(rij, vandaag)
    meeste = min(MEESTE_AFBETALINGEN, open_cent)
    zin = f"Een plan heeft 2 tot {MEESTE_AFBETALINGEN} afbetalingen van minstens één cent."
    eis(2 <= aantal <= meeste, "aantal_onmogelijk", zin, "aantal")  # noqa: PLR2004  one instalment is no plan
    zin = "De eerste afbetaling vervalt ten vroegste morgen en binnen een jaar."
    eis(vandaag < eerste <= vandaag + timedelta(days=HOOGSTE_TERMIJN), "termijn_onmogelijk", zin, "eerste")
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom u het plan toestaat.", "reden")
    rij.plan_nummer += 1
    rij.plan_op, rij.plan_vanaf_cent = vandaag, rij.ontvangen_cent + rij.interest_ontvangen_cent
    termijnen = [
        Afbetaling(
            terugvordering=rij, plan_nummer=rij.plan_nummer, volgnummer=i + 1, uiterlijk=uiterlijk, bedrag_cent=cent
        )
        for i, (uiterlijk, cent) in enumerate(verdeel(open_cent, aantal, eerste))
    ]
    inhoud = {
        "reden": reden.strip(),
        "open_cent": open_cent,
        "plan": [{"uiterlijk": t.uiterlijk, "bedrag_cent": t.bedrag_cent} for t in termijnen],
    }
    feit = voer_uit(rij, "sta_plan_toe", door=door, inhoud=inhoud)
    Afbetaling.objects.bulk_create(termijnen)
    regels = "\n".join(f"{dag(t.uiterlijk)}: {euro_tekst(t.bedrag_cent)}" for t in termijnen)
    mail_begunstigde(
        rij,
        f"afbetalingsplan {feit.pk}",
        f"Dossier {rij.dossier.nummer}: u mag in schijven terugbetalen",
        f"U mag {euro_tekst(open_cent)} terugbetalen in {aantal} delen. Betaal elk deel uiterlijk op deze dag:\n\n"
        f"{regels}\n\nGebruik bij elke betaling de gestructureerde mededeling uit de brief. Betaalt u een deel niet op "
        "tijd, dan kunnen wij alles in één keer vragen.",
    )
    return rij


def verdeel(cent: int, aantal: int, eerste: date) -> list[tuple[date, int]]:
    """Return day and cents of monthly instalments that are equal, but for the last, which takes the remainder."""
    deel = cent // aantal
    bedragen = [deel] * (aantal - 1) + [cent - deel * (aantal - 1)]
    return [(_maanden_later(eerste, i), bedrag) for i, bedrag in enumerate(bedragen)]


def _maanden_later(datum: date, maanden: int) -> date:
    jaar, maand = divmod(datum.month - 1 + maanden, 12)
    jaar, maand = datum.year + jaar, maand + 1
    return date(jaar, maand, min(datum.day, monthrange(jaar, maand)[1]))


@handeling(
    "terugvordering.stel_oninbaar_voor",
    "Voorstellen om een terugvordering af te schrijven",
    mag=rechten.mag_terugvordering_ontvangen,
)
def stel_oninbaar_voor(rij: Terugvordering, *, reden: str, door: Gebruiker) -> Terugvordering:
    """Propose to write off what is still due; the budget holder decides. Raises: reden_ontbreekt, verkeerde_status."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom dit niet meer betaald zal worden.", "reden")
    eis_mogelijk(rij, "ontvang")
    rij.oninbaar_reden, rij.oninbaar_voorgesteld_door = reden.strip(), door
    rij.save(update_fields=["oninbaar_reden", "oninbaar_voorgesteld_door"])
    feit = noteer(rij, door=door, van=rij.status, naar=rij.status, inhoud={"reden": rij.oninbaar_reden})
    mail_personeel(
        rij,
        f"oninbaar {feit.pk}",
        Taak.Rol.BUDGETHOUDER,
        f"Dossier {rij.dossier.nummer}: een terugvordering afschrijven",
        f"{door.naam} stelt voor om af te schrijven wat nog openstaat op de terugvordering van dossier "
        f"{rij.dossier.nummer}.\n\nReden: {rij.oninbaar_reden}",
    )
    return rij


def _sloten(rij: Terugvordering, **_: object) -> Sloten:
    return geldsloten(rij, klok.vandaag().year)


@handeling(
    "terugvordering.verklaar_oninbaar",
    "Terugvordering oninbaar verklaren",
    mag=rechten.mag_terugvordering_beslissen,
    sloten=_sloten,
)
def verklaar_oninbaar(rij: Terugvordering, *, door: Gebruiker) -> Terugvordering:
    """Write off what is still due, as another person proposed: a counter-entry of the claim.

    Interest that did not come in was never booked, and lapses. Raises Weigering: niet_voorgesteld, zelfde_persoon,
    verkeerde_status, jaar_afgesloten.
    """
    zin = "Een andere persoon schrijft af dan wie het voorstelde."
    eis(rij.oninbaar_voorgesteld_door_id != door.pk, "zelfde_persoon", zin)
    rest = rij.hoofdsom_open_cent
    inhoud = {
        "reden": rij.oninbaar_reden,
        "afgeschreven_cent": rest,
        "interest_cent": interest_open(rij, klok.vandaag()),
    }
    rij.oninbaar_door, rij.afgeschreven_cent = door, rest
    feit = voer_uit(rij, "verklaar_oninbaar", door=door, inhoud=inhoud)
    if rest:
        dossier = rij.dossier
        jaar = rij.begrotingsjaar
        terug = Boeking(
            Journaalregel.Soort.TERUGVORDERING,
            -rest,
            dossier,
            klok.vandaag(),
            feit,
            begrotingsjaar=jaar,
            terugvordering=rij,
        )
        grootboek.boek([terug])
    return rij
