"""What one may do with calls."""

from django.db.models import QuerySet
from django.urls import reverse

from kern import klok, mails
from kern.models import Gebeurtenis
from kern.weg import handeling, noteer, voer_uit
from kern.weigering import eis
from oproepen import rechten
from oproepen.models import Luik, Oproep, Ronde, Taak
from organisaties.models import Gebruiker

Rol = Taak.Rol
# What somebody with a new task is told about it.
WAT_NU = {
    Rol.BEHANDELAAR: "U volgt de oproep en de dossiers op, van de voorbereiding tot de laatste betaling.",
    Rol.JURYLID: "U krijgt een mail zodra er een dossier is om te beoordelen.",
    Rol.VOORZITTER: "U stelt het advies van de jury vast zodra de scorebladen van een dossier ingediend zijn.",
    Rol.BUDGETHOUDER: "U keurt de oproep en de betalingen goed, en u bewaakt het budget.",
    Rol.BOEKHOUDER: "U verstuurt de betaalopdrachten en meldt wat uitbetaald is.",
    Rol.AUDITOR: "U kunt alles nakijken en niets wijzigen.",
}


@handeling("oproep.kondig_aan", "Oproep aankondigen", mag=rechten.mag_aankondigen)
def kondig_aan(oproep: Oproep, *, door: Gebruiker) -> Oproep:
    """Announce a draft call: everybody sees what its sources say, nobody can apply yet."""
    gebeurtenis = voer_uit(oproep, "kondig_aan", door=door)
    _meld(
        oproep,
        gebeurtenis,
        _taken(oproep, Rol.BEHANDELAAR),
        onderwerp=f"Oproep aangekondigd: {oproep.titel}",
        tekst=(
            f"{door.naam} kondigde de oproep {oproep.titel} aan. Iedereen kan ze nu lezen; aanvragen kan nog niet.\n\n"
            "Is de oproep volledig, leg ze dan ter goedkeuring voor."
        ),
    )
    return oproep


@handeling("oproep.leg_voor", "Oproep ter goedkeuring voorleggen", mag=rechten.mag_voorleggen)
def leg_oproep_voor(oproep: Oproep, *, door: Gebruiker) -> Oproep:
    """Ask for approval of a complete call, drafted or announced."""
    oproep.opgesteld_door = door
    gebeurtenis = voer_uit(oproep, "leg_voor", door=door)
    _meld(
        oproep,
        gebeurtenis,
        _taken(oproep, Rol.BUDGETHOUDER).filter(luik=None),
        onderwerp=f"Een oproep om goed te keuren: {oproep.titel}",
        tekst=(
            f"{door.naam} legt de oproep {oproep.titel} ter goedkeuring voor.\n\n"
            "Kijk de oproep na. Keur ze goed en publiceer ze, of stuur ze terug met een reden."
        ),
    )
    return oproep


@handeling("oproep.publiceer", "Oproep goedkeuren en publiceren", mag=rechten.mag_publiceren)
def publiceer(oproep: Oproep, *, door: Gebruiker) -> Oproep:
    """Approve and publish a call; another person than the one who presented it.

    From here on everything that applicants rely on is frozen. Raises Weigering: zelfde_persoon.
    """
    eis(
        oproep.opgesteld_door_id != door.pk,
        "zelfde_persoon",
        "Een oproep wordt goedgekeurd door een andere persoon dan wie ze voorlegde.",
    )
    oproep.gepubliceerd_op = klok.nu()
    gebeurtenis = voer_uit(oproep, "publiceer", door=door, inhoud=wat_vastligt(oproep))
    _meld(
        oproep,
        gebeurtenis,
        _taken(oproep, Rol.BEHANDELAAR),
        onderwerp=f"Oproep gepubliceerd: {oproep.titel}",
        tekst=(
            f"{door.naam} keurde de oproep {oproep.titel} goed. Ze is nu gepubliceerd.\n\n"
            "Waar aanvragers op rekenen, ligt vast: de vragen, de criteria, de bedragen en de termijnen."
        ),
    )
    return oproep


@handeling("oproep.stuur_terug", "Oproep terugsturen naar de opsteller", mag=rechten.mag_publiceren)
def stuur_oproep_terug(oproep: Oproep, *, reden: str, door: Gebruiker) -> Oproep:
    """Send a presented call back with a reason."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom u de oproep terugstuurt.", "reden")
    gebeurtenis = voer_uit(oproep, "stuur_terug", door=door, inhoud={"reden": reden})
    _meld(
        oproep,
        gebeurtenis,
        _taken(oproep, Rol.BEHANDELAAR).filter(luik=None),
        onderwerp=f"Oproep teruggestuurd: {oproep.titel}",
        tekst=(
            f"{door.naam} stuurde de oproep {oproep.titel} terug.\n\nReden: {reden}\n\n"
            "Pas de oproep aan en leg ze daarna opnieuw voor."
        ),
    )
    return oproep


def _taken(oproep: Oproep, rol: str) -> QuerySet[Taak]:
    return Taak.objects.filter(oproep=oproep, rol=rol, gebruiker__is_active=True)


def _meld(oproep: Oproep, gebeurtenis: Gebeurtenis, taken: QuerySet[Taak], *, onderwerp: str, tekst: str) -> None:
    """Tell the people with these tasks, but for the one who did it."""
    anderen = taken.exclude(gebruiker_id=gebeurtenis.door_id)
    mails.zet_mail_klaar(
        f"oproep {oproep.pk} gebeurtenis {gebeurtenis.nummer}",
        aan=list(anderen.values_list("gebruiker__email", flat=True)),
        onderwerp=onderwerp,
        tekst=tekst,
        pad=reverse("oproep_beheer", args=[oproep.slug]),
        knop="Naar de oproep",
    )


@handeling("ronde.start_beoordeling", "Beoordeling van de ronde starten", mag=rechten.mag_ronde_behandelen)
def start_beoordeling(ronde: Ronde, *, door: Gebruiker) -> Ronde:
    """Open the judging of a closed round."""
    voer_uit(ronde, "start_beoordeling", door=door)
    return ronde


@handeling("oproep.geef_taak", "Taak geven", mag=rechten.mag_taken_geven)
def geef_taak(oproep: Oproep, *, gebruiker: Gebruiker, rol: str, luik: Luik | None = None, door: Gebruiker) -> Taak:
    """Give a person a role for a call or for one of its tracks; giving it again changes nothing but the chain.

    Raises Weigering: onbekende_rol, ander_luik.
    """
    eis(rol in Taak.Rol.values, "onbekende_rol", "Kies een rol uit de lijst.", "rol")
    eis(luik is None or luik.oproep_id == oproep.pk, "ander_luik", "Dit luik hoort niet bij deze oproep.", "luik")
    taak, nieuw = Taak.objects.get_or_create(gebruiker=gebruiker, rol=rol, oproep=oproep, luik=luik)
    noteer(oproep, door=door, inhoud={"gebruiker": gebruiker.pk, "rol": rol, "luik": luik.slug if luik else None})
    if nieuw and gebruiker.is_active and gebruiker.pk != door.pk:
        _meld_taak(taak)
    return taak


def _meld_taak(taak: Taak) -> None:
    oproep, rol = taak.oproep, Rol(taak.rol)
    waarvoor = f"{oproep.titel}, luik {taak.luik.naam}" if taak.luik else oproep.titel
    # A juror has no business with the management of the call.
    personeel = rol in rechten.PERSONEEL
    mails.zet_mail_klaar(
        f"taak {taak.pk}",
        aan=[taak.gebruiker.email],
        onderwerp=f"U hebt een taak in de oproep {oproep.titel}",
        tekst=(
            f"Uw taak: {rol.label.lower()}.\nVoor: {waarvoor}.\n\n{WAT_NU[rol]}\n\n"
            "Klopt dit niet? Laat het dan weten aan de beheerder van het loket."
        ),
        pad=reverse("oproep_beheer", args=[oproep.slug]) if personeel else reverse("mijn_werk"),
        knop="Naar de oproep" if personeel else "Naar Mijn werk",
    )


def wat_vastligt(oproep: Oproep) -> dict[str, object]:
    """Return, in canonical types, what applicants rely on once the call is published."""
    rondes = Ronde.objects.filter(luik__oproep=oproep).select_related("luik").order_by("luik_id", "nummer")
    return {
        "titel": oproep.titel,
        "criteria": [[c.sleutel, c.gewicht, c.max_punten] for c in oproep.criteria.all()],
        "rondes": [
            {
                "luik": ronde.luik.slug,
                "nummer": ronde.nummer,
                "opent_op": ronde.opent_op,
                "sluit_op": ronde.sluit_op,
                "selectie": ronde.selectie,
                "minimumscore": ronde.minimumscore,
                "reservelijst": ronde.reservelijst,
                "max_per_jaar_cent": ronde.luik.max_per_jaar_cent,
            }
            for ronde in rondes
        ],
    }
