"""Who may do what with the money."""

from typing import TypeVar

from django.db.models import Q, QuerySet

from betalingen.models import (
    Afschrift,
    Afschriftregel,
    Begrotingsjaar,
    Betaalbelemmering,
    Betaalopdracht,
    Betaling,
    Boekhouding,
    Jaarrapport,
    Krediet,
    Rekening,
    Terugvordering,
)
from dossiers.models import Dossier
from dossiers.rechten import is_aanvrager
from oproepen import rechten as oproeprechten
from oproepen.models import Luik, Oproep, Taak
from organisaties.models import Gebruiker
from organisaties.rechten import is_lid, is_systeem, is_tekenbevoegde, organisaties_van

Rol = Taak.Rol
GeldRij = TypeVar("GeldRij", Betaling, Terugvordering)
# Who gets the report of a closed year.
JAARRAPPORT = (Rol.AUDITOR, Rol.BUDGETHOUDER)


def mag_zien(gebruiker: Gebruiker, betaling: Betaling) -> bool:
    """Return whether a person sees a payment on the staff pages."""
    return oproeprechten.heeft_taak(gebruiker, betaling.dossier.ronde.luik, *oproeprechten.PERSONEEL)


def zichtbaar_voor(qs: QuerySet[Betaling], gebruiker: Gebruiker) -> QuerySet[Betaling]:
    """Return the payments that a person sees on the staff pages; equal to `mag_zien`."""
    return qs.filter(dossier__ronde__luik__in=oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL))


def _werkt_aan(gebruiker: Gebruiker, dossier: Dossier, rol: str) -> bool:
    """Return whether a person decides on the money of a dossier with this role: never on her own organisation's."""
    return oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, rol) and not is_aanvrager(gebruiker, dossier)


def is_van_ander(gebruiker: Gebruiker, betaling: Betaling) -> bool:
    """Return whether a payment goes to another organisation than a person's own; equal to `van_anderen`."""
    return not is_aanvrager(gebruiker, betaling.dossier)


def van_anderen(qs: QuerySet[GeldRij], gebruiker: Gebruiker) -> QuerySet[GeldRij]:
    """Return these payments (or recoveries) without those of a person's own organisation: others deal with them."""
    return qs.exclude(dossier__organisatie__in=organisaties_van(gebruiker))


def mag_opstellen(gebruiker: Gebruiker, betaling: Betaling) -> bool:
    """Return whether a person may put a payment forward."""
    return _werkt_aan(gebruiker, betaling.dossier, Rol.BEHANDELAAR)


def mag_aanvragen(gebruiker: Gebruiker, betaling: Betaling) -> bool:
    """Return whether a person may ask for an instalment: who may bind the beneficiary."""
    return is_tekenbevoegde(gebruiker, betaling.dossier.organisatie)


def mag_eigen_zien(gebruiker: Gebruiker, betaling: Betaling) -> bool:
    """Return whether a person sees a payment as its beneficiary: once the award was notified."""
    dossier = betaling.dossier
    return dossier.kennisgegeven_op is not None and is_aanvrager(gebruiker, dossier)


def eigen_betalingen(qs: QuerySet[Betaling], gebruiker: Gebruiker) -> QuerySet[Betaling]:
    """Return the payments that a person sees as their beneficiary; equal to `mag_eigen_zien`."""
    return qs.filter(dossier__organisatie__in=organisaties_van(gebruiker), dossier__kennisgegeven_op__isnull=False)


def mag_lezen(gebruiker: Gebruiker, betaling: Betaling) -> bool:
    """Return whether a person reads what was handed in for a payment: its staff, and its beneficiary."""
    return mag_zien(gebruiker, betaling) or mag_eigen_zien(gebruiker, betaling)


def leesbare_betalingen(qs: QuerySet[Betaling], gebruiker: Gebruiker) -> QuerySet[Betaling]:
    """Return the payments of which a person reads what was handed in; equal to `mag_lezen`."""
    van_staf = Q(dossier__ronde__luik__in=oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL))
    eigen = Q(dossier__organisatie__in=organisaties_van(gebruiker), dossier__kennisgegeven_op__isnull=False)
    return qs.filter(van_staf | eigen)


def mag_saldo_afrekenen(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may settle the balance of a project: its handler."""
    return _werkt_aan(gebruiker, dossier, Rol.BEHANDELAAR)


def mag_goedkeuren(gebruiker: Gebruiker, betaling: Betaling) -> bool:
    """Return whether a person may approve a payment or send it back (not her own work: the service checks that)."""
    return _werkt_aan(gebruiker, betaling.dossier, Rol.BUDGETHOUDER)


def mag_uitbetaald_melden(gebruiker: Gebruiker, betaling: Betaling) -> bool:
    """Return whether a person may record that a payment left the bank."""
    return _werkt_aan(gebruiker, betaling.dossier, Rol.BOEKHOUDER)


def mag_rekening_wijzigen(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may change the account that an award is paid to: the handler."""
    return _werkt_aan(gebruiker, dossier, Rol.BEHANDELAAR)


def mag_versturen(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person may send payment orders of a call."""
    return oproeprechten.heeft_taak_oproep(gebruiker, oproep, Rol.BOEKHOUDER)


def mag_opdracht_zien(gebruiker: Gebruiker, opdracht: Betaalopdracht) -> bool:
    """Return whether a person sees a payment order: staff of its whole call, of which it holds any track."""
    return oproeprechten.heeft_taak_oproep(gebruiker, opdracht.oproep, *oproeprechten.PERSONEEL)


def opdrachten_zichtbaar_voor(qs: QuerySet[Betaalopdracht], gebruiker: Gebruiker) -> QuerySet[Betaalopdracht]:
    """Return the payment orders that a person sees; equal to `mag_opdracht_zien`."""
    taken = Taak.objects.filter(gebruiker_id=gebruiker.pk, luik=None, rol__in=oproeprechten.PERSONEEL)
    return qs.filter(oproep_id__in=taken.values("oproep_id"))


def mag_bestand_maken(gebruiker: Gebruiker, opdracht: Betaalopdracht) -> bool:
    """Return whether a person may make the file of a payment order: the accountant of its call, or a command here."""
    return is_systeem(gebruiker) or mag_versturen(gebruiker, opdracht.oproep)


def _oproepen_van(gebruiker: Gebruiker, *rollen: str) -> QuerySet[Oproep]:
    taken = Taak.objects.filter(gebruiker_id=gebruiker.pk, luik=None, rol__in=rollen)
    return Oproep.objects.filter(pk__in=taken.values("oproep_id"))


def afschriften_zichtbaar_voor(qs: QuerySet[Afschrift], gebruiker: Gebruiker) -> QuerySet[Afschrift]:
    """Return the statements that a person sees; equal to `mag_afschrift_zien`."""
    oproepen = _oproepen_van(gebruiker, Rol.BOEKHOUDER, Rol.AUDITOR)
    return qs.filter(rekening__verstrekker__in=oproepen.values("verstrekker"))


def mag_afschrift_zien(gebruiker: Gebruiker, afschrift: Afschrift) -> bool:
    """Return whether a person sees a statement: accountant or auditor of a call of its granter."""
    oproepen = _oproepen_van(gebruiker, Rol.BOEKHOUDER, Rol.AUDITOR)
    return oproepen.filter(verstrekker=afschrift.rekening.verstrekker).exists()


def ziet_afschriften(gebruiker: Gebruiker) -> bool:
    """Return whether a person has the page with statements."""
    return _oproepen_van(gebruiker, Rol.BOEKHOUDER, Rol.AUDITOR).exists()


def leest_afschriften_in(gebruiker: Gebruiker) -> bool:
    """Return whether there is any granter of which a person may read statements."""
    return _oproepen_van(gebruiker, Rol.BOEKHOUDER).exists()


def mag_afschrift_inlezen(gebruiker: Gebruiker, rekening: Rekening) -> bool:
    """Return whether a person may read statements of an account: accountant of a call of its granter, or a command."""
    oproepen = _oproepen_van(gebruiker, Rol.BOEKHOUDER)
    return is_systeem(gebruiker) or oproepen.filter(verstrekker=rekening.verstrekker).exists()


def mag_afschriftregel_behandelen(gebruiker: Gebruiker, uitkomst: Afschriftregel) -> bool:
    """Return whether a person may say what a line of a statement is: who may read the statement."""
    return mag_afschrift_inlezen(gebruiker, uitkomst.regel.afschrift.rekening)


def mag_rekening_instellen(gebruiker: Gebruiker, wie: Gebruiker) -> bool:
    """Return whether a person may set the account that a granter pays from: an administrator, as herself."""
    return gebruiker.pk == wie.pk and oproeprechten.is_beheerder(gebruiker)


def mag_budget_instellen(gebruiker: Gebruiker, oproep: Oproep) -> bool:
    """Return whether a person may set the budget of a call: its budget holder, or an administrator."""
    return oproeprechten.is_beheerder(gebruiker) or oproeprechten.heeft_taak_oproep(gebruiker, oproep, Rol.BUDGETHOUDER)


def mag_krediet_instellen(gebruiker: Gebruiker, krediet: Krediet) -> bool:
    """Return whether a person may set a credit: budget holder of a call on the article, or an administrator."""
    return oproeprechten.is_beheerder(gebruiker) or any(
        oproeprechten.heeft_taak_oproep(gebruiker, luik.oproep, Rol.BUDGETHOUDER)
        for luik in Luik.objects.filter(begrotingsartikel=krediet.artikel.code).select_related("oproep")
    )


def kredieten_zichtbaar_voor(qs: QuerySet[Krediet], gebruiker: Gebruiker) -> QuerySet[Krediet]:
    """Return the credits that a person sees: staff those of the articles of their tracks, an administrator all."""
    if oproeprechten.is_beheerder(gebruiker):
        return qs
    luiken = oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL)
    return qs.filter(artikel__code__in=luiken.values("begrotingsartikel"))


def mag_krediet_zien(gebruiker: Gebruiker, krediet: Krediet) -> bool:
    """Return whether a person sees a credit; equal to `kredieten_zichtbaar_voor`."""
    luiken = Luik.objects.filter(begrotingsartikel=krediet.artikel.code)
    return oproeprechten.is_beheerder(gebruiker) or any(
        oproeprechten.heeft_taak(gebruiker, luik, *oproeprechten.PERSONEEL) for luik in luiken
    )


def artikelen_van(gebruiker: Gebruiker) -> list[str]:
    """Return the codes of the articles of which a person may set the credit; equal to `mag_krediet_instellen`."""
    luiken = Luik.objects.all()
    if not oproeprechten.is_beheerder(gebruiker):
        taken = Taak.objects.filter(gebruiker_id=gebruiker.pk, rol=Rol.BUDGETHOUDER, luik=None)
        luiken = luiken.filter(oproep__in=taken.values("oproep_id"))
    return sorted(set(luiken.values_list("begrotingsartikel", flat=True)))


def mag_begrotingsjaar_afsluiten(gebruiker: Gebruiker, begrotingsjaar: Begrotingsjaar) -> bool:
    """Return whether a person may close a budget year: an administrator."""
    return oproeprechten.is_beheerder(gebruiker)


def mag_jaarrapport_zien(gebruiker: Gebruiker, rapport: Jaarrapport) -> bool:
    """Return whether a person may have the report of a closed year: auditor or budget holder of its whole call."""
    return oproeprechten.heeft_taak_oproep(gebruiker, rapport.oproep, *JAARRAPPORT)


def jaarrapporten_zichtbaar_voor(qs: QuerySet[Jaarrapport], gebruiker: Gebruiker) -> QuerySet[Jaarrapport]:
    """Return the reports of closed years that a person may have; equal to `mag_jaarrapport_zien`."""
    return qs.filter(oproep__in=_oproepen_van(gebruiker, *JAARRAPPORT))


def mag_vastlegging_annuleren(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may cancel the commitment of a dossier, or stop its project: the budget holder."""
    return _werkt_aan(gebruiker, dossier, Rol.BUDGETHOUDER)


def mag_verzaken(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may give up an award: who may bind the applicant."""
    return is_tekenbevoegde(gebruiker, dossier.organisatie)


def ziet_budgetstand(gebruiker: Gebruiker) -> QuerySet[Oproep]:
    """Return the calls of which a person sees the budget page."""
    return oproeprechten.beheerbaar_voor(Oproep.objects.all(), gebruiker)


# Books in an outside system.


def mag_vastlegging_registreren(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may register what an outside system committed for a dossier: the accountant."""
    return oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, Rol.BOEKHOUDER)


def verstrekkers_van(gebruiker: Gebruiker) -> set[str]:
    """Return the granters of which a person is accountant of a whole call."""
    return set(met_boekhouder(gebruiker))


def met_boekhouder(gebruiker: Gebruiker) -> QuerySet[Oproep, str]:
    """Return the same as a query."""
    return _oproepen_van(gebruiker, Rol.BOEKHOUDER).values_list("verstrekker", flat=True)


def boekt_elders(gebruiker: Gebruiker) -> bool:
    """Return whether a person is accountant for a granter that keeps, or once kept, its books in an outside system."""
    extern = Boekhouding.objects.filter(wijze=Boekhouding.Wijze.EXTERN).values("verstrekker")
    return _oproepen_van(gebruiker, Rol.BOEKHOUDER).filter(verstrekker__in=extern).exists()


def ziet_verschillen_van(gebruiker: Gebruiker) -> set[str]:
    """Return the granters of which a person sees the differences with an outside system: accountant or auditor."""
    return set(_oproepen_van(gebruiker, Rol.BOEKHOUDER, Rol.AUDITOR).values_list("verstrekker", flat=True))


def dossiers_van_boekhouding(gebruiker: Gebruiker) -> QuerySet[Dossier]:
    """Return the dossiers of which a person follows the books: accountant or auditor of the track."""
    return Dossier.objects.filter(ronde__luik__in=oproeprechten.luiken_met_taak(gebruiker, Rol.BOEKHOUDER, Rol.AUDITOR))


def dossiers_van_boekhouder(gebruiker: Gebruiker) -> QuerySet[Dossier]:
    """Return the dossiers of which a person keeps the books; equal to `mag_vastlegging_registreren`."""
    return Dossier.objects.filter(ronde__luik__in=oproeprechten.luiken_met_taak(gebruiker, Rol.BOEKHOUDER))


def mag_buitenfeiten_opnemen(gebruiker: Gebruiker, wie: Gebruiker) -> bool:
    """Return whether a person may take in what an outside system reports: an accountant, as herself."""
    return gebruiker.pk == wie.pk and _oproepen_van(gebruiker, Rol.BOEKHOUDER).exists()


# Recoveries.


def ziet_terugvordering(gebruiker: Gebruiker, terugvordering: Terugvordering) -> bool:
    """Return whether a person sees a recovery: staff of the track, and the beneficiary, to whom it was sent.

    What the beneficiary may know of it differs (`Terugvordering.zichtbare_status`).
    """
    dossier = terugvordering.dossier
    return is_aanvrager(gebruiker, dossier) or oproeprechten.heeft_taak(
        gebruiker, dossier.ronde.luik, *oproeprechten.PERSONEEL
    )


def terugvorderingen_zichtbaar_voor(qs: QuerySet[Terugvordering], gebruiker: Gebruiker) -> QuerySet[Terugvordering]:
    """Return the recoveries that a person sees; equal to `ziet_terugvordering`."""
    luiken = oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL)
    return qs.filter(Q(dossier__ronde__luik__in=luiken) | Q(dossier__organisatie__in=organisaties_van(gebruiker)))


def terugvorderingen_van_personeel(qs: QuerySet[Terugvordering], gebruiker: Gebruiker) -> QuerySet[Terugvordering]:
    """Return the recoveries that a person sees on the staff list."""
    return qs.filter(dossier__ronde__luik__in=oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL))


def mag_terugvordering_voornemen(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may tell a beneficiary that money will be claimed back: the handler."""
    return _werkt_aan(gebruiker, dossier, Rol.BEHANDELAAR)


def mag_terugvordering_behandelen(gebruiker: Gebruiker, terugvordering: Terugvordering) -> bool:
    """Return whether a person may record the hearing, notify and remind: the handler."""
    return mag_terugvordering_voornemen(gebruiker, terugvordering.dossier)


def mag_op_terugvordering_reageren(gebruiker: Gebruiker, terugvordering: Terugvordering) -> bool:
    """Return whether a person may answer to an intention: who belongs to the beneficiary."""
    return is_aanvrager(gebruiker, terugvordering.dossier)


def mag_terugvordering_beslissen(gebruiker: Gebruiker, terugvordering: Terugvordering) -> bool:
    """Return whether a person may decide, grant a plan, set off and write off: the budget holder."""
    return _werkt_aan(gebruiker, terugvordering.dossier, Rol.BUDGETHOUDER)


def mag_terugvordering_intrekken(gebruiker: Gebruiker, terugvordering: Terugvordering) -> bool:
    """Return whether a person may drop it: the handler her intention, the budget holder his decision."""
    if terugvordering.status == Terugvordering.Status.BESLIST:
        return mag_terugvordering_beslissen(gebruiker, terugvordering)
    return mag_terugvordering_behandelen(gebruiker, terugvordering)


def mag_terugvordering_ontvangen(gebruiker: Gebruiker, terugvordering: Terugvordering) -> bool:
    """Return whether a person may record what came in, and propose to write off: the accountant."""
    return _werkt_aan(gebruiker, terugvordering.dossier, Rol.BOEKHOUDER)


# What blocks payments.

DOEN_BELEMMERING = (Rol.BEHANDELAAR, Rol.BOEKHOUDER)


def mag_belemmering_registreren(gebruiker: Gebruiker, dossier: Dossier) -> bool:
    """Return whether a person may block the payments of a dossier, or of its organisation: handler or accountant."""
    ingediend = dossier.ingediend_op is not None
    return ingediend and oproeprechten.heeft_taak(gebruiker, dossier.ronde.luik, *DOEN_BELEMMERING)


def belemmeringen_zichtbaar_voor(qs: QuerySet[Betaalbelemmering], gebruiker: Gebruiker) -> QuerySet[Betaalbelemmering]:
    """Return what blocks payments of the tracks of a person, not of her own organisation.

    As staff; equal to `mag_belemmering_zien`.
    """
    luiken = oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL)
    eigen = Dossier.objects.filter(ronde__luik__in=luiken, ingediend_op__isnull=False)
    qs = qs.filter(Q(dossier__in=eigen) | Q(dossier=None, organisatie__in=eigen.values("organisatie_id")))
    return qs.exclude(organisatie__in=organisaties_van(gebruiker))


def mag_belemmering_zien(gebruiker: Gebruiker, belemmering: Betaalbelemmering) -> bool:
    """Return whether a person sees an obstacle: staff of a track on which it rests, who is not of the beneficiary."""
    return _volgt(gebruiker, belemmering, *oproeprechten.PERSONEEL)


def mag_belemmering_opheffen(gebruiker: Gebruiker, belemmering: Betaalbelemmering) -> bool:
    """Return whether a person may lift an obstacle: handler or accountant (another than who registered it)."""
    return _volgt(gebruiker, belemmering, *DOEN_BELEMMERING)


def _volgt(gebruiker: Gebruiker, belemmering: Betaalbelemmering, *rollen: str) -> bool:
    if is_lid(gebruiker, belemmering.organisatie):
        return False
    luiken = Luik.objects.filter(rondes__dossiers__in=belemmering.dossiers()).distinct()
    return any(oproeprechten.heeft_taak(gebruiker, luik, *rollen) for luik in luiken)
