"""Who may do what with calls and rounds. Staff and jurors work through an assignment (Taak)."""

from django.db.models import Q, QuerySet

from kern.geheugen import eenmaal
from oproepen.models import Luik, Oproep, Ronde, Taak
from organisaties.models import Gebruiker
from organisaties.rechten import is_beheerder

Rol = Taak.Rol
PERSONEEL = (Rol.BEHANDELAAR, Rol.BUDGETHOUDER, Rol.BOEKHOUDER, Rol.AUDITOR)


def heeft_taak(gebruiker: Gebruiker, luik: Luik, *rollen: str) -> bool:
    """Return whether a person has one of these roles for a track: assigned to it or to its whole call."""
    plaatsen = {(luik.oproep_id, None), (luik.oproep_id, luik.pk)}
    return any(taak.rol in rollen and (taak.oproep_id, taak.luik_id) in plaatsen for taak in taken_van(gebruiker))


def taken_van(gebruiker: Gebruiker) -> list[Taak]:
    """Return a person's assignments: a handful. A page reads them once."""
    return eenmaal(("taken", gebruiker.pk), lambda: list(Taak.objects.filter(gebruiker_id=gebruiker.pk)))


def is_personeel(gebruiker: Gebruiker) -> bool:
    """Return whether a person has a task as staff in any call."""
    return any(taak.rol in PERSONEEL for taak in taken_van(gebruiker))


def luiken_met_taak(gebruiker: Gebruiker, *rollen: str) -> QuerySet[Luik]:
    """Return the tracks for which a person has one of these roles."""
    taken = Taak.objects.filter(gebruiker_id=gebruiker.pk, rol__in=rollen)
    return Luik.objects.filter(
        Q(pk__in=taken.filter(luik__isnull=False).values("luik_id"))
        | Q(oproep_id__in=taken.filter(luik=None).values("oproep_id"))
    )


def heeft_taak_oproep(gebruiker: Gebruiker, oproep: Oproep, *rollen: str) -> bool:
    """Return whether a person has one of these roles for a whole call."""
    return any(
        taak.rol in rollen and (taak.oproep_id, taak.luik_id) == (oproep.pk, None) for taak in taken_van(gebruiker)
    )


def mag_voorleggen(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person may ask for approval of a call."""
    return heeft_taak_oproep(gebruiker, oproep, Rol.BEHANDELAAR)


def mag_aankondigen(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person may announce a call: its handler or an administrator."""
    return heeft_taak_oproep(gebruiker, oproep, Rol.BEHANDELAAR) or is_beheerder(gebruiker)


def mag_publiceren(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person may approve and publish a call."""
    return heeft_taak_oproep(gebruiker, oproep, Rol.BUDGETHOUDER)


def mag_oproep_beheren(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person sees the management page of a call: its staff and administrators."""
    return is_beheerder(gebruiker) or any(
        taak.rol in PERSONEEL and taak.oproep_id == oproep.pk for taak in taken_van(gebruiker)
    )


def beheerbaar_voor(qs: QuerySet[Oproep], gebruiker: Gebruiker) -> QuerySet[Oproep]:
    """Return the calls whose management page a person sees; equal to `mag_oproep_beheren`."""
    if is_beheerder(gebruiker):
        return qs
    return qs.filter(pk__in=Taak.objects.filter(gebruiker_id=gebruiker.pk, rol__in=PERSONEEL).values("oproep_id"))


def openbaar(qs: QuerySet[Oproep]) -> QuerySet[Oproep]:
    """Return the calls that everybody sees."""
    return qs.filter(status__in=[Oproep.Status.AANGEKONDIGD, Oproep.Status.GEPUBLICEERD, Oproep.Status.AFGESLOTEN])


def volgt_luik(gebruiker: Gebruiker, luik: Luik) -> bool:
    """Return whether a person sees the management pages of the rounds of a track."""
    return heeft_taak(gebruiker, luik, *PERSONEEL, Rol.VOORZITTER)


def mag_ronde_zien(gebruiker: Gebruiker, ronde: Ronde) -> bool:
    """Return whether a person sees the management page of a round."""
    return volgt_luik(gebruiker, ronde.luik)


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
