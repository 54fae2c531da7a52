"""Payments that come back: refused or returned by the bank, and another account to try again."""

from datetime import date

from django.urls import reverse

from betalingen import grootboek, rechten
from betalingen.bank import pain
from betalingen.grootboek import Boeking
from betalingen.models import Betaling, Journaalregel
from betalingen.models.betaling import project_loopt
from betalingen.services import vervallen
from betalingen.services.betaling import vraag_controle
from betalingen.services.geldsloten import sloten_voor
from dossiers.models import Dossier
from dossiers.services import adressen
from kern import ketens, klok, mails
from kern.geld import euro_tekst
from kern.weg import Sloten, handeling, noteer, voer_uit
from kern.weigering import eis
from organisaties.models import Gebruiker
from organisaties.nummers import iban_leesbaar, lees_iban

Soort = Journaalregel.Soort
Status = Betaling.Status


def _sloten_van(betaling: Betaling, *, datum: date, **_: object) -> Sloten:
    return sloten_voor([betaling.pk], [datum.year])


@handeling(
    "betaling.meld_geweigerd",
    "Betaling melden die de bank weigerde of terugstortte",
    mag=rechten.mag_uitbetaald_melden,
    sloten=_sloten_van,
)
def meld_geweigerd(betaling: Betaling, *, datum: date, reden: str, door: Gebruiker) -> Betaling:
    """Bring a payment that the bank refused or returned back to the check, with the account that the dossier has now.

    What was booked as paid is reversed; the charge stays, so sending it again charges nothing.
    Raises Weigering: reden_ontbreekt, datum_onmogelijk, jaar_afgesloten.
    """
    eis(reden.strip(), "reden_ontbreekt", "Schrijf welke reden de bank geeft.", "reden")
    return boek_geweigerd(betaling, datum=datum, reden=reden, door=door)


def boek_geweigerd(betaling: Betaling, *, datum: date, reden: str, door: Gebruiker) -> Betaling:
    """Bring back a payment that the bank refused or returned, inside an act that holds its locks.

    Of a project that ended meanwhile it lapses at once, and its charge and commitment are undone on the same day.
    """
    _eis_datum(betaling, datum)
    betaald = grootboek.laatste_uitbetaling(betaling) if betaling.status == Status.UITBETAALD else None
    opdracht, iban = betaling.opdracht, betaling.iban
    wie = "Het boekhoudsysteem of de bank" if betaling.via_boekhouding else "De bank"
    dossier = Dossier.objects.select_related("ronde__luik", "organisatie").get(pk=betaling.dossier_id)
    betaling.opdracht = betaling.uitbetaald_op = None
    betaling.goedgekeurd_door = betaling.tweede_goedgekeurd_door = None
    if betaling.iban != dossier.iban:
        betaling.iban, betaling.rekening_door = dossier.iban, _wie_wijzigde(dossier)
    inhoud = {"opdracht": str(opdracht or ""), "iban": iban, "datum": datum, "reden": reden.strip()}
    feit = voer_uit(betaling, "weiger", door=door, inhoud=inhoud)
    boekingen = []
    if betaald is not None:
        cent, jaar = -betaling.bedrag_cent, betaald.krediet.jaar
        boekingen.append(Boeking(Soort.UITBETALING, cent, dossier, datum, feit, betaling, begrotingsjaar=jaar))
    betaling.dossier = dossier
    gestopt = not project_loopt(betaling)
    if gestopt:
        jaren = vervallen.aangerekend_op(dossier)
        boekingen += vervallen.laat_vervallen(dossier, [betaling], jaren, datum, door)
        boekingen += vervallen.annuleringen(dossier, betaling.bedrag_cent, datum, feit)
    grootboek.boek(boekingen)
    if not gestopt:
        vraag_controle(betaling)
    slot = (
        f"Het project is {dossier.get_status_display().lower()}. Daarom betalen wij dit bedrag niet meer."
        if gestopt
        else "Klopt dit rekeningnummer niet meer, laat het ons dan weten. Daarna betalen wij opnieuw."
    )
    mails.zet_mail_klaar(
        f"betaling {betaling.pk} geweigerd {feit.pk}",
        aan=adressen(dossier),
        onderwerp=f"Betaling voor dossier {dossier.nummer} niet gelukt",
        tekst=(
            f"{wie} kon {euro_tekst(betaling.bedrag_cent)} niet betalen op rekening {iban_leesbaar(iban)} "
            f"({betaling.schijf.naam.lower()}).\n\nReden: {reden.strip()}\n\n{slot}"
        ),
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
    )
    return betaling


def _wie_wijzigde(dossier: Dossier) -> Gebruiker | None:
    """Return who set the account that a dossier has now; None: its applicant."""
    feit = ketens.gebeurtenissen_van(dossier).filter(handeling="dossier.wijzig_rekening").last()
    return feit.door if feit else None


def _eis_datum(betaling: Betaling, datum: date) -> None:
    eis(datum <= klok.vandaag(), "datum_onmogelijk", "De datum ligt in de toekomst.", "datum")
    vanaf = betaling.uitbetaald_op
    if vanaf is None and betaling.opdracht is not None:
        vanaf = betaling.opdracht.verstuurd_op.astimezone(klok.BRUSSEL).date()
    eis(vanaf is None or datum >= vanaf, "datum_onmogelijk", "De datum ligt vóór de betaling.", "datum")


def _betalingen(dossier: Dossier, **_: object) -> Sloten:
    return {Betaling: list(dossier.betalingen.values_list("pk", flat=True))}


@handeling(
    "dossier.wijzig_rekening",
    "Rekening van een toekenning wijzigen",
    mag=rechten.mag_rekening_wijzigen,
    sloten=_betalingen,
)
def wijzig_rekening(dossier: Dossier, *, iban: str, reden: str, door: Gebruiker) -> Dossier:
    """Pay an award to another account from now on: of the dossier, and of its payments that are not approved yet.

    Who changes it is kept with each of these payments, and approves none of them.
    Raises Weigering: iban_ongeldig, iban_buiten_sepa, zelfde_rekening, reden_ontbreekt, geen_toekenning, rekening_vast.
    """
    nummer = pain.lees_rekening(lees_iban(iban), f"Dossier {dossier.nummer}")
    eis(nummer != dossier.iban, "zelfde_rekening", "Dit is al de rekening van het dossier.", "iban")
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom de rekening wijzigt.", "reden")
    betalingen = list(dossier.betalingen.order_by("pk"))
    eis(betalingen, "geen_toekenning", "Dit dossier heeft geen toekenning; er wordt niets op betaald.")
    vast = any(betaling.status in {Status.TWEEDE_CONTROLE, Status.GOEDGEKEURD} for betaling in betalingen)
    zin = "Een betaling van dit dossier is goedgekeurd; haar rekening ligt vast. Laat ze eerst terugsturen."
    eis(not vast, "rekening_vast", zin)
    ketens.vergrendel([dossier, *betalingen])
    oud, dossier.iban = dossier.iban, nummer
    dossier.save(update_fields=["iban"])
    noteer(dossier, door=door, inhoud={"van": oud, "naar": nummer, "reden": reden.strip()})
    for betaling in betalingen:
        if betaling.status in {Status.GEPLAND, Status.TE_CONTROLEREN}:
            betaling.iban, betaling.rekening_door = nummer, door
            betaling.save(update_fields=["iban", "rekening_door"])
            noteer(betaling, door=door, inhoud={"iban": nummer})
    _meld_wijziging(dossier, oud, door)
    return dossier


def _meld_wijziging(dossier: Dossier, oud: str, door: Gebruiker) -> None:
    # The old contact hears of it too when somebody else asked for the change: that is how fraud shows.
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} rekening {dossier.iban} {klok.nu().isoformat()}",
        aan=adressen(dossier),
        onderwerp=f"Dossier {dossier.nummer}: andere rekening",
        tekst=(
            f"{door.naam} wijzigde de rekening waarop wij uw subsidie betalen, van {iban_leesbaar(oud)} naar "
            f"{iban_leesbaar(dossier.iban)}.\n\nHebt u dit niet gevraagd? Neem dan meteen contact met ons op."
        ),
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
    )
