"""The balance of a project that claims costs: what its accounts justify, less what was paid. It moves no money."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from betalingen import grootboek
from betalingen.models import Betaling
from dossiers.kosten.afrekening import afrekening
from dossiers.models import Dossier, Kostenstaat
from kern import klok
from kern.geld import euro_tekst
from oproepen.models import Betaalschijf
from oproepen.models.betaalschijf import toon


@dataclass(frozen=True)
class Saldo:
    """The terms of a balance, in whole cents.

    toegekend_cent: what is still committed of the award; volgens_tarief_cent: the share of the accepted costs that the
    subsidy pays; na_inkomsten_cent: accepted costs less other income; maxima_cent: what the track gives at most over
    all years; betaald_cent: what was paid before, over the bank or by set-off.
    """

    toegekend_cent: int
    volgens_tarief_cent: int
    na_inkomsten_cent: int
    maxima_cent: int
    betaald_cent: int

    @property
    def hoogstens_cent(self) -> int:
        """Return what the project gets in all: the smallest of the four."""
        return min(self.toegekend_cent, self.volgens_tarief_cent, self.na_inkomsten_cent, self.maxima_cent)

    @property
    def saldo_cent(self) -> int:
        """Return what is still to be paid; below zero it is to be claimed back."""
        return self.hoogstens_cent - self.betaald_cent


def saldo_van(dossier: Dossier) -> Saldo | None:
    """Return the balance of a dossier as it is now; None when its track asks for no cost claims."""
    kosten = afrekening(dossier)
    if kosten is None:
        return None
    stand = grootboek.stand_van(dossier)
    return Saldo(
        toegekend_cent=stand.vastgelegd_cent,
        volgens_tarief_cent=kosten.volgens_tarief_cent,
        na_inkomsten_cent=kosten.na_inkomsten_cent,
        maxima_cent=dossier.ronde.luik.maximum_cent,
        betaald_cent=stand.uitbetaald_cent,
    )


def saldo_zonder_schijf(dossier: Dossier) -> Saldo | None:
    """Return the balance where costs are claimed and no instalment follows them, once nothing of it can change."""
    luik = dossier.ronde.luik
    klaar = klok.vandaag() > luik.project_tot and next(_redenen_van_kosten(dossier), None) is None
    return saldo_van(dossier) if klaar and not luik.schijven.filter(soort=Betaalschijf.Soort.SALDO).exists() else None


def waarschuwing(betaling: Betaling) -> str | None:
    """Return what is wrong with a last instalment whose amount is fixed where costs are claimed; None when nothing is.

    It is no guard: the schedule was published so, and an approved report is all that it asks. What the costs do not
    justify is cancelled or claimed back, by a person.
    """
    dossier, schijf = betaling.dossier, betaling.schijf
    vast = hasattr(dossier.ronde.luik, "kostenregeling") and schijf.soort != Betaalschijf.Soort.SALDO
    begin = schijf.aanleiding == Betaalschijf.Aanleiding.VASTLEGGING
    if not vast or begin or betaling.status not in Betaling.NIET_VERTROKKEN:
        return None
    if Betaalschijf.objects.filter(luik=schijf.luik_id, volgorde__gt=schijf.volgorde).exists():
        return None
    redenen = list(_redenen_van_kosten(dossier))
    aanvaard = Kostenstaat.objects.filter(dossier=dossier, status=Kostenstaat.Status.NAGEKEKEN).exists()
    saldo = saldo_van(dossier) if aanvaard else None
    te_veel = _te_veel(betaling, saldo, voorlopig=bool(redenen)) if saldo is not None else None
    if not redenen:
        return te_veel
    slot = "Wat niet met aanvaarde kosten verantwoord wordt, moet teruggevorderd worden."
    return " ".join([*redenen, te_veel or slot])


def _te_veel(betaling: Betaling, saldo: Saldo, *, voorlopig: bool) -> str | None:
    onderweg = betaling.dossier.betalingen.filter(status=Betaling.Status.VERSTUURD).aggregate(som=Sum("bedrag_cent"))
    som = saldo.betaald_cent + (onderweg["som"] or 0) + betaling.bedrag_cent
    te_veel = som - saldo.hoogstens_cent
    if te_veel <= 0:
        return None
    minder = min(te_veel, betaling.bedrag_cent)
    zin = (
        f"Volgens de aanvaarde kosten heeft dit project recht op {euro_tekst(saldo.hoogstens_cent)}. Met deze schijf "
        f"erbij is {euro_tekst(som)} betaald."
    )
    if voorlopig:
        return zin
    zin += f" Annuleer {euro_tekst(minder)} van de vastlegging; dan wordt deze schijf kleiner."
    return zin if te_veel == minder else f"{zin} Vorder {euro_tekst(te_veel - minder)} terug."


def reden_niet_af_te_rekenen(betaling: Betaling) -> str | None:
    """Return why the balance cannot be settled now, or None. The page asks this too."""
    return next(_redenen(betaling), None)


def _redenen(betaling: Betaling) -> Iterator[str]:
    dossier = betaling.dossier
    if not betaling.saldo_van_kosten:
        yield "Voor deze schijf is er niets af te rekenen."
    if hasattr(betaling, "afrekening"):
        yield "Het saldo is al afgerekend."
    yield from betaling.redenen_van_status
    if klok.vandaag() <= dossier.ronde.luik.project_tot:
        yield f"Het project loopt nog, tot en met {toon(dossier.ronde.luik.project_tot)}."
    if dossier.betalingen.exclude(pk=betaling.pk).exclude(status__in=Betaling.AFGEHANDELD).exists():
        yield "Nog niet alle eerdere schijven zijn uitbetaald."
    yield from _redenen_van_kosten(dossier)


def _redenen_van_kosten(dossier: Dossier) -> Iterator[str]:
    nagekeken = Q(status=Kostenstaat.Status.NAGEKEKEN)
    staten = Kostenstaat.objects.filter(dossier=dossier)
    aantal = staten.aggregate(open=Count("pk", filter=~nagekeken), klaar=Count("pk", filter=nagekeken))
    if aantal["open"]:
        yield "Nog niet alle kostenstaten zijn nagekeken."
    if not aantal["klaar"]:
        yield "Er is nog geen kostenstaat nagekeken."
