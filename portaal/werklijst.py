"""What waits for a person, by role: each line says what to do and links to where it is done."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from beoordeling.models import Besluit, Scoreblad
from betalingen.models import Betaling
from dossiers.models import Dossier, Verslag
from kern import klok
from kern.templatetags.loket import dag
from oproepen.models import Luik, Oproep, Ronde, Taak
from oproepen.rechten import luiken_met_taak, taken_van
from organisaties.models import Gebruiker
from organisaties.rechten import eigen_organisaties

Rol = Taak.Rol


@dataclass(frozen=True)
class Punt:
    """One thing to do."""

    tekst: str
    url: str
    toelichting: str = ""
    dringend: bool = False


def werklijst(gebruiker: Gebruiker) -> list[dict[str, Any]]:
    """Return the groups of things to do, only those that hold something."""
    rollen = {taak.rol for taak in taken_van(gebruiker)}
    groepen = [("Uw aanvragen", _aanvrager(gebruiker))]
    makers = {
        Rol.BEHANDELAAR: ("Als dossierbehandelaar", _behandelaar),
        Rol.JURYLID: ("Als jurylid", _jurylid),
        Rol.VOORZITTER: ("Als voorzitter van de jury", _voorzitter),
        Rol.BUDGETHOUDER: ("Als budgethouder", _budgethouder),
        Rol.BOEKHOUDER: ("Als boekhouder", _boekhouder),
    }
    for rol, (titel, maker) in makers.items():
        if rol in rollen:
            groepen.append((titel, maker(gebruiker, luiken_met_taak(gebruiker, rol))))
    return [{"titel": titel, "punten": punten} for titel, punten in groepen if punten]


def _aanvrager(gebruiker: Gebruiker) -> list[Punt]:
    eigen = eigen_organisaties(gebruiker)
    concepten = Dossier.objects.filter(organisatie__in=eigen, status=Dossier.Status.CONCEPT).select_related(
        "ronde__luik__oproep"
    )
    nu = klok.nu()
    punten = [
        Punt(
            f"Dossier {d.nummer} afwerken en indienen",
            reverse("dossier_vragen", args=[d.nummer]),
            f"{d.ronde.luik.oproep}, tot {dag(d.ronde.sluit_op)}",
            dringend=(d.ronde.sluit_op - nu).days < 7,  # noqa: PLR2004
        )
        for d in concepten
        if d.ronde.sluit_op > nu
    ]
    te_schrijven = [Verslag.Status.VERWACHT, Verslag.Status.TERUG]
    verslagen = Verslag.objects.filter(
        status__in=te_schrijven,
        dossier__kennisgegeven_op__isnull=False,
        dossier__organisatie__in=eigen,
    ).select_related("moment", "dossier")
    return punten + [
        Punt(
            f"{v.moment.get_soort_display()} van {v.dossier.nummer} indienen",
            reverse("verslag", args=[v.pk]),
            f"{'Aanvulling gevraagd. ' if v.status == Verslag.Status.TERUG else ''}Uiterlijk {dag(v.uiterlijk)}",
            dringend=v.uiterlijk < klok.vandaag(),
        )
        for v in verslagen
    ]


def _behandelaar(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> list[Punt]:
    oproepen = Oproep.objects.filter(luiken__in=luiken, status=Oproep.Status.ONTWERP).distinct()
    punten = [Punt(f"Oproep '{o}' voorleggen", reverse("oproep_beheer", args=[o.slug])) for o in oproepen]
    rondes = Ronde.objects.filter(luik__in=luiken).select_related("luik__oproep")
    for ronde in rondes.annotate(
        te_beoordelen=Count("dossiers", filter=Q(dossiers__status=Dossier.Status.INGEDIEND))
    ).order_by("luik_id", "nummer"):
        punten += _ronde(ronde, ronde.te_beoordelen)
    besluiten = Besluit.objects.filter(ronde__luik__in=luiken, status__in=["ontwerp", "ondertekend"])
    for besluit in besluiten.select_related("ronde__luik__oproep"):
        wat = "ter ondertekening voorleggen" if besluit.status == "ontwerp" else "ter kennis geven"
        punten.append(Punt(f"Besluit over {besluit.ronde} {wat}", reverse("besluit", args=[besluit.pk])))
    verslagen = Verslag.objects.filter(dossier__ronde__luik__in=luiken, status=Verslag.Status.INGEDIEND)
    punten += [
        Punt(f"{v.moment.get_soort_display()} van {v.dossier.nummer} nakijken", reverse("verslag", args=[v.pk]))
        for v in verslagen.select_related("moment", "dossier")[:20]
    ]
    return punten + _betalingen_op_te_stellen(luiken)


def _ronde(ronde: Ronde, te_beoordelen: int) -> list[Punt]:
    url = reverse("ronde", args=[ronde.pk])
    if ronde.status == Ronde.Status.GEPLAND:
        return [Punt(f"{ronde} sluiten", url)] if klok.nu() >= ronde.sluitbaar_vanaf else []
    if ronde.status not in {Ronde.Status.GESLOTEN, Ronde.Status.IN_BEOORDELING}:
        return []
    if te_beoordelen:
        wat = f"{te_beoordelen} {'dossier' if te_beoordelen == 1 else 'dossiers'}"
        return [Punt(f"Ontvankelijkheid van {wat} beoordelen", f"{url}?status=ingediend", str(ronde))]
    if ronde.status == Ronde.Status.GESLOTEN:
        return [Punt("Beoordeling starten", url, str(ronde))]
    return [Punt("Jury opvolgen en rangschikking opmaken", url, str(ronde))]


def _betalingen_op_te_stellen(luiken: QuerySet[Luik]) -> list[Punt]:
    goedgekeurd = Verslag.objects.filter(
        dossier=OuterRef("dossier"), moment=OuterRef("schijf__verslagmoment"), status=Verslag.Status.GOEDGEKEURD
    )
    gepland = Betaling.objects.filter(dossier__ronde__luik__in=luiken, status=Betaling.Status.GEPLAND)
    gepland = gepland.filter(dossier__kennisgegeven_op__isnull=False).filter(
        Q(schijf__aanleiding="vastlegging") | Q(Exists(goedgekeurd), schijf__aanleiding="verslag")
    )
    aantal, eerste = gepland.aggregate(aantal=Count("pk"), eerste=Min("pk")).values()
    if not aantal:
        return []
    url = reverse("betaling", args=[eerste]) if aantal == 1 else f"{reverse('betalingen')}?status=gepland"
    return [Punt(f"{aantal} {'betaling' if aantal == 1 else 'betalingen'} opstellen", url)]


def _jurylid(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> list[Punt]:
    bladen = Scoreblad.objects.filter(
        jurylid_id=gebruiker.pk, dossier__ronde__luik__in=luiken, dossier__ronde__status=Ronde.Status.IN_BEOORDELING
    ).exclude(status=Scoreblad.Status.INGEDIEND)
    return [
        Punt(f"{b.dossier.nummer}: {b.dossier.titel}", reverse("scoreblad", args=[b.pk]), b.get_status_display())
        for b in bladen.select_related("dossier").order_by("dossier_id")
    ]


def _voorzitter(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> list[Punt]:
    klaar = Dossier.objects.filter(
        ronde__luik__in=luiken, ronde__status=Ronde.Status.IN_BEOORDELING, status=Dossier.Status.ONTVANKELIJK
    ).filter(juryadvies=None)
    klaar = klaar.annotate(
        alle=Count("scorebladen"), klaar=Count("scorebladen", filter=Q(scorebladen__status="ingediend"))
    ).filter(alle=F("klaar"), klaar__gte=F("ronde__lezers_per_dossier"))
    return [
        Punt(f"Advies over {d.nummer} vaststellen", reverse("dossier_jury", args=[d.nummer]), d.titel)
        for d in klaar.order_by("pk")[:50]
    ]


def _budgethouder(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> list[Punt]:
    oproepen = Oproep.objects.filter(luiken__in=luiken, status=Oproep.Status.TER_GOEDKEURING).distinct()
    punten = [Punt(f"Oproep '{o}' goedkeuren en publiceren", reverse("oproep_beheer", args=[o.slug])) for o in oproepen]
    besluiten = Besluit.objects.filter(ronde__luik__in=luiken, status=Besluit.Status.TER_ONDERTEKENING)
    punten += [
        Punt(f"Ondertekening van het besluit over {b.ronde} registreren", reverse("besluit", args=[b.pk]))
        for b in besluiten.select_related("ronde__luik__oproep")
    ]
    aantal = Betaling.objects.filter(dossier__ronde__luik__in=luiken, status=Betaling.Status.TE_CONTROLEREN).count()
    url = f"{reverse('betalingen')}?status=te_controleren"
    return punten + (
        [Punt(f"{aantal} {'betaling' if aantal == 1 else 'betalingen'} controleren", url)] if aantal else []
    )


def _boekhouder(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> list[Punt]:
    punten = []
    for status, wat in (
        (Betaling.Status.GOEDGEKEURD, "versturen"),
        (Betaling.Status.VERSTUURD, "als uitbetaald melden"),
    ):
        aantal = Betaling.objects.filter(dossier__ronde__luik__in=luiken, status=status).count()
        if aantal:
            tekst = f"{aantal} {'betaling' if aantal == 1 else 'betalingen'} {wat}"
            punten.append(Punt(tekst, f"{reverse('betalingen')}?status={status}"))
    return punten
