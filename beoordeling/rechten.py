"""Who may judge, advise and decide. A juror reaches a dossier only through her own score sheet."""

from django.db.models import Q, QuerySet

from beoordeling.models import Besluit, Scoreblad
from dossiers import rechten as dossierrechten
from dossiers.models import Dossier
from oproepen import rechten as oproeprechten
from oproepen.models import Ronde, Taak
from organisaties.models import Gebruiker
from organisaties.rechten import organisaties_van

Rol = Taak.Rol
ZIET_ALLE_BLADEN = (Rol.BEHANDELAAR, Rol.VOORZITTER, Rol.AUDITOR)


def mag_dossier_lezen(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may read an application and its attachments: also jurors and the chair."""
    if dossierrechten.mag_zien(gebruiker, dossier):
        return True
    if dossier.ingediend_op is None or dossierrechten.is_aanvrager(gebruiker, dossier):
        return False
    heeft_blad = Scoreblad.objects.filter(dossier_id=dossier.pk, jurylid_id=gebruiker.pk).exists()
    return heeft_blad or oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, Rol.VOORZITTER)


def dossiers_leesbaar_voor(qs: QuerySet[Dossier], gebruiker: Gebruiker) -> QuerySet[Dossier]:
    """Return the dossiers that a person may read; equal to `mag_dossier_lezen`."""
    zelf = dossierrechten.zichtbaar_voor(Dossier.objects.all(), gebruiker).values("pk")
    eigen_blad = Scoreblad.objects.filter(jurylid_id=gebruiker.pk).values("dossier_id")
    voorzit = oproeprechten.luiken_met_taak(gebruiker, Rol.VOORZITTER)
    return qs.filter(
        Q(pk__in=zelf)
        | Q(ingediend_op__isnull=False, pk__in=eigen_blad)
        | Q(ingediend_op__isnull=False, ronde__luik__in=voorzit)
    )


def mag_brief_zien(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person gets the letter of the decision on a dossier.

    The applicant once she was told, and then about the last decision that she was told of; staff of the track from the
    signature on; a member of the applicant who also works for the track is the applicant here.
    """
    onontvankelijk = dossier.status == Dossier.Status.ONONTVANKELIJK  # told at once
    if dossierrechten.is_aanvrager(gebruiker, dossier):
        return onontvankelijk or dossier.gemeld_op is not None
    besloten = onontvankelijk or dossier.beslist_op is not None
    return besloten and oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, *oproeprechten.PERSONEEL)


def brieven_zichtbaar_voor(qs: QuerySet[Dossier], gebruiker: Gebruiker) -> QuerySet[Dossier]:
    """Return the dossiers of which a person gets the letter; equal to `mag_brief_zien`."""
    eigen = Q(organisatie__in=organisaties_van(gebruiker))
    onontvankelijk = Q(status=Dossier.Status.ONONTVANKELIJK)
    personeel = Q(ronde__luik__in=oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL))
    return qs.filter(
        (eigen & (onontvankelijk | Q(kennisgegeven_op__isnull=False) | Q(reserve_gemeld_op__isnull=False)))
        | (~eigen & personeel & (onontvankelijk | Q(beslist_op__isnull=False)))
    )


def mag_toewijzen(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may assign jurors."""
    return dossierrechten.is_behandelaar(gebruiker, dossier)


def mag_invullen(gebruiker: Gebruiker, blad: Scoreblad) -> bool:
    """Return whether a person may fill in a sheet: the juror whose sheet it is, still a juror of the track."""
    eigen = blad.jurylid_id == gebruiker.pk
    return eigen and oproeprechten.heeft_taak(gebruiker, blad.dossier.ronde.luik, Rol.JURYLID)


def mag_zien(gebruiker: Gebruiker, blad: Scoreblad) -> bool:
    """Return whether a person sees a sheet: the juror herself, chair, handler and auditor once it is handed in."""
    if blad.jurylid_id == gebruiker.pk:
        return True
    ingediend = blad.status == Scoreblad.Status.INGEDIEND
    return ingediend and oproeprechten.heeft_taak(gebruiker, blad.dossier.ronde.luik, *ZIET_ALLE_BLADEN)


def zichtbaar_voor(qs: QuerySet[Scoreblad], gebruiker: Gebruiker) -> QuerySet[Scoreblad]:
    """Return the sheets that a person sees; equal to `mag_zien`."""
    luiken = oproeprechten.luiken_met_taak(gebruiker, *ZIET_ALLE_BLADEN)
    return qs.filter(Q(jurylid_id=gebruiker.pk) | Q(status=Scoreblad.Status.INGEDIEND, dossier__ronde__luik__in=luiken))


def mag_advies_vaststellen(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may adopt the jury's advice."""
    return oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, Rol.VOORZITTER)


def mag_begrenzen(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may set the most that can be awarded: the handler, not for her own organisation."""
    return dossierrechten.is_behandelaar(gebruiker, dossier) and not dossierrechten.is_aanvrager(gebruiker, dossier)


def mag_voorstellen(gebruiker: Gebruiker, ronde: Ronde) -> bool:
    """Return whether a person may make the proposal for decision."""
    return oproeprechten.mag_ronde_behandelen(gebruiker, ronde)


def mag_besluit_behandelen(gebruiker: Gebruiker, besluit: Besluit) -> bool:
    """Return whether a person may present a decision and notify it."""
    return oproeprechten.mag_ronde_behandelen(gebruiker, besluit.ronde)


def mag_besluit_terugsturen(gebruiker: Gebruiker, besluit: Besluit) -> bool:
    """Return whether a person may send a proposal back: its handler, or who would register the signature."""
    return mag_besluit_behandelen(gebruiker, besluit) or mag_ondertekening_registreren(gebruiker, besluit)


def mag_ondertekening_registreren(gebruiker: Gebruiker, besluit: Besluit) -> bool:
    """Return whether a person may register the signature (not the drafter: the service checks that)."""
    return oproeprechten.heeft_taak(gebruiker, besluit.ronde.luik, Rol.BUDGETHOUDER)


def mag_deminimis_melden(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may record that an award was reported to the central register: the handler."""
    return oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, Rol.BEHANDELAAR)
