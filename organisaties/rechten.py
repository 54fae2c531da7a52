"""Who may do what with organisations."""

from django.db.models import QuerySet

from organisaties.models import SYSTEEM, Gebruiker, Lidmaatschap, Organisatie


def is_lid(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person belongs to an organisation."""
    return Lidmaatschap.objects.filter(gebruiker_id=gebruiker.pk, organisatie_id=organisatie.pk).exists()


def mag_leden_beheren(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person may add members: a tekenbevoegde of the organisation."""
    return Lidmaatschap.objects.filter(
        gebruiker_id=gebruiker.pk, organisatie_id=organisatie.pk, rol=Lidmaatschap.Rol.TEKENBEVOEGDE
    ).exists()


def zichtbaar_voor(qs: QuerySet[Organisatie], gebruiker: Gebruiker) -> QuerySet[Organisatie]:
    """Return the organisations of which a person sees the own page: those she belongs to."""
    return qs.filter(lidmaatschappen__gebruiker_id=gebruiker.pk)


def mag_zien(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person may see the page of an organisation; equal to `zichtbaar_voor`."""
    return is_lid(gebruiker, organisatie)


def mag_registreren(gebruiker: Gebruiker, wie: Gebruiker) -> bool:
    """Return whether a person may register an organisation: anyone who signed in, for herself."""
    return gebruiker.is_active and gebruiker.pk == wie.pk


def is_beheerder(gebruiker: Gebruiker) -> bool:
    """Return whether a person administers the system; the system's own account does."""
    return gebruiker.is_staff or gebruiker.email == SYSTEEM


def mag_tekenbevoegde_aanwijzen(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person may give an organisation its first tekenbevoegde: an administrator."""
    return is_beheerder(gebruiker)
