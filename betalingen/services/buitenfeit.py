"""Keeping what an outside accounting system reported, inside the act that takes it in."""

from datetime import date

from betalingen.bank.pain import end_to_end_id
from betalingen.models import Betaling, Buitenfeit
from betalingen.queries.buitenfeiten import Feit, laatste_feiten
from dossiers.models import Dossier
from kern import klok
from organisaties.models import Gebruiker


def bekend_feit(feit: Feit, verstrekker: str) -> Buitenfeit | None:
    """Return the version of a fact that counts, if it was kept before."""
    rijen = Buitenfeit.objects.filter(verstrekker=verstrekker, kenmerk=feit.kenmerk)
    return laatste_feiten(rijen).get((verstrekker, feit.kenmerk))


def bewaar_feit(
    feit: Feit, verstrekker: str, dossier: Dossier | None, betaling: Betaling | None, door: Gebruiker
) -> Buitenfeit:
    """Keep a fact inside an act; one that says the same as the version that counts is that version."""
    bekend = bekend_feit(feit, verstrekker)
    if bekend is not None and feit.zelfde(bekend):
        return bekend
    return Buitenfeit.objects.create(
        verstrekker=verstrekker,
        soort=feit.soort,
        kenmerk=feit.kenmerk,
        versie=bekend.versie + 1 if bekend else 1,
        dossiernummer=feit.dossiernummer,
        vastleggingsnummer=feit.vastleggingsnummer,
        stuknummer=feit.stuknummer,
        referentie=feit.referentie,
        bedrag_cent=feit.bedrag_cent,
        datum=feit.datum,
        dossier=dossier,
        betaling=betaling,
        ingelezen_op=klok.nu(),
        ingelezen_door=door,
    )


def bewaar_betalingsfeit(betaling: Betaling, soort: str, datum: date, door: Gebruiker, *, stuknummer: str = "") -> None:
    """Keep that the outside system charged or paid a payment of one of its orders, as a person says it did."""
    opdracht = betaling.opdracht
    if opdracht is None or not opdracht.extern:
        return
    dossier = Dossier.objects.select_related("ronde__luik__oproep").get(pk=betaling.dossier_id)
    referentie = end_to_end_id(opdracht.nummer or "", betaling.pk)
    feit = Feit(soort, dossier.nummer or "", betaling.bedrag_cent, datum, stuknummer=stuknummer, referentie=referentie)
    bewaar_feit(feit, dossier.ronde.luik.oproep.verstrekker, dossier, betaling, door)
