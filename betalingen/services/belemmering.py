"""What blocks payments: register it, and lift it as another person."""

from datetime import date

from django.urls import reverse

from betalingen import rechten
from betalingen.models import Betaalbelemmering, Betaling
from dossiers.models import Dossier
from kern import klok, mails
from kern.models import Bestand
from kern.weg import Sloten, handeling, noteer, voer_uit
from kern.weigering import eis
from oproepen.models import Luik, Taak
from oproepen.queries import adressen_met_taak
from organisaties.models import Gebruiker

Soort = Betaalbelemmering.Soort


def _betalingen(dossier: Dossier, *, hele_organisatie: bool, **_: object) -> Sloten:
    # Who is sending one of these payments now is waited for: it left before the obstacle, or it does not leave.
    van = {"dossier__organisatie": dossier.organisatie_id} if hele_organisatie else {"dossier": dossier.pk}
    return {Betaling: list(Betaling.objects.filter(**van).values_list("pk", flat=True))}


@handeling(
    "belemmering.registreer",
    "Belemmering van betalingen registreren",
    mag=rechten.mag_belemmering_registreren,
    sloten=_betalingen,
)
def registreer_belemmering(
    dossier: Dossier,
    *,
    hele_organisatie: bool,
    soort: str,
    sinds: date,
    kenmerk: str,
    document: Bestand,
    bedrag_cent: int | None = None,
    nota: str = "",
    door: Gebruiker,
) -> Betaalbelemmering:
    """Block the payments of a dossier, or of all dossiers of its organisation, until it is lifted.

    Raises Weigering: soort_ontbreekt, datum_onmogelijk, kenmerk_ontbreekt, bedrag_ongeldig.
    """
    eis(soort in Soort.values, "soort_ontbreekt", "Kies wat de betaling belemmert.", "soort")
    eis(sinds <= klok.vandaag(), "datum_onmogelijk", "De datum ligt in de toekomst.", "sinds")
    eis(kenmerk.strip(), "kenmerk_ontbreekt", "Schrijf de referentie van het stuk.", "kenmerk")
    zin = "Vul een bedrag in dat groter is dan nul, of laat het leeg."
    eis(bedrag_cent is None or bedrag_cent > 0, "bedrag_ongeldig", zin, "bedrag")
    rij = Betaalbelemmering.objects.create(
        organisatie=dossier.organisatie,
        dossier=None if hele_organisatie else dossier,
        soort=soort,
        sinds=sinds,
        kenmerk=kenmerk.strip(),
        document=document,
        bedrag_cent=bedrag_cent,
        nota=nota.strip(),
        geregistreerd_door=door,
        geregistreerd_op=klok.nu(),
    )
    inhoud = {
        "dossier": dossier.nummer,
        "hele_organisatie": hele_organisatie,
        "soort": soort,
        "sinds": sinds,
        "kenmerk": rij.kenmerk,
        "document": document.sha256,
        "bedrag_cent": bedrag_cent,
        "nota": rij.nota,
    }
    noteer(rij, door=door, naar=rij.status, inhoud=inhoud)
    _meld(rij, f"{door.naam} registreerde een belemmering. Zolang ze er is, vertrekt er geen betaling.", door)
    return rij


@handeling("belemmering.hef_op", "Belemmering van betalingen opheffen", mag=rechten.mag_belemmering_opheffen)
def hef_belemmering_op(belemmering: Betaalbelemmering, *, reden: str, door: Gebruiker) -> Betaalbelemmering:
    """Let the payments go again. Raises Weigering: reden_ontbreekt, zelfde_persoon."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom de belemmering wegvalt.", "reden")
    zin = "U registreerde deze belemmering zelf; een andere persoon heft ze op."
    eis(belemmering.geregistreerd_door_id != door.pk, "zelfde_persoon", zin)
    belemmering.opgeheven_door, belemmering.opgeheven_op = door, klok.nu()
    belemmering.opheffing_reden = reden.strip()
    voer_uit(belemmering, "hef_op", door=door, inhoud={"reden": reden.strip()})
    _meld(belemmering, f"{door.naam} hief een belemmering op. Reden: {reden.strip()}", door)
    return belemmering


def _meld(rij: Betaalbelemmering, wat: str, door: Gebruiker) -> None:
    """Tell the handlers and accountants of every track on which it rests."""
    luiken = Luik.objects.filter(rondes__dossiers__in=rij.dossiers()).distinct()
    rollen = (Taak.Rol.BEHANDELAAR, Taak.Rol.BOEKHOUDER)
    aan = {adres for luik in luiken for adres in adressen_met_taak(luik, *rollen)} - {door.email}
    waarop = f"dossier {rij.dossier.nummer}" if rij.dossier else "alle dossiers"
    mails.zet_mail_klaar(
        f"belemmering {rij.pk} {rij.status}",
        aan=sorted(aan),
        onderwerp=f"Belemmering op betalingen aan {rij.organisatie.naam}",
        tekst=f"{wat}\n\n{rij}, op {waarop} van {rij.organisatie.naam}.",
        pad=reverse("belemmering", args=[rij.pk]),
        knop="Naar de belemmering",
    )
