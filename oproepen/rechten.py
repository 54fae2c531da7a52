"""Who may do what with calls and rounds. Staff and jurors work through an assignment (Taak)."""

from django.db.models import Q, QuerySet

from oproepen.models import Luik, Oproep, Ronde, Taak
from organisaties.models import Gebruiker
from organisaties.rechten import is_beheerder

Rol = Taak.Rol
PERSONEEL = (Rol.BEHANDELAAR, Rol.BUDGETHOUDER, Rol.BOEKHOUDER, Rol.AUDITOR)


def heeft_taak(gebruiker: Gebruiker, luik: Luik, *rollen: str) -> bool:
    """Return whether a person has one of these roles for a track: assigned to it or to its whole call."""
    return taken_voor_luik(gebruiker, luik).filter(rol__in=rollen).exists()


def taken_voor_luik(gebruiker: Gebruiker, luik: Luik) -> QuerySet[Taak]:
    """Return a person's assignments that cover a track."""
    return Taak.objects.filter(Q(luik=None) | Q(luik_id=luik.pk), gebruiker_id=gebruiker.pk, oproep_id=luik.oproep_id)


def luiken_met_taak(gebruiker: Gebruiker, *rollen: str) -> QuerySet[Luik]:
    """Return the tracks for which a person has one of these roles."""
    taken = Taak.objects.filter(gebruiker_id=gebruiker.pk, rol__in=rollen)
    return Luik.objects.filter(
        Q(pk__in=taken.filter(luik__isnull=False).values("luik_id"))
        | Q(oproep_id__in=taken.filter(luik=None).values("oproep_id"))
    )


def heeft_taak_oproep(gebruiker: Gebruiker, oproep: Oproep, *rollen: str) -> bool:
    """Return whether a person has one of these roles for a whole call."""
    return Taak.objects.filter(gebruiker_id=gebruiker.pk, oproep_id=oproep.pk, luik=None, rol__in=rollen).exists()


def mag_voorleggen(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person may ask for approval of a call."""
    return heeft_taak_oproep(gebruiker, oproep, Rol.BEHANDELAAR)


def mag_publiceren(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person may approve and publish a call."""
    return heeft_taak_oproep(gebruiker, oproep, Rol.BUDGETHOUDER)


def mag_oproep_beheren(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person sees the management page of a call."""
    return Taak.objects.filter(gebruiker_id=gebruiker.pk, oproep_id=oproep.pk, rol__in=PERSONEEL).exists()


def beheerbaar_voor(qs: QuerySet[Oproep], gebruiker: Gebruiker) -> QuerySet[Oproep]:
    """Return the calls whose management page a person sees; equal to `mag_oproep_beheren`."""
    return qs.filter(pk__in=Taak.objects.filter(gebruiker_id=gebruiker.pk, rol__in=PERSONEEL).values("oproep_id"))


def openbaar(qs: QuerySet[Oproep]) -> QuerySet[Oproep]:
    """Return the calls that everybody sees."""
    return qs.filter(status__in=[Oproep.Status.GEPUBLICEERD, Oproep.Status.AFGESLOTEN])


def mag_ronde_zien(gebruiker: Gebruiker, ronde: Ronde) -> bool:
    """Return whether a person sees the management page of a round."""
    return heeft_taak(gebruiker, ronde.luik, *PERSONEEL, Rol.VOORZITTER)


def rondes_zichtbaar_voor(qs: QuerySet[Ronde], gebruiker: Gebruiker) -> QuerySet[Ronde]:
    """Return the rounds whose management page a person sees; equal to `mag_ronde_zien`."""
    return qs.filter(luik__in=luiken_met_taak(gebruiker, *PERSONEEL, Rol.VOORZITTER))


def mag_ronde_behandelen(gebruiker: Gebruiker, ronde: Ronde) -> bool:
    """Return whether a person may run a round: close it, start the judging."""
    return heeft_taak(gebruiker, ronde.luik, Rol.BEHANDELAAR)


def mag_opmaken(gebruiker: Gebruiker, wie: Gebruiker) -> bool:
    """Return whether a person may draft a call from a data file: an administrator, or the system itself."""
    return gebruiker.pk == wie.pk and is_beheerder(gebruiker)


def mag_taken_geven(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person may give out assignments for a call."""
    return is_beheerder(gebruiker)
