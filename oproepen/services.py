"""What one may do with calls."""

from kern import klok
from kern.weg import handeling, noteer, voer_uit
from kern.weigering import eis
from oproepen import rechten
from oproepen.models import Luik, Oproep, Ronde, Taak
from organisaties.models import Gebruiker


@handeling("oproep.kondig_aan", "Oproep aankondigen", mag=rechten.mag_aankondigen)
def kondig_aan(oproep: Oproep, *, door: Gebruiker) -> Oproep:
    """Announce a draft call: everybody sees what its sources say, nobody can apply yet."""
    voer_uit(oproep, "kondig_aan", door=door)
    return oproep


@handeling("oproep.leg_voor", "Oproep ter goedkeuring voorleggen", mag=rechten.mag_voorleggen)
def leg_oproep_voor(oproep: Oproep, *, door: Gebruiker) -> Oproep:
    """Ask for approval of a complete call, drafted or announced."""
    oproep.opgesteld_door = door
    voer_uit(oproep, "leg_voor", door=door)
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
    voer_uit(oproep, "publiceer", door=door, inhoud=wat_vastligt(oproep))
    return oproep


@handeling("oproep.stuur_terug", "Oproep terugsturen naar de opsteller", mag=rechten.mag_publiceren)
def stuur_oproep_terug(oproep: Oproep, *, reden: str, door: Gebruiker) -> Oproep:
    """Send a presented call back with a reason."""
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom u de oproep terugstuurt.", "reden")
    voer_uit(oproep, "stuur_terug", door=door, inhoud={"reden": reden})
    return oproep


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
    taak, _ = Taak.objects.get_or_create(gebruiker=gebruiker, rol=rol, oproep=oproep, luik=luik)
    noteer(oproep, door=door, inhoud={"gebruiker": gebruiker.pk, "rol": rol, "luik": luik.slug if luik else None})
    return taak


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
                "max_per_jaar_cent": ronde.luik.max_per_jaar_cent,
            }
            for ronde in rondes
        ],
    }
