"""Who may see and change dossiers. Jurors come in through their own score sheet (beoordeling/rechten.py)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from dossiers.models import Dossier, Kostenstaat, Verslag
from oproepen import rechten as oproeprechten
from oproepen.models import Ronde, Taak
from organisaties.models import Gebruiker
from organisaties.rechten import is_lid, organisaties_van


def is_aanvrager(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person belongs to the applicant, or to its successor."""
    return is_lid(gebruiker, dossier.organisatie)


def met_aanvrager(qs: QuerySet[Dossier], gebruiker: Gebruiker) -> QuerySet[Dossier]:
    """Add `is_aanvrager` to the dossiers of a query; equal to the function."""
    eigen = organisaties_van(gebruiker).filter(pk=OuterRef("organisatie_id"))
    return qs.annotate(is_aanvrager=Exists(eigen))


def is_behandelaar(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person handles the track of a dossier."""
    return oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, Taak.Rol.BEHANDELAAR)


def mag_zien(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person sees a dossier: its applicant always, staff of the track once it is handed in."""
    if is_aanvrager(gebruiker, dossier):
        return True
    ingediend = dossier.ingediend_op is not None
    return ingediend and oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, *oproeprechten.PERSONEEL)


def zichtbaar_voor(qs: QuerySet[Dossier], gebruiker: Gebruiker) -> QuerySet[Dossier]:
    """Return the dossiers that a person sees; equal to `mag_zien`."""
    luiken = oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL)
    eigen = organisaties_van(gebruiker)
    return qs.filter(Q(organisatie__in=eigen) | Q(ronde__luik__in=luiken, ingediend_op__isnull=False))


def mag_starten(gebruiker: Gebruiker, ronde: Ronde) -> bool:
    """Return whether a person may start a dossier: anybody who signed in (the organisation is checked apart)."""
    return gebruiker.is_active


def mag_bewerken(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may fill in a draft."""
    return is_aanvrager(gebruiker, dossier)


def mag_beoordelen(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may decide on admissibility."""
    return is_behandelaar(gebruiker, dossier)


def mag_verslag_indienen(gebruiker: Gebruiker, verslag: Verslag) -> bool:
    """Return whether a person may hand in a report."""
    return is_aanvrager(gebruiker, verslag.dossier)


def mag_verslag_beoordelen(gebruiker: Gebruiker, verslag: Verslag) -> bool:
    """Return whether a person may approve a report or send it back."""
    return is_behandelaar(gebruiker, verslag.dossier)


def mag_verslag_zien(gebruiker: Gebruiker, verslag: Verslag) -> bool:
    """Return whether a person sees a report: staff of the track, and the applicant once the award is notified.

    Reports are made when the decision is signed; that one exists tells of the award.
    """
    dossier = verslag.dossier
    if is_aanvrager(gebruiker, dossier) and dossier.kennisgegeven_op is not None:
        return True
    return oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, *oproeprechten.PERSONEEL)


def verslagen_zichtbaar_voor(qs: QuerySet[Verslag], gebruiker: Gebruiker) -> QuerySet[Verslag]:
    """Return the reports that a person sees; equal to `mag_verslag_zien`."""
    eigen = organisaties_van(gebruiker)
    luiken = oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL)
    return qs.filter(
        Q(dossier__organisatie__in=eigen, dossier__kennisgegeven_op__isnull=False) | Q(dossier__ronde__luik__in=luiken)
    )


def mag_kosten_opgeven(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may start a cost claim of a dossier, once the award is notified."""
    return is_aanvrager(gebruiker, dossier) and dossier.kennisgegeven_op is not None


def mag_begroting_verdelen(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may say which kind of costs a budget row belongs to: the applicant or the handler."""
    return mag_kosten_opgeven(gebruiker, dossier) or is_behandelaar(gebruiker, dossier)


def mag_kostenstaat_indienen(gebruiker: Gebruiker, staat: Kostenstaat) -> bool:
    """Return whether a person may fill in and hand in a cost claim: whoever hands in the reports."""
    return is_aanvrager(gebruiker, staat.dossier)


def mag_kostenstaat_beoordelen(gebruiker: Gebruiker, staat: Kostenstaat) -> bool:
    """Return whether a person may judge a cost claim: the handler, unless the costs are of her own organisation."""
    return is_behandelaar(gebruiker, staat.dossier) and not is_aanvrager(gebruiker, staat.dossier)


def mag_kostenstaat_zien(gebruiker: Gebruiker, staat: Kostenstaat) -> bool:
    """Return whether a person sees a cost claim: its applicant always, staff of the track once it was handed in."""
    if is_aanvrager(gebruiker, staat.dossier):
        return True
    ingediend = staat.ingediend_op is not None
    return ingediend and oproeprechten.heeft_taak(gebruiker, staat.dossier.ronde.luik, *oproeprechten.PERSONEEL)


def kostenstaten_zichtbaar_voor(qs: QuerySet[Kostenstaat], gebruiker: Gebruiker) -> QuerySet[Kostenstaat]:
    """Return the cost claims that a person sees; equal to `mag_kostenstaat_zien`."""
    eigen = organisaties_van(gebruiker)
    luiken = oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL)
    return qs.filter(Q(dossier__organisatie__in=eigen) | Q(dossier__ronde__luik__in=luiken, ingediend_op__isnull=False))
