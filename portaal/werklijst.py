"""What waits for a person, by role: each line says what to do and links to where it is done.

The number in the header of every page is the number of lines on Mijn werk (portaal/punten.py).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import reduce
from operator import add
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.urls import reverse

from beoordeling import register
from beoordeling.models import Besluit, Scoreblad
from beoordeling.queries import besluiten_zonder_vastlegging, rondes_met_vrije_reserve
from betalingen.models import Betaalaanvraag, Betaling, Terugvordering
from betalingen.queries import (
    aan_te_vragen,
    af_te_rekenen,
    afwijkende_feiten,
    lang_open,
    opstelbaar,
    terugvorderingen_te_behandelen,
    terugvorderingen_te_beslissen,
    wacht_op_vereffening,
)
from betalingen.rechten import van_anderen
from dossiers.models import Dossier, Kostenregel, Kostenstaat, Verslag
from kern import klok
from kern.templatetags.loket import dag
from oproepen.deminimis import REGISTER_WERKDAGEN
from oproepen.models import Luik, Oproep, Ronde, Taak
from oproepen.rechten import luiken_met_taak, taken_van
from organisaties.models import Gebruiker, Organisatie
from organisaties.rechten import eigen_organisaties, organisaties_van
from portaal.punten import Bron, Bundel, Elk, Punt, Rijen, Samen

Rol = Taak.Rol
MEESTE_VERSLAGEN = 20
MEESTE_ADVIEZEN = 50
MEESTE_TERUGVORDERINGEN = 20

Organisaties = Sequence[Organisatie] | QuerySet[Organisatie]


def werklijst(gebruiker: Gebruiker) -> list[dict[str, Any]]:
    """Return the groups of things to do, only those that hold something."""
    groepen = [
        {"titel": titel, "punten": [punt for bron in bronnen for punt in bron.punten()]}
        for titel, bronnen in _bronnen(gebruiker, eigen_organisaties(gebruiker))
    ]
    return [groep for groep in groepen if groep["punten"]]


def aantal_punten(gebruiker: Gebruiker) -> Combinable:
    """Return, as an expression for any query, how many lines the work list of a person has."""
    groepen = _bronnen(gebruiker, organisaties_van(gebruiker))
    return reduce(
        add, (Rijen(rijen.values("pk")) for _, bronnen in groepen for bron in bronnen for rijen in bron.geteld())
    )


def wacht_op(gebruiker: Gebruiker, aantal: int | None = None) -> dict[str, Any]:
    """Return what the header shows: how many lines wait (counted in one query where that is not known yet)."""
    if aantal is None:
        aantal = Gebruiker.objects.filter(pk=gebruiker.pk).values_list(aantal_punten(gebruiker), flat=True).get()
    return {"aantal": aantal, "url": reverse("mijn_werk")}


def _bronnen(gebruiker: Gebruiker, eigen: Organisaties) -> list[tuple[str, Sequence[Bron]]]:
    """Return the sources by group. `eigen`: what she belongs to, read already (a list) or not (a query)."""
    rollen = {taak.rol for taak in taken_van(gebruiker)}
    makers: dict[str, tuple[str, Callable[[Gebruiker, QuerySet[Luik]], Sequence[Bron]]]] = {
        Rol.BEHANDELAAR: ("Als dossierbehandelaar", _behandelaar),
        Rol.JURYLID: ("Als jurylid", _jurylid),
        Rol.VOORZITTER: ("Als voorzitter van de jury", _voorzitter),
        Rol.BUDGETHOUDER: ("Als budgethouder", _budgethouder),
        Rol.BOEKHOUDER: ("Als boekhouder", _boekhouder),
    }
    van_rollen = [
        (titel, maker(gebruiker, luiken_met_taak(gebruiker, rol)))
        for rol, (titel, maker) in makers.items()
        if rol in rollen
    ]
    return [("Uw aanvragen", _aanvrager(eigen)), *van_rollen]


def _aanvrager(eigen: Organisaties) -> Sequence[Bron]:
    concepten = Dossier.objects.filter(
        organisatie__in=eigen, status=Dossier.Status.CONCEPT, ronde__sluit_op__gt=klok.nu()
    ).select_related("ronde__luik__oproep")
    verslagen = Verslag.objects.filter(
        status__in=[Verslag.Status.VERWACHT, Verslag.Status.TERUG],
        dossier__kennisgegeven_op__isnull=False,
        dossier__organisatie__in=eigen,
    ).select_related("moment", "dossier")
    van_haar = Kostenstaat.objects.filter(dossier__organisatie__in=eigen).select_related("dossier")
    zonder_bewijs = Kostenregel.objects.filter(
        kostenstaat=OuterRef("pk"), in_steekproef=True, bestand=None, oordeel=Kostenregel.Oordeel.OPEN
    )
    te_bewijzen = Q(Exists(zonder_bewijs), status=Kostenstaat.Status.INGEDIEND)
    open_ = (Terugvordering.Status.VOORNEMEN, *Terugvordering.OPEN)
    terug = Terugvordering.objects.filter(status__in=open_, dossier__organisatie__in=eigen).select_related("dossier")
    return [
        Elk(concepten, _af_te_werken),
        Elk(verslagen, _te_schrijven),
        Elk(terug, _terug_te_betalen),
        Elk(_te_vragen(eigen), _vraag_aan),
        Elk(van_haar.filter(Q(status__in=Kostenstaat.OPEN) | te_bewijzen), _op_te_geven),
    ]


def _te_vragen(eigen: Organisaties) -> QuerySet[Betaling]:
    rijen = Betaling.objects.filter(dossier__organisatie__in=eigen, dossier__kennisgegeven_op__isnull=False)
    return aan_te_vragen(rijen).select_related("dossier", "schijf", "aanvraag")


def _vraag_aan(betaling: Betaling) -> Punt:
    naam = f"{betaling.schijf.naam} van {betaling.dossier.nummer}"
    wat = f"Schuldvordering indienen voor {naam}" if betaling.schijf.schuldvordering else f"{naam} aanvragen"
    tot = betaling.aanvraag_tot
    terug = hasattr(betaling, "aanvraag")
    uitleg = "Teruggestuurd om aan te passen" if terug else f"Tot en met {dag(tot)}" if tot else ""
    return Punt(wat, reverse("betaling_aanvragen", args=[betaling.pk]), uitleg, dringend=terug)


def _op_te_geven(staat: Kostenstaat) -> Punt:
    if staat.status == Kostenstaat.Status.INGEDIEND:
        return _te_bewijzen(staat)
    terug = staat.status == Kostenstaat.Status.TERUGGESTUURD
    wat = "verbeteren en opnieuw indienen" if terug else "afwerken en indienen"
    naam = f"Kostenstaat {staat.volgnummer} van {staat.dossier.nummer}"
    return Punt(f"{naam} {wat}", reverse("kostenstaat", args=[staat.pk]), dringend=terug)


def _te_bewijzen(staat: Kostenstaat) -> Punt:
    naam = f"kostenstaat {staat.volgnummer} van {staat.dossier.nummer}"
    url = f"{reverse('kostenstaat', args=[staat.pk])}?toon=steekproef"
    return Punt(f"Bewijsstukken toevoegen bij {naam}", url, "Deze regels zitten in de steekproef")


def _terug_te_betalen(rij: Terugvordering) -> Punt:
    url = reverse("terugvordering", args=[rij.pk])
    if rij.status == Terugvordering.Status.VOORNEMEN:
        tekst = f"Reageren op een terugvordering bij {rij.dossier.nummer}"
        return Punt(tekst, url, f"Tot en met {dag(rij.hoortermijn)}", dringend=True)
    # The instalments of a plan stand on its page.
    plan = rij.status == Terugvordering.Status.AFBETALINGSPLAN
    vervaldag = None if plan else rij.vervaldag
    return Punt(
        f"Terugbetalen voor {rij.dossier.nummer}",
        url,
        f"Uiterlijk {dag(vervaldag)}" if vervaldag else "Volgens uw afbetalingsplan",
        dringend=vervaldag is not None and vervaldag < klok.vandaag(),
    )


def _af_te_werken(dossier: Dossier) -> Punt:
    return Punt(
        f"Dossier {dossier.nummer} afwerken en indienen",
        reverse("dossier_vragen", args=[dossier.nummer]),
        f"{dossier.ronde.luik.oproep}, tot {dag(dossier.ronde.sluit_op)}",
        dringend=(dossier.ronde.sluit_op - klok.nu()).days < 7,  # noqa: PLR2004
    )


def _te_schrijven(verslag: Verslag) -> Punt:
    terug = "Aanvulling gevraagd. " if verslag.status == Verslag.Status.TERUG else ""
    return Punt(
        f"{verslag.moment.get_soort_display()} van {verslag.dossier.nummer} indienen",
        reverse("verslag", args=[verslag.pk]),
        f"{terug}Uiterlijk {dag(verslag.uiterlijk)}",
        dringend=verslag.uiterlijk < klok.vandaag(),
    )


def _na_te_rekenen(luiken: QuerySet[Luik], gebruiker: Gebruiker) -> QuerySet[Kostenstaat]:
    # Of her own organisation another handler judges.
    staten = Kostenstaat.objects.filter(dossier__ronde__luik__in=luiken, status=Kostenstaat.Status.INGEDIEND)
    anderen = staten.exclude(dossier__organisatie__in=organisaties_van(gebruiker))
    return anderen.select_related("dossier").order_by("ingediend_op", "pk")


def _kostenstaat(staat: Kostenstaat) -> Punt:
    wat = f"Kostenstaat {staat.volgnummer} van {staat.dossier.nummer}"
    return Punt(f"{wat} nakijken", reverse("kostenstaat", args=[staat.pk]))


def _behandelaar(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> Sequence[Bron]:
    verslagen = Verslag.objects.filter(dossier__ronde__luik__in=luiken, status=Verslag.Status.INGEDIEND)
    te_behandelen = terugvorderingen_te_behandelen(luiken, klok.vandaag())
    return [
        Elk(
            _oproepen(luiken, Oproep.Status.ONTWERP),
            lambda o: Punt(f"Oproep '{o}' voorleggen", reverse("oproep_beheer", args=[o.slug])),
        ),
        Elk(_rondes(luiken), _ronde),
        Elk(verslagen.select_related("moment", "dossier")[:MEESTE_VERSLAGEN], _na_te_kijken),
        Elk(_na_te_rekenen(luiken, gebruiker)[:MEESTE_VERSLAGEN], _kostenstaat),
        Bundel(gebruiker, [*_te_melden(gebruiker, luiken), *_geplande_betalingen(gebruiker, luiken)]),
        Elk(van_anderen(te_behandelen, gebruiker)[:MEESTE_TERUGVORDERINGEN], _terug_te_vorderen),
    ]


def _lang_belemmerd(luiken: QuerySet[Luik]) -> Samen:
    """Return one line for what has blocked payments for more than 90 days."""
    url = f"{reverse('belemmeringen')}?status=open"
    return Samen(
        lang_open(luiken, klok.vandaag()),
        lambda aantal, _: Punt(
            f"{_aantal(aantal, 'belemmering', 'belemmeringen')} van betalingen nakijken",
            url,
            "Langer dan 90 dagen open",
        ),
    )


def _terug_te_vorderen(rij: Any) -> Punt:
    url, van = reverse("terugvordering", args=[rij.pk]), f"terugvordering bij {rij.dossier.nummer}"
    if rij.status == Terugvordering.Status.VOORNEMEN:
        return Punt(f"Hoorzitting over de {van} afsluiten", url, f"De termijn was {dag(rij.hoortermijn)}")
    if rij.status == Terugvordering.Status.BESLIST:
        return Punt(f"De {van} ter kennis geven", url)
    if rij.is_verjaard:
        return Punt(f"De {van} is verjaard: verlengen of afschrijven", url, f"Verjaarde op {dag(rij.verjaart_op)}")
    verjaart = f"Verjaart op {dag(rij.verjaart_op)}"
    if rij.te_laat:
        return Punt(f"De {van} aanmanen: niet op tijd betaald", url, verjaart)
    return Punt(f"De {van} verjaart binnen een jaar", url, verjaart, dringend=True)


def _oproepen(luiken: QuerySet[Luik], status: str) -> QuerySet[Oproep]:
    return Oproep.objects.filter(luiken__in=luiken, status=status).distinct()


def _rondes(luiken: QuerySet[Luik]) -> QuerySet[Ronde]:
    """Return the rounds in which the handler can do something now, each with the decision that waits for her, if any.

    Those that may be closed, are being judged, have a decision to present or notify, or money free for their reserve
    list. A round has one decision at a time in her hands.
    """
    sluitbaar = Q(
        status=Ronde.Status.GEPLAND, sluit_op__lte=klok.nu() - timedelta(seconds=settings.LANGSTE_VERZOEK_SECONDEN)
    )
    loopt = Q(status__in=[Ronde.Status.GESLOTEN, Ronde.Status.IN_BEOORDELING])
    te_beoordelen = Count("dossiers", filter=Q(dossiers__status=Dossier.Status.INGEDIEND))
    reserve = Q(pk__in=rondes_met_vrije_reserve(luiken).values("pk"))
    besluit = Besluit.objects.filter(ronde=OuterRef("pk"), status__in=["ontwerp", "ondertekend"])
    rondes = Ronde.objects.annotate(
        te_beoordelen=te_beoordelen,
        besluit=Subquery(besluit.values("pk")[:1]),
        besluit_status=Subquery(besluit.values("status")[:1]),
    )
    rondes = rondes.filter(sluitbaar | loopt | reserve | Q(besluit__isnull=False), luik__in=luiken)
    return rondes.select_related("luik__oproep").order_by("luik_id", "nummer")


def _ronde(ronde: Any) -> Punt:
    url = reverse("ronde", args=[ronde.pk])
    if ronde.besluit is not None:
        return _besluit(ronde)
    if ronde.status == Ronde.Status.GEPLAND:
        return Punt(f"{ronde} sluiten", url)
    if ronde.status == Ronde.Status.KENNISGEGEVEN:
        return Punt(f"Toekennen uit de reservelijst van {ronde}", url, "Er is budget vrij")
    if ronde.te_beoordelen:
        wat = _aantal(ronde.te_beoordelen, "dossier", "dossiers")
        return Punt(f"Ontvankelijkheid van {wat} beoordelen", f"{url}?status=ingediend", str(ronde))
    if ronde.status == Ronde.Status.GESLOTEN:
        return Punt("Beoordeling starten", url, str(ronde))
    return Punt("Jury opvolgen en rangschikking opmaken", url, str(ronde))


def _besluit(ronde: Any) -> Punt:
    wat = "ter ondertekening voorleggen" if ronde.besluit_status == Besluit.Status.ONTWERP else "ter kennis geven"
    reserve = " uit de reservelijst" if ronde.status == Ronde.Status.KENNISGEGEVEN else ""
    return Punt(f"Besluit{reserve} over {ronde} {wat}", reverse("besluit", args=[ronde.besluit]))


def _na_te_kijken(verslag: Verslag) -> Punt:
    wat = f"{verslag.moment.get_soort_display()} van {verslag.dossier.nummer}"
    return Punt(f"{wat} nakijken", reverse("verslag", args=[verslag.pk]))


def _te_melden(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> list[Samen]:
    """Return a line for the de-minimis aid of which the term to report it is near or over, and one for the other."""
    rijen = register.te_melden(register.zichtbaar_voor(gebruiker).filter(ronde__luik__in=luiken))
    grens = register.dringend_tot(klok.vandaag())
    return [
        Samen(rijen.filter(beslist_op__lte=grens), lambda aantal, _: _meld(aantal, dringend=True)),
        Samen(rijen.filter(beslist_op__gt=grens), lambda aantal, _: _meld(aantal, dringend=False)),
    ]


def _meld(aantal: int, *, dringend: bool) -> Punt:
    tekst = f"{_aantal(aantal, 'toekenning', 'toekenningen')} melden aan het de-minimisregister"
    bijna = f"De termijn is voorbij of eindigt binnen {register.BIJNA_WERKDAGEN} werkdagen"
    uitleg = bijna if dringend else f"Binnen {REGISTER_WERKDAGEN} werkdagen na de toekenning"
    return Punt(tekst, f"{reverse('deminimis')}?melding=te-melden", uitleg, dringend=dringend)


def _geplande_betalingen(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> list[Samen]:
    gepland = _betalingen(gebruiker, luiken, Betaling.Status.GEPLAND)
    return [
        Samen(_nagevraagd(gepland), _kijk_aanvraag_na),
        Samen(af_te_rekenen(gepland), _reken_af),
        Samen(opstelbaar(gepland), _stel_op),
    ]


def _nagevraagd(gepland: QuerySet[Betaling]) -> QuerySet[Betaling]:
    return gepland.filter(schijf__schuldvordering=True, aanvraag__status=Betaalaanvraag.Status.INGEDIEND)


def _kijk_aanvraag_na(aantal: int, eerste: int) -> Punt:
    return _voor_te_bereiden(aantal, eerste, f"{_aantal(aantal, 'schuldvordering', 'schuldvorderingen')} nakijken")


def _reken_af(aantal: int, eerste: int) -> Punt:
    wat = _aantal(aantal, "saldo", "saldo's")
    return _voor_te_bereiden(aantal, eerste, f"{wat} afrekenen")


def _voor_te_bereiden(aantal: int, eerste: int, tekst: str) -> Punt:
    lijst = f"{_betalingenlijst(Betaling.Status.GEPLAND)}&gereed=nee"
    return Punt(tekst, reverse("betaling_voorbereiden", args=[eerste]) if aantal == 1 else lijst)


def _stel_op(aantal: int, eerste: int) -> Punt:
    url = (
        reverse("betaling", args=[eerste]) if aantal == 1 else f"{_betalingenlijst(Betaling.Status.GEPLAND)}&gereed=ja"
    )
    return Punt(f"{_aantal(aantal, 'betaling', 'betalingen')} opstellen", url)


def _jurylid(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> Sequence[Bron]:
    bladen = Scoreblad.objects.filter(
        jurylid_id=gebruiker.pk, dossier__ronde__luik__in=luiken, dossier__ronde__status=Ronde.Status.IN_BEOORDELING
    ).exclude(status=Scoreblad.Status.INGEDIEND)
    return [Elk(bladen.select_related("dossier").order_by("dossier_id"), _te_scoren)]


def _te_scoren(blad: Scoreblad) -> Punt:
    url = reverse("scoreblad", args=[blad.pk])
    return Punt(f"{blad.dossier.nummer}: {blad.dossier.titel}", url, blad.get_status_display())


def _voorzitter(_gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> Sequence[Bron]:
    klaar = Dossier.objects.filter(
        ronde__luik__in=luiken, ronde__status=Ronde.Status.IN_BEOORDELING, status=Dossier.Status.ONTVANKELIJK
    ).filter(juryadvies=None)
    klaar = klaar.annotate(
        alle=Count("scorebladen"), klaar=Count("scorebladen", filter=Q(scorebladen__status="ingediend"))
    ).filter(alle=F("klaar"), klaar__gte=F("ronde__lezers_per_dossier"))
    return [
        Elk(
            klaar.order_by("pk")[:MEESTE_ADVIEZEN],
            lambda d: Punt(f"Advies over {d.nummer} vaststellen", reverse("dossier_jury", args=[d.nummer]), d.titel),
        )
    ]


def _budgethouder(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> Sequence[Bron]:
    besluiten = Besluit.objects.filter(ronde__luik__in=luiken, status=Besluit.Status.TER_ONDERTEKENING)
    te_beslissen = terugvorderingen_te_beslissen(luiken)
    return [
        Elk(
            _oproepen(luiken, Oproep.Status.TER_GOEDKEURING),
            lambda o: Punt(f"Oproep '{o}' goedkeuren en publiceren", reverse("oproep_beheer", args=[o.slug])),
        ),
        Elk(
            besluiten.select_related("ronde__luik__oproep"),
            lambda b: Punt(f"Ondertekening van het {b} registreren", reverse("besluit", args=[b.pk])),
        ),
        _per_status(gebruiker, luiken, Betaling.Status.TE_CONTROLEREN, "controleren"),
        _tweede_goedkeuring(gebruiker, luiken),
        Elk(van_anderen(te_beslissen, gebruiker)[:MEESTE_TERUGVORDERINGEN], _te_beslissen),
    ]


def _te_beslissen(rij: Terugvordering) -> Punt:
    wat = "Beslissen over" if rij.status == Terugvordering.Status.GEHOORD else "Beslissen over het afschrijven van"
    return Punt(f"{wat} de terugvordering bij {rij.dossier.nummer}", reverse("terugvordering", args=[rij.pk]))


def _boekhouder(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> Sequence[Bron]:
    return [
        Bundel(gebruiker, [*_te_boeken(gebruiker, luiken), _lang_belemmerd(luiken)]),
        Elk(besluiten_zonder_vastlegging(luiken), _vast_te_leggen),
        Samen(afwijkende_feiten(gebruiker, luiken), _kijk_verschillen_na),
    ]


def _te_boeken(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> Sequence[Samen]:
    verstuurd = _betalingen(gebruiker, luiken, Betaling.Status.VERSTUURD)
    wacht = wacht_op_vereffening(verstuurd)
    melden = verstuurd.exclude(pk__in=wacht.values("pk"))
    lijst = _betalingenlijst(Betaling.Status.VERSTUURD)
    elders = f"{reverse('boekhouding')}?lijst=betalingen"
    return [
        _per_status(gebruiker, luiken, Betaling.Status.GOEDGEKEURD, "versturen"),
        Samen(melden, lambda n, _: Punt(f"{_aantal(n, 'betaling', 'betalingen')} als uitbetaald melden", lijst)),
        Samen(
            wacht,
            lambda n, _: Punt(
                f"{_aantal(n, 'betaling wacht', 'betalingen wachten')} op de vereffening door de boekhouding", elders
            ),
        ),
    ]


def _kijk_verschillen_na(_aantal: int, _eerste: int) -> Punt:
    url = f"{reverse('boekhouding')}?lijst=verschillen"
    return Punt("Verschillen met de boekhouding nakijken", url, "Verbeteren of verklaren")


def _vast_te_leggen(besluit: Besluit) -> Punt:
    return Punt(f"Het {besluit} wacht op zijn vastlegging", reverse("boekhouding"), "In de boekhouding")


def _tweede_goedkeuring(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> Samen:
    status = Betaling.Status.TWEEDE_CONTROLE
    eigen_werk = Q(goedgekeurd_door=gebruiker) | Q(opgesteld_door=gebruiker) | Q(rekening_door=gebruiker)
    rijen = _betalingen(gebruiker, luiken, status).exclude(eigen_werk)
    url = _betalingenlijst(status)
    return Samen(
        rijen, lambda aantal, _: Punt(f"{_aantal(aantal, 'betaling', 'betalingen')} als tweede goedkeuren", url)
    )


def _per_status(gebruiker: Gebruiker, luiken: QuerySet[Luik], status: Betaling.Status, wat: str) -> Samen:
    return Samen(
        _betalingen(gebruiker, luiken, status),
        lambda aantal, _: Punt(f"{_aantal(aantal, 'betaling', 'betalingen')} {wat}", _betalingenlijst(status)),
    )


def _betalingen(gebruiker: Gebruiker, luiken: QuerySet[Luik], status: str) -> QuerySet[Betaling]:
    rijen = Betaling.objects.filter(dossier__ronde__luik__in=luiken, status=status)
    return van_anderen(rijen, gebruiker)


def _betalingenlijst(status: str) -> str:
    return f"{reverse('betalingen')}?status={status}"


def _aantal(aantal: int, een: str, meer: str) -> str:
    return f"{aantal} {een if aantal == 1 else meer}"
