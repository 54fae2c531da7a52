"""Taking back what a line of a statement was booked as, by mistake; then a person says again what it is."""

from django.urls import reverse

from betalingen import grootboek, rechten
from betalingen.bank import koppel
from betalingen.grootboek import Boeking
from betalingen.models import Afschriftregel, Bankregel, Betaling, Journaalregel, Ontvangst, Terugvordering
from betalingen.services.afschrift import (
    VOLGORDE,
    als_regel,
    is_zeker,
    neem_boekbaar,
    openstaand,
    terug_te_krijgen,
    van_soort,
)
from betalingen.services.geldsloten import sloten_voor
from betalingen.services.terugvordering.herroeping import boek_herroeping
from dossiers.models import Dossier
from dossiers.services import adressen
from kern import ketens, klok, mails
from kern.geld import euro_tekst
from kern.models import Gebeurtenis
from kern.weg import Sloten, blokkade_van, handeling, voer_uit
from kern.weigering import Weigering, eis
from organisaties.models import Gebruiker

BEVESTIGD = "afschriftregel.bevestig"
Soort = koppel.Soort
Status = Betaling.Status


def _sloten(uitkomst: Afschriftregel, **_: object) -> Sloten:
    betalingen = list(uitkomst.betalingen.values_list("pk", flat=True))
    # A payment that came back stands in no order any more: its bookings say which credits it moves.
    geboekt = Journaalregel.objects.filter(betaling__in=betalingen).values_list("krediet__jaar", flat=True)
    terug = uitkomst.terugvorderingen.values_list("pk", flat=True)
    return sloten_voor(betalingen, {klok.vandaag().year, *geboekt}, terug)


@handeling(
    "afschriftregel.herroep",
    "Verwerking van een regel van een rekeningafschrift herroepen",
    mag=rechten.mag_afschriftregel_behandelen,
    sloten=_sloten,
)
def herroep_afschriftregel(uitkomst: Afschriftregel, *, reden: str, door: Gebruiker) -> Afschriftregel:
    """Take back what a person confirmed by mistake, or a receipt that came with the communication of another claim.

    Each booking gets a counter-entry of today; payments and recoveries are what they were before. The line is matched
    again, and waits for a person. Raises Weigering: reden_ontbreekt, verkeerde_status, niet_bevestigd,
    intussen_verder, latere_interest, jaar_afgesloten, boven_vereffening.
    """
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom deze regel niet hierbij hoort.", "reden")
    blokkade = blokkade_van(uitkomst, "heropen")
    if blokkade is not None:
        raise blokkade
    sleutels = {veld: list(getattr(uitkomst, veld).values_list("pk", flat=True)) for veld in VELDEN}
    rijen = list(neem_boekbaar(sleutels["betalingen"], sleutels["terugvorderingen"]).values())
    bevestigd = ketens.gebeurtenissen_van(uitkomst).filter(handeling=BEVESTIGD).last()
    ketens.vergrendel([uitkomst, *rijen])
    for rij in rijen:
        if isinstance(rij, Terugvordering):
            boek_herroeping(rij, _ontvangst(rij, uitkomst.regel), reden=reden, door=door)
        else:
            _herroep_betaling(rij, uitkomst, bevestigd, reden=reden, door=door)
    _koppel_opnieuw(uitkomst, sleutels, reden=reden.strip(), door=door)
    return uitkomst


VELDEN = {"betalingen": koppel.Post.BETALING, "terugvorderingen": koppel.Post.TERUGVORDERING}


def _ontvangst(rij: Terugvordering, regel: Bankregel) -> Ontvangst:
    return rij.ontvangsten.get(bankregel=regel, herroept=None, herroeping=None)


def _koppel_opnieuw(uitkomst: Afschriftregel, sleutels: dict[str, list[int]], *, reden: str, door: Gebruiker) -> None:
    """Match a line as if it were new; what would need no person now does."""
    regel, rekening = als_regel(uitkomst.regel), uitkomst.regel.afschrift.rekening
    [nu] = koppel.koppel([regel], [*openstaand(rekening), *terug_te_krijgen(rekening, [regel])])
    zeker = is_zeker(nu)
    wordt = nu.soort if zeker else nu.wordt
    voorstel = wordt in VOLGORDE and bool(nu.posten)
    uitkomst.herroepen, uitkomst.soort = True, Soort.VOORSTEL if zeker else nu.soort
    uitkomst.wordt = wordt or ""
    uitkomst.alle = len(nu.posten) > 1 and (zeker or nu.grond == koppel.Grond.BEDRAG)
    uitkomst.uitleg = f"Herroepen op {klok.vandaag():%d/%m/%Y}: {reden} {nu.uitleg}".strip()
    overgang = "heropen" if voorstel else "heropen_zonder_voorstel"
    voer_uit(uitkomst, overgang, door=door, inhoud={"reden": reden, **{v: p for v, p in sleutels.items() if p}})
    for veld, post in VELDEN.items():
        getattr(uitkomst, veld).set(van_soort(nu.posten, post) if voorstel else [])


def _herroep_betaling(
    betaling: Betaling, uitkomst: Afschriftregel, bevestigd: Gebeurtenis | None, *, reden: str, door: Gebruiker
) -> None:
    zin = "Het loket koppelde deze regel zelf, op het kenmerk van de betaling. Dat kan niet herroepen worden."
    if bevestigd is None:
        raise Weigering("niet_bevestigd", zin)
    laatste = ketens.gebeurtenissen_van(betaling).last()
    dossier = Dossier.objects.select_related("ronde__luik").get(pk=betaling.dossier_id)
    if laatste is None or not _van_deze_regel(betaling, uitkomst, bevestigd, laatste):
        zin = f"Met de betaling van dossier {dossier.nummer} is intussen iets gebeurd; dit kan niet herroepen worden."
        raise Weigering("intussen_verder", zin)
    inhoud = {"reden": reden.strip(), "afschriftregel": uitkomst.pk}
    if laatste.naar == Status.UITBETAALD:
        _herroep_uitbetaling(betaling, dossier, inhoud, door)
    else:
        _herroep_terugkeer(betaling, dossier, laatste.van, inhoud, door)


def _van_deze_regel(betaling: Betaling, uitkomst: Afschriftregel, bevestigd: Gebeurtenis, laatste: Gebeurtenis) -> bool:
    """Return whether the last thing that happened to a payment is what this line was confirmed as."""
    andere = Afschriftregel.objects.filter(betalingen=betaling).exclude(pk=uitkomst.pk).values_list("pk", flat=True)
    tussen = Gebeurtenis.objects.filter(
        keten__soort=ketens.keten_soort(uitkomst),
        keten__object_id__in=list(andere),
        handeling=BEVESTIGD,
        pk__range=(bevestigd.pk, laatste.pk),
    )
    return laatste.handeling == BEVESTIGD and laatste.pk > bevestigd.pk and not tussen.exists()


def _herroep_uitbetaling(betaling: Betaling, dossier: Dossier, inhoud: dict[str, object], door: Gebruiker) -> None:
    betaald = grootboek.laatste_uitbetaling(betaling)
    betaling.uitbetaald_op = None
    feit = voer_uit(betaling, "herroep_uitbetaling", door=door, inhoud=inhoud)
    _boek(betaling, dossier, -betaling.bedrag_cent, betaald, feit)
    _meld(
        betaling,
        dossier,
        feit,
        "nog niet uitbetaald",
        "Wij schreven u dat wij dit bedrag betaalden. Dat was een vergissing van ons: de betaling is nog onderweg.",
    )


def _herroep_terugkeer(
    betaling: Betaling, dossier: Dossier, vorige: str, inhoud: dict[str, object], door: Gebruiker
) -> None:
    """Give a payment back the order, account and approvals that it left with, and book it as paid if it was."""
    regel = betaling.opdrachtregels.select_related("opdracht").order_by("pk").last()
    if regel is None:
        raise AssertionError(f"betaling {betaling.pk} stond in geen opdracht")
    betaling.opdracht, betaling.iban = regel.opdracht, regel.iban
    betaling.goedgekeurd_door_id, betaling.tweede_goedgekeurd_door_id = _goedkeurders(betaling)
    betaald = grootboek.laatste_uitbetaling(betaling) if vorige == Status.UITBETAALD else None
    if betaald is None:
        feit = voer_uit(betaling, "herroep_weigering", door=door, inhoud=inhoud)
    else:
        betaling.uitbetaald_op = betaald.feitdatum
        feit = voer_uit(betaling, "herroep_terugstorting", door=door, inhoud=inhoud)
        _boek(betaling, dossier, betaling.bedrag_cent, betaald, feit)
    _meld(
        betaling,
        dossier,
        feit,
        "wel gelukt" if betaald else "onderweg",
        "Wij schreven u dat de bank deze betaling niet kon doen. Dat was een vergissing van ons: "
        + ("het bedrag is betaald." if betaald else "de betaling is onderweg."),
    )


def _goedkeurders(betaling: Betaling) -> tuple[int | None, int | None]:
    """Return who approved a payment last, first and second, by the events."""
    feiten = ketens.gebeurtenissen_van(betaling)
    laatste = feiten.filter(naar=Status.GOEDGEKEURD).last()
    if laatste is None or laatste.van != Status.TWEEDE_CONTROLE:
        return (laatste.door_id if laatste else None), None
    eerste = feiten.filter(naar=Status.TWEEDE_CONTROLE, pk__lt=laatste.pk).last()
    return (eerste.door_id if eerste else None), laatste.door_id


def _boek(betaling: Betaling, dossier: Dossier, cent: int, betaald: Journaalregel, feit: Gebeurtenis) -> None:
    soort, jaar = Journaalregel.Soort.UITBETALING, betaald.krediet.jaar
    grootboek.boek([Boeking(soort, cent, dossier, klok.vandaag(), feit, betaling, begrotingsjaar=jaar)])


def _meld(betaling: Betaling, dossier: Dossier, feit: Gebeurtenis, wat: str, zin: str) -> None:
    mails.zet_mail_klaar(
        f"betaling {betaling.pk} herroepen {feit.pk}",
        aan=adressen(dossier),
        onderwerp=f"Betaling voor dossier {dossier.nummer} {wat}",
        tekst=f"Het gaat over {euro_tekst(betaling.bedrag_cent)} ({betaling.schijf.naam.lower()}).\n\n{zin}",
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
    )
