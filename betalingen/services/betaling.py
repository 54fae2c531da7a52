"""Payments: instalments of an award, checked by a second person, sent in an order, paid."""

from collections.abc import Iterable
from datetime import date

from django.db.models import prefetch_related_objects
from django.urls import reverse

from betalingen import grootboek, rechten
from betalingen.grootboek import Boeking
from betalingen.models import Betaalopdracht, Betaling, Buitenfeit, Journaalregel, Opdrachtregel
from betalingen.services import verzending
from betalingen.services.boekwijze import boekt_extern
from betalingen.services.buitenfeit import bewaar_betalingsfeit
from betalingen.services.geldsloten import sloten_voor
from dossiers.models import Dossier, Verslag
from dossiers.rechten import is_aanvrager, mag_beoordelen
from dossiers.services import adressen
from kern import ketens, klok, mails, sloten
from kern.geld import euro_tekst
from kern.weg import Sloten, handeling, noteer, voer_uit
from kern.weigering import eis
from oproepen.models import Betaalschijf, Oproep, Taak
from oproepen.queries import adressen_met_taak
from organisaties.models import Gebruiker
from organisaties.nummers import iban_leesbaar

Soort = Journaalregel.Soort


def plan_betalingen(dossier: Dossier) -> list[Betaling]:
    """Make the instalments of an award, inside the act that awards; together exactly the award, to the cent."""
    return Betaling.objects.bulk_create(
        Betaling(dossier=dossier, schijf=schijf, bedrag_cent=cent, iban=dossier.iban)
        for schijf, cent in Betaalschijf.verdeel(dossier.ronde.luik_id, dossier.toegekend_cent or 0)
    )


@handeling("betaling.stel_op", "Betaling opstellen", mag=rechten.mag_opstellen)
def stel_betaling_op(betaling: Betaling, *, door: Gebruiker) -> Betaling:
    """Put an instalment forward for the check by a second person."""
    betaling.opgesteld_door = door
    inhoud = {"bedrag_cent": betaling.bedrag_cent, "iban": betaling.iban}
    voer_uit(betaling, "stel_op", door=door, inhoud=inhoud)
    vraag_controle(betaling)
    return betaling


def vraag_controle(betaling: Betaling) -> None:
    """Ask the budget holders to look at what waits for the check."""
    # One mail a day for a call: fifty payments that are drafted in an afternoon are one question.
    luik = betaling.dossier.ronde.luik
    mails.zet_mail_klaar(
        f"betalingen te controleren {luik.oproep_id} {klok.vandaag()}",
        aan=adressen_met_taak(luik, Taak.Rol.BUDGETHOUDER),
        onderwerp=f"Betalingen om te controleren: {luik.oproep.titel}",
        tekst=(
            f"Er liggen betalingen van {luik.oproep.titel} klaar om te controleren. Kijk ze na en keur ze goed, of "
            "stuur ze terug met een reden.\n\nKomen er vandaag nog bij, dan krijgt u daarover geen nieuwe mail."
        ),
        pad=reverse("betalingen"),
        knop="Naar de betalingen",
    )


@handeling("betaling.keur_goed", "Betaling goedkeuren", mag=rechten.mag_goedkeuren)
def keur_betaling_goed(betaling: Betaling, *, door: Gebruiker) -> Betaling:
    """Approve an instalment; from the threshold of its call on it takes two, and nobody approves own work.

    Raises Weigering: zelfde_persoon.
    """
    _eis_andere_persoon(betaling, door)
    inhoud = {"bedrag_cent": betaling.bedrag_cent, "iban": betaling.iban}
    if betaling.vraagt_tweede and betaling.status == Betaling.Status.TE_CONTROLEREN:
        betaling.goedgekeurd_door, betaling.tweede_goedgekeurd_door = door, None
        voer_uit(betaling, "keur_eerst_goed", door=door, inhoud=inhoud)
        _vraag_tweede(betaling, door)
        return betaling
    if betaling.status == Betaling.Status.TWEEDE_CONTROLE:
        zin = "De tweede goedkeuring komt van een andere persoon dan de eerste."
        eis(betaling.goedgekeurd_door_id != door.pk, "zelfde_persoon", zin)
        betaling.tweede_goedgekeurd_door = door
    else:
        betaling.goedgekeurd_door, betaling.tweede_goedgekeurd_door = door, None
    voer_uit(betaling, "keur_goed", door=door, inhoud=inhoud)
    _vraag_verzending(betaling)
    return betaling


def _vraag_tweede(betaling: Betaling, eerste: Gebruiker) -> None:
    luik = betaling.dossier.ronde.luik
    mails.zet_mail_klaar(
        f"betalingen tweede goedkeuring {luik.oproep_id} {klok.vandaag()}",
        aan=[adres for adres in adressen_met_taak(luik, Taak.Rol.BUDGETHOUDER) if adres != eerste.email],
        onderwerp=f"Betalingen om als tweede goed te keuren: {luik.oproep.titel}",
        tekst=(
            f"{eerste.naam} keurde betalingen van {luik.oproep.titel} goed. Vanaf dit bedrag keurt ook een tweede "
            "persoon ze goed. Kijk ze na en keur ze goed, of stuur ze terug met een reden.\n\n"
            "Komen er vandaag nog bij, dan krijgt u daarover geen nieuwe mail."
        ),
        pad=f"{reverse('betalingen')}?status={Betaling.Status.TWEEDE_CONTROLE}",
        knop="Naar de betalingen",
    )


def _vraag_verzending(betaling: Betaling) -> None:
    """Ask the accountants to send what was approved."""
    luik = betaling.dossier.ronde.luik
    mails.zet_mail_klaar(
        f"betalingen te versturen {luik.oproep_id} {klok.vandaag()}",
        aan=adressen_met_taak(luik, Taak.Rol.BOEKHOUDER),
        onderwerp=f"Betalingen om te versturen: {luik.oproep.titel}",
        tekst=(
            f"Er zijn betalingen van {luik.oproep.titel} goedgekeurd. Neem ze op in een betaalopdracht en verstuur "
            "die.\n\nKomen er vandaag nog bij, dan krijgt u daarover geen nieuwe mail."
        ),
        pad=reverse("betalingen"),
        knop="Naar de betalingen",
    )


@handeling("betaling.stuur_terug", "Betaling terugsturen", mag=rechten.mag_goedkeuren)
def stuur_betaling_terug(betaling: Betaling, *, reden: str, door: Gebruiker) -> Betaling:
    """Send an instalment back to the drafter with a reason. Raises Weigering: reden_ontbreekt, zelfde_persoon."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom u de betaling terugstuurt.", "reden")
    _eis_andere_persoon(betaling, door)
    betaling.goedgekeurd_door = betaling.tweede_goedgekeurd_door = None
    gebeurtenis = voer_uit(betaling, "stuur_terug", door=door, inhoud={"reden": reden})
    dossier = betaling.dossier
    mails.zet_mail_klaar(
        f"betaling {betaling.pk} gebeurtenis {gebeurtenis.nummer}",
        aan=adressen_met_taak(dossier.ronde.luik, Taak.Rol.BEHANDELAAR),
        onderwerp=f"Betaling teruggestuurd: dossier {dossier.nummer}",
        tekst=(
            f"{door.naam} stuurde de betaling van {euro_tekst(betaling.bedrag_cent)} voor dossier {dossier.nummer} "
            f"terug ({betaling.schijf.naam.lower()}).\n\nReden: {reden}\n\n"
            "Pas aan wat nodig is en stel de betaling opnieuw op."
        ),
        pad=reverse("betaling", args=[betaling.pk]),
        knop="Naar de betaling",
    )
    return betaling


def _eis_andere_persoon(betaling: Betaling, door: Gebruiker) -> None:
    reden = betaling.reden_eigen_werk(door)
    eis(reden is None, "zelfde_persoon", reden or "")


@handeling("betaalopdracht.verstuur", "Betaalopdracht versturen", mag=rechten.mag_versturen)
def verstuur_betalingen(oproep: Oproep, *, betalingen: Iterable[int], door: Gebruiker) -> Betaalopdracht:
    """Send approved payments of a call in one order, and charge them to the payment credit of this year.

    A payment that came back was charged when it left first, and is not charged again. Where an outside system keeps
    the books of the granter nothing is charged here: it reports the charge.

    betalingen: keys. Raises Weigering: niets_gekozen, andere_oproep, verkeerde_status, boven_betaalkrediet,
    boven_vastlegging, iban_ongeldig, iban_buiten_sepa, belemmerd, betaling_dubbel, eigen_organisatie; then nothing of
    the order is sent.
    """
    sleutels = sorted(set(betalingen))
    eis(sleutels, "niets_gekozen", "Kies minstens één betaling.", "betalingen")
    jaar = klok.vandaag().year
    vooraf = Betaling.objects.filter(pk__in=sleutels, dossier__ronde__luik__oproep=oproep)
    dossiers = {b.dossier_id: b.dossier for b in vooraf.select_related("dossier__ronde__luik", "dossier__organisatie")}
    eis(vooraf.count() == len(sleutels), "andere_oproep", "Een gekozen betaling hoort niet bij deze oproep.")
    _eis_van_anderen(dossiers.values(), door)
    nieuw = vooraf.filter(opdrachtregels=None).values_list("dossier_id", flat=True)
    grootboek.vergrendel_standen(grootboek.onderwerpen((dossiers[pk], jaar) for pk in nieuw))
    opdracht = _maak_opdracht(oproep, vooraf, door)
    rijen = sloten.neem(Betaling, sleutels)
    prefetch_related_objects(rijen, "dossier__organisatie__belemmeringen")
    verzending.eis_verstuurbaar(rijen)
    ketens.vergrendel([opdracht, *rijen])
    noteer(
        opdracht,
        door=door,
        naar=opdracht.status,
        inhoud={"nummer": opdracht.nummer, "totaal_cent": opdracht.totaal_cent, "betalingen": sleutels},
    )
    aangerekend = set(Opdrachtregel.objects.filter(betaling__in=sleutels).values_list("betaling_id", flat=True))
    boekingen, regels = [], []
    for betaling in rijen:
        betaling.opdracht = opdracht
        gebeurtenis = voer_uit(betaling, "verstuur", door=door, inhoud={"opdracht": opdracht.nummer})
        dossier = dossiers[betaling.dossier_id]
        regels.append(_regel(opdracht, betaling, dossier))
        if betaling.pk not in aangerekend and not opdracht.extern:
            boekingen.append(
                Boeking(Soort.VEREFFENING, betaling.bedrag_cent, dossier, klok.vandaag(), gebeurtenis, betaling)
            )
    grootboek.boek(boekingen)
    Opdrachtregel.objects.bulk_create(regels)
    return opdracht


def _eis_van_anderen(dossiers: Iterable[Dossier], door: Gebruiker) -> None:
    eigen = sorted(str(dossier.nummer) for dossier in dossiers if is_aanvrager(door, dossier))
    zin = f"U hoort bij de begunstigde van {', '.join(eigen)}. Een andere persoon verstuurt die betalingen."
    eis(not eigen, "eigen_organisatie", zin, "betalingen")


def _regel(opdracht: Betaalopdracht, betaling: Betaling, dossier: Dossier) -> Opdrachtregel:
    naam = dossier.organisatie.naam
    return Opdrachtregel(
        opdracht=opdracht, betaling=betaling, naam=naam, iban=betaling.iban, bedrag_cent=betaling.bedrag_cent
    )


def _maak_opdracht(oproep: Oproep, betalingen: Iterable[Betaling], door: Gebruiker) -> Betaalopdracht:
    bedragen = [betaling.bedrag_cent for betaling in betalingen]
    opdracht = Betaalopdracht.objects.create(
        oproep=oproep,
        aantal=len(bedragen),
        totaal_cent=sum(bedragen),
        extern=boekt_extern(oproep.verstrekker),
        verstuurd_door=door,
        verstuurd_op=klok.nu(),
    )
    opdracht.nummer = f"BO-{klok.vandaag().year}-{opdracht.pk:05d}"
    opdracht.save(update_fields=["nummer"])
    return opdracht


def _sloten_van(betaling: Betaling, *, datum: date) -> Sloten:
    return sloten_voor([betaling.pk], [datum.year])


@handeling(
    "betaling.meld_uitbetaald",
    "Betaling als uitbetaald melden",
    mag=rechten.mag_uitbetaald_melden,
    sloten=_sloten_van,
)
def meld_uitbetaald(betaling: Betaling, *, datum: date, door: Gebruiker) -> Betaling:
    """Record the day on which a sent payment left the bank.

    It uses no credit: it stands on that of its charge, also when that is of an earlier year.
    Raises Weigering: datum_onmogelijk, niet_vereffend, jaar_afgesloten.
    """
    betaald = boek_uitbetaald(betaling, datum=datum, door=door)
    bewaar_betalingsfeit(betaald, Buitenfeit.Soort.BETALING, datum, door)
    return betaald


def boek_uitbetaald(betaling: Betaling, *, datum: date, door: Gebruiker) -> Betaling:
    """Book a sent payment as paid, inside an act that holds its locks."""
    eis_betaaldatum(betaling, datum)
    betaling.uitbetaald_op = datum
    gebeurtenis = voer_uit(betaling, "betaal_uit", door=door, inhoud={"datum": datum})
    dossier = Dossier.objects.select_related("ronde__luik").get(pk=betaling.dossier_id)
    jaar = grootboek.jaar_van_vereffening(betaling)
    weg = Boeking(Soort.UITBETALING, betaling.bedrag_cent, dossier, datum, gebeurtenis, betaling, begrotingsjaar=jaar)
    grootboek.boek([weg])
    mails.zet_mail_klaar(
        f"betaling {betaling.pk} uitbetaald {gebeurtenis.pk}",
        aan=adressen(dossier),
        onderwerp=f"Betaling voor dossier {dossier.nummer}",
        tekst=(
            f"Wij betaalden {euro_tekst(betaling.bedrag_cent)} op rekening {iban_leesbaar(betaling.iban)} "
            f"({betaling.schijf.naam.lower()})."
        ),
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
    )
    return betaling


def eis_betaaldatum(betaling: Betaling, datum: date) -> None:
    """Raise Weigering(datum_onmogelijk) unless a payment can have left the bank on this day."""
    eis(datum <= klok.vandaag(), "datum_onmogelijk", "De betaaldatum ligt in de toekomst.", "datum")
    if betaling.opdracht is not None:
        verstuurd = betaling.opdracht.verstuurd_op.astimezone(klok.BRUSSEL).date()
        eis(datum >= verstuurd, "datum_onmogelijk", "De betaaldatum ligt vóór de betaalopdracht.", "datum")


@handeling("dossier.rond_af", "Dossier afronden", mag=mag_beoordelen)
def rond_dossier_af(dossier: Dossier, *, door: Gebruiker) -> Dossier:
    """Close a project of which every report is approved and every instalment paid. Raises: nog_niet_klaar."""
    open_verslag = dossier.verslagen.exclude(status=Verslag.Status.GOEDGEKEURD).exists()
    eis(not open_verslag, "nog_niet_klaar", "Nog niet alle verslagen zijn goedgekeurd.")
    open_betaling = dossier.betalingen.exclude(status__in=Betaling.AFGEHANDELD).exists()
    eis(not open_betaling, "nog_niet_klaar", "Nog niet alle schijven zijn uitbetaald.")
    voer_uit(dossier, "rond_af", door=door)
    mails.zet_mail_klaar(
        f"dossier {dossier.pk} afgerond",
        aan=adressen(dossier),
        onderwerp=f"Uw project in dossier {dossier.nummer} is afgerond",
        tekst=(
            f"Alle verslagen van dossier {dossier.nummer} zijn goedgekeurd en alle schijven zijn uitbetaald. Het "
            "project is afgerond.\n\nU moet niets meer doen."
        ),
        pad=reverse("dossier", args=[dossier.nummer]),
        knop="Naar uw dossier",
    )
    return dossier
