"""Who may do what with organisations."""

from django.db.models import Q, QuerySet

from kern.geheugen import eenmaal
from organisaties.models import SYSTEEM, Gebruiker, Lidmaatschap, Organisatie

# An organisation and its successors, three deep: mergers are rare, and a query needs an end.
_MET_OPVOLGERS = ("pk", "opvolger_id", "opvolger__opvolger_id", "opvolger__opvolger__opvolger_id")


def organisaties_van(gebruiker: Gebruiker) -> QuerySet[Organisatie]:
    """Return the organisations a person belongs to: as a member, or as a member of a successor."""
    eigen = Lidmaatschap.objects.filter(gebruiker_id=gebruiker.pk).values("organisatie_id")
    zoek = Q()
    for pad in _MET_OPVOLGERS:
        zoek |= Q(**{f"{pad}__in": eigen})
    return Organisatie.objects.filter(zoek)


def is_lid(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person belongs to an organisation; equal to `organisaties_van`."""
    return any(eigen.pk == organisatie.pk for eigen in eigen_organisaties(gebruiker))


def eigen_organisaties(gebruiker: Gebruiker) -> list[Organisatie]:
    """Return `organisaties_van` as a list: a handful. A page reads it once."""
    return eenmaal(("organisaties", gebruiker.pk), lambda: list(organisaties_van(gebruiker)))


def leden_van(organisatie_id: int) -> QuerySet[Gebruiker]:
    """Return the people who belong to an organisation; equal to `is_lid`."""
    return Gebruiker.objects.filter(pk__in=_lidmaatschappen(organisatie_id).values("gebruiker_id"))


def is_tekenbevoegde(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person may bind an organisation: a tekenbevoegde of it or of its successor."""
    eigen = _lidmaatschappen(organisatie.pk).filter(gebruiker_id=gebruiker.pk)
    return eigen.filter(rol=Lidmaatschap.Rol.TEKENBEVOEGDE).exists()


def _lidmaatschappen(organisatie_id: int) -> QuerySet[Lidmaatschap]:
    keten = Organisatie.objects.filter(pk=organisatie_id).values_list(*_MET_OPVOLGERS).first() or ()
    return Lidmaatschap.objects.filter(organisatie_id__in=[pk for pk in keten if pk is not None])


def mag_leden_beheren(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person may add members: a tekenbevoegde of the organisation."""
    return Lidmaatschap.objects.filter(
        gebruiker_id=gebruiker.pk, organisatie_id=organisatie.pk, rol=Lidmaatschap.Rol.TEKENBEVOEGDE
    ).exists()


def zichtbaar_voor(qs: QuerySet[Organisatie], gebruiker: Gebruiker) -> QuerySet[Organisatie]:
    """Return the organisations of which a person sees the own page: those she belongs to."""
    return qs.filter(pk__in=organisaties_van(gebruiker).values("pk"))


def mag_zien(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person may see the page of an organisation; equal to `zichtbaar_voor`."""
    return is_lid(gebruiker, organisatie)


def mag_registreren(gebruiker: Gebruiker, wie: Gebruiker) -> bool:
    """Return whether a person may register an organisation: anyone who signed in, for herself."""
    return gebruiker.is_active and gebruiker.pk == wie.pk


def is_beheerder(gebruiker: Gebruiker) -> bool:
    """Return whether a person administers the system; the system's own account does."""
    return gebruiker.is_staff or is_systeem(gebruiker)


def is_systeem(gebruiker: Gebruiker) -> bool:
    """Return whether this is the system's own account: nightly tasks, and commands on the machine itself."""
    return getattr(gebruiker, "email", "") == SYSTEEM  # nobody signed in: no address


def mag_laden(gebruiker: Gebruiker, wie: Gebruiker) -> bool:
    """Return whether a person may load the municipalities: an administrator, or the system itself."""
    return gebruiker.pk == wie.pk and is_beheerder(gebruiker)


def mag_tekenbevoegde_aanwijzen(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person may give an organisation its first tekenbevoegde: an administrator."""
    return is_beheerder(gebruiker)


def mag_wijzigen(gebruiker: Gebruiker, organisatie: Organisatie) -> bool:
    """Return whether a person may change what is known of an organisation: an administrator."""
    return is_beheerder(gebruiker)
