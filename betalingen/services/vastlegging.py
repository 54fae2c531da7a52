"""A commitment: made of what was reserved, and its end before it is paid (cancelled, given up, stopped)."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from betalingen import grootboek, queries, rechten
from betalingen.grootboek import Boeking
from betalingen.models import Begrotingsjaar, Betaling, Journaalregel, Stand
from betalingen.services import vervallen
from dossiers.models import Dossier
from dossiers.services import adressen
from kern import ketens, klok, mails, sloten
from kern.geld import euro_tekst
from kern.models import Gebeurtenis
from kern.weg import Sloten, handeling, noteer, voer_uit
from kern.weigering import eis
from oproepen.models import Taak
from oproepen.queries import adressen_met_taak
from organisaties.models import Gebruiker

Soort = Journaalregel.Soort


def vergrendel_geld(dossiers: list[Dossier], datum: date) -> None:
    """Lock the budget year and the totals that a decision on these proposed dossiers on this day moves."""
    sloten.neem_een(Begrotingsjaar, grootboek.begrotingsjaar(datum.year).pk)
    grootboek.vergrendel_standen(_te_bewegen(dossiers, datum))


def sloten_om_vast_te_leggen(dossiers: list[Dossier], datum: date) -> Sloten:
    """Return what `vergrendel_geld` locks, for an act that says so beforehand. Raises Weigering(geen_krediet)."""
    return {
        Begrotingsjaar: [grootboek.begrotingsjaar(datum.year).pk],
        Stand: grootboek.standsleutels(_te_bewegen(dossiers, datum)),
    }


def _te_bewegen(dossiers: list[Dossier], datum: date) -> set[grootboek.Onderwerp]:
    gereserveerd = grootboek.open_per_jaar([dossier.pk for dossier in dossiers], grootboek.GERESERVEERD)
    return grootboek.onderwerpen((d, jaar) for d in dossiers for jaar in {datum.year, *gereserveerd.get(d.pk, {})})


def boek_vastleggingen(toekenningen: Iterable[tuple[Dossier, Gebeurtenis]], datum: date) -> None:
    """Commit awards on a day, with what was reserved for them released: all or nothing, inside an act.

    Raises Weigering: geen_krediet, boven_budget, boven_vastleggingskrediet, jaar_afgesloten.
    """
    paren = list(toekenningen)
    vrijgaven = grootboek.vrijgaven([dossier for dossier, _ in paren], datum, {d.pk: feit for d, feit in paren})
    vastgelegd = [Boeking(Soort.VASTLEGGING, d.toegekend_cent or 0, d, datum, feit) for d, feit in paren]
    grootboek.boek([*vrijgaven, *vastgelegd])


def sloten_van(dossier: Dossier, **_: object) -> Sloten:
    """Return what is locked to cancel a part of the commitment of a dossier."""
    jaren = {
        *grootboek.open_per_jaar([dossier.pk], grootboek.VASTGELEGD).get(dossier.pk, {}),
        *vervallen.aangerekend_op(dossier).values(),
    }
    onderwerpen = grootboek.onderwerpen((dossier, jaar) for jaar in jaren)
    return {
        Begrotingsjaar: [grootboek.begrotingsjaar(klok.vandaag().year).pk],
        Stand: grootboek.standsleutels(onderwerpen | {grootboek.onderwerp(dossier)}),
        Betaling: list(dossier.betalingen.values_list("pk", flat=True)),
    }


@handeling(
    "dossier.annuleer_vastlegging",
    "Vastlegging annuleren",
    mag=rechten.mag_vastlegging_annuleren,
    sloten=sloten_van,
)
def annuleer_vastlegging(dossier: Dossier, *, bedrag_cent: int, reden: str, door: Gebruiker) -> None:
    """Cancel a part of the commitment that was not charged; the last planned instalments become that much less.

    In the year of the commitment the money is available again; in a later year it only lowers the encours.
    Raises Weigering: bedrag_ongeldig, reden_ontbreekt, boven_encours, betalingen_onderweg, jaar_afgesloten.
    """
    eis(bedrag_cent > 0, "bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul.", "bedrag")
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom u de vastlegging annuleert.", "reden")
    encours = queries.te_annuleren_cent(dossier)
    zin = f"Op dit dossier staat nog {euro_tekst(encours)} open; meer kan niet geannuleerd worden."
    eis(bedrag_cent <= encours, "boven_encours", zin, "bedrag")
    ketens.vergrendel([dossier, *dossier.betalingen.all()])
    feit = noteer(dossier, door=door, inhoud={"bedrag_cent": bedrag_cent, "reden": reden.strip()})
    annuleer(dossier, bedrag_cent, encours, feit, door)


@handeling("dossier.verzaak", "Aan de toekenning verzaken", mag=rechten.mag_verzaken, sloten=sloten_van)
def verzaak(dossier: Dossier, *, reden: str, door: Gebruiker) -> Dossier:
    """Give up an award as its beneficiary: what was not paid is cancelled. Raises Weigering: reden_ontbreekt, ..."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom uw organisatie aan de subsidie verzaakt.", "reden")
    _beeindig(dossier, "verzaak", reden.strip(), door)
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} verzaakt",
        aan=adressen_met_taak(dossier.ronde.luik, Taak.Rol.BEHANDELAAR),
        onderwerp=f"Dossier {dossier.nummer}: de aanvrager verzaakt",
        tekst=f"{dossier.organisatie} verzaakt aan de subsidie van dit dossier.\n\nReden: {reden.strip()}",
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar het dossier",
    )
    return dossier


@handeling("dossier.zet_stop", "Project stopzetten", mag=rechten.mag_vastlegging_annuleren, sloten=sloten_van)
def zet_stop(dossier: Dossier, *, reden: str, door: Gebruiker) -> Dossier:
    """End a project as the granter: what was not paid is cancelled. Raises Weigering: reden_ontbreekt, ..."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom het project stopt; de aanvrager leest dit.", "reden")
    _beeindig(dossier, "zet_stop", reden.strip(), door)
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} stopgezet",
        aan=adressen(dossier),
        onderwerp=f"Dossier {dossier.nummer} is stopgezet",
        tekst=f"Wij zetten het project van dossier {dossier.nummer} stop.\n\nReden: {reden.strip()}",
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
    )
    return dossier


def _beeindig(dossier: Dossier, overgang: str, reden: str, door: Gebruiker) -> None:
    """End a project: every instalment that did not leave, or came back, lapses; its charge and commitment are undone.

    What is with the bank stays as it is: it is paid, or lapses when it comes back (`terugkeer.boek_geweigerd`).
    """
    betalingen = list(dossier.betalingen.order_by("-schijf__volgorde"))
    weg = [rij for rij in betalingen if rij.status in Betaling.NIET_VERTROKKEN]
    jaren = vervallen.aangerekend_op(dossier)
    cent = te_beeindigen_cent(dossier, grootboek.stand_van(dossier).encours_cent)
    ketens.vergrendel([dossier, *betalingen])
    feit = voer_uit(dossier, overgang, door=door, inhoud={"reden": reden, "geannuleerd_cent": cent})
    terug = vervallen.laat_vervallen(dossier, weg, jaren, klok.vandaag(), door)
    grootboek.boek([*terug, *vervallen.annuleringen(dossier, cent, klok.vandaag(), feit)])


def te_beeindigen_cent(dossier: Dossier, encours_cent: int) -> int:
    """Return what of a commitment is cancelled when its project ends now: all but what was paid or is with the bank.

    encours_cent: what is committed and not charged.
    """
    jaren = vervallen.aangerekend_op(dossier)
    for rij in dossier.betalingen.all():
        if rij.status in Betaling.VERTROKKEN and rij.pk not in jaren:
            encours_cent -= rij.bedrag_cent  # an outside system is still to charge it
        elif rij.status in Betaling.NIET_VERTROKKEN and rij.pk in jaren:
            encours_cent += rij.bedrag_cent  # it came back, and its charge is undone
    return encours_cent


def annuleer(dossier: Dossier, bedrag_cent: int, encours_cent: int, feit: Gebeurtenis, door: Gebruiker) -> None:
    """Cancel so much of what is open, inside an act that holds `sloten_van` and the chains of its payments."""
    _verminder_schijven(dossier, encours_cent - bedrag_cent, door)
    grootboek.boek(vervallen.annuleringen(dossier, bedrag_cent, klok.vandaag(), feit))


def _verminder_schijven(dossier: Dossier, over_cent: int, door: Gebruiker) -> None:
    """Make the instalments that did not leave add up to at most what stays committed, taking from the last."""
    vertrokken = (*Betaling.AFGEHANDELD, Betaling.Status.VERSTUURD)
    # What came back was charged already, unless an outside system never did: it is no part of what is still open.
    rijen = dossier.betalingen.exclude(status__in=vertrokken).exclude(queries.aangerekend("pk"))
    open_ = list(rijen.order_by("-schijf__volgorde"))
    te_veel = sum(betaling.bedrag_cent for betaling in open_) - over_cent
    gepland = [betaling for betaling in open_ if betaling.status == Betaling.Status.GEPLAND]
    eis(
        sum(betaling.bedrag_cent for betaling in gepland) >= te_veel,
        "betalingen_onderweg",
        "Er liggen betalingen van dit dossier ter controle of klaar om te versturen. Stuur die eerst terug.",
    )
    for betaling in gepland:
        minder = min(max(te_veel, 0), betaling.bedrag_cent)
        te_veel -= minder
        if minder == betaling.bedrag_cent:
            voer_uit(betaling, "laat_vervallen", door=door)
        elif minder:
            betaling.bedrag_cent -= minder
            betaling.save(update_fields=["bedrag_cent"])
            noteer(betaling, door=door, inhoud={"bedrag_cent": betaling.bedrag_cent})
