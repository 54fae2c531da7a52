"""Pages about recoveries: the list, a new intention, one recovery for staff and for its beneficiary, its letters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from betalingen import interest, queries, rechten, services, stukken
from betalingen.forms_terugvordering import (
    AanmaanForm,
    BeslisForm,
    HerroepForm,
    HoorForm,
    OnbaarForm,
    OntvangForm,
    PlanForm,
    ReactieForm,
    TerugvorderingFilter,
    VerjaringForm,
    VerrekenForm,
    VoornemenForm,
)
from betalingen.models import Terugvordering
from betalingen.resources import terugvorderingblad
from dossiers import rechten as dossierrechten
from dossiers.beroep import BEROEP
from dossiers.models import Dossier
from kern import klok, uitvoer, uploads
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.templatetags.loket import dag
from kern.weg import reden_tegen
from kern.weigering import GeenRecht
from kern.werkblad import Blad
from oproepen import rechten as oproeprechten
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
LEEG = ("", "alle")
Status = Terugvordering.Status
VOORSTEL_TERMIJN = 30
GEDAAN = {
    "reageer": "Wij hebben uw reactie ontvangen.",
    "hoor": "De begunstigde is gehoord. De budgethouder krijgt bericht.",
    "beslis": "De beslissing is geregistreerd. De behandelaar geeft ze ter kennis.",
    "kennisgeving": "De beslissing is ter kennis gegeven. De begunstigde krijgt de brief.",
    "trek_in": "De terugvordering is ingetrokken. De begunstigde krijgt bericht.",
    "maan_aan": "De begunstigde krijgt een aanmaning.",
    "verleng_verjaring": "De nieuwe dag van de verjaring is bewaard.",
    "plan": "Het afbetalingsplan is toegestaan. De begunstigde krijgt bericht.",
    "ontvang": "De ontvangst is geregistreerd. De begunstigde krijgt bericht.",
    "herroep": "De ontvangst is herroepen. De begunstigde krijgt bericht.",
    "verreken": "De terugvordering is verrekend. De begunstigde krijgt bericht.",
    "stel_oninbaar_voor": "De budgethouder krijgt uw voorstel om af te schrijven.",
    "oninbaar": "Wat nog openstond, is afgeschreven.",
}


# Who may do what, whatever the state: a click that comes too late is told so.
MAG: dict[str, Callable[[Any, Terugvordering], bool]] = {
    "reageer": rechten.mag_op_terugvordering_reageren,
    "hoor": rechten.mag_terugvordering_behandelen,
    "kennisgeving": rechten.mag_terugvordering_behandelen,
    "maan_aan": rechten.mag_terugvordering_behandelen,
    "verleng_verjaring": rechten.mag_terugvordering_behandelen,
    "beslis": rechten.mag_terugvordering_beslissen,
    "plan": rechten.mag_terugvordering_beslissen,
    "verreken": rechten.mag_terugvordering_beslissen,
    "oninbaar": rechten.mag_terugvordering_beslissen,
    "ontvang": rechten.mag_terugvordering_ontvangen,
    "stel_oninbaar_voor": rechten.mag_terugvordering_ontvangen,
    "herroep": rechten.mag_terugvordering_ontvangen,
    "trek_in": rechten.mag_terugvordering_intrekken,
}


def _lijst(request: Verzoek) -> tuple[TerugvorderingFilter, QuerySet[Terugvordering], list[tuple[str, str]]]:
    if not oproeprechten.is_personeel(request.user):
        raise GeenRecht
    form = TerugvorderingFilter(request.GET)
    oproepen = rechten.ziet_budgetstand(request.user).order_by("titel").values_list("slug", "titel")
    form.fields["oproep"].choices = [LEEG, *oproepen]  # type: ignore[attr-defined]
    form.fields["status"].choices = [LEEG, *Status.choices]  # type: ignore[attr-defined]
    waarden: dict[str, Any] = {naam: form.waarde(naam) for naam in form.fields}
    getoond = [(str(form.fields[naam].label), str(waarde)) for naam, waarde in waarden.items() if waarde]
    rijen = queries.terugvorderingen_gefilterd(queries.terugvorderingen_voor(request.user), **waarden)
    return form, rijen, getoond


@require_GET
@aangemeld()
def terugvorderingen(request: Verzoek) -> HttpResponse:
    """List the recoveries, newest first, with what they add up to."""
    form, rijen, _ = _lijst(request)
    som = queries.som_van_terugvorderingen(rijen)
    pagina = Paginator(queries.terugvorderingen(rijen), PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {"form": form, "pagina": pagina, "som": som, "vandaag": klok.vandaag()}
    return render(request, "betalingen/terugvorderingen.html", context)


@require_GET
@aangemeld()
def bestand(request: Verzoek) -> HttpResponseBase:
    """Give the list as a sheet, with the same filters."""
    return uitvoer.geef(request, "terugvorderingen")


@uitvoer.lijst("terugvorderingen")
def _terugvorderingblad(request: Verzoek) -> Blad:
    _, rijen, getoond = _lijst(request)
    return terugvorderingblad(rijen, getoond)


@require_http_methods(["GET", "POST"])
@aangemeld()
def nieuw(request: Verzoek, nummer: str) -> HttpResponse:
    """Tell a beneficiary that money may be claimed back."""
    qs = Dossier.objects.select_related("ronde__luik__oproep", "organisatie")
    dossier = get_object_or_404(dossierrechten.zichtbaar_voor(qs, request.user), nummer=nummer)
    if not rechten.mag_terugvordering_voornemen(request.user, dossier):
        raise GeenRecht
    begin = {"hoortermijn": klok.vandaag() + timedelta(days=VOORSTEL_TERMIJN), "rechtsregel": "artikel_13"}
    _, te_veel = services.terug_te_vorderen(dossier)
    if te_veel:
        begin |= {"bedrag": te_veel, "grond": Terugvordering.Grond.TE_VEEL, "rechtsregel": "andere"}
    form = VoornemenForm(invoer(request), initial=begin)
    if (
        request.method == "POST"
        and form.is_valid()
        and (rij := probeer(form, lambda: _neem_voor(request, dossier, form)))
    ):
        messages.success(request, "Het voornemen is verstuurd. De begunstigde kan nu reageren.")
        return redirect("terugvordering", pk=rij.pk)
    betaald, geclaimd = services.hoogstens(dossier)
    context = {"dossier": dossier, "form": form, "betaald": betaald, "geclaimd": geclaimd, "rest": betaald - geclaimd}
    status = 422 if request.method == "POST" else 200
    return render(request, "betalingen/terugvordering_nieuw.html", context, status=status)


def _neem_voor(request: Verzoek, dossier: Dossier, form: VoornemenForm) -> Terugvordering:
    velden = dict(form.cleaned_data)
    rij: Terugvordering = services.neem_terugvordering_voor(
        dossier, bedrag_cent=velden.pop("bedrag"), **velden, door=request.user
    )
    return rij


# One recovery.


@dataclass
class Deel:
    """An act on the page: its form, or why it cannot be done now."""

    naam: str
    titel: str
    form: forms.Form
    daad: Callable[[], Any]
    reden: str | None = None
    uitleg: str = ""
    gevaarlijk: bool = False

    @property
    def handeling(self) -> dict[str, Any]:
        """Return the button that says why it is blocked."""
        return {"label": self.titel, "url": "", "reden": self.reden, "naam": self.naam}


def _of_404(request: Verzoek, pk: int) -> tuple[Terugvordering, bool]:
    """Return a recovery that this person sees, and whether she is its beneficiary (who is that first)."""
    rijen = rechten.terugvorderingen_zichtbaar_voor(Terugvordering.objects.all(), request.user)
    mensen = ("voorgenomen_door", "gehoord_door", "beslist_door", "oninbaar_voorgesteld_door")
    rij = get_object_or_404(queries.terugvorderingen(rijen).select_related(*mensen), pk=pk)
    return rij, dossierrechten.is_aanvrager(request.user, rij.dossier)


@require_http_methods(["GET", "POST"])
@aangemeld()
def terugvordering(request: Verzoek, pk: int) -> HttpResponse:
    """Show a recovery with what can be done; do it."""
    rij, begunstigde = _of_404(request, pk)
    delen = _delen(request, rij, begunstigde=begunstigde)
    if request.method == "POST":
        naam = request.POST.get("form", "")
        deel = delen.get(naam)
        if deel is None:
            if naam not in MAG or not MAG[naam](request.user, rij):
                raise GeenRecht
            return _pagina(request, rij, delen, begunstigde=begunstigde, te_laat=True)
        if deel.form.is_valid() and probeer(deel.form, lambda: bool(deel.daad())):
            messages.success(request, GEDAAN[deel.naam])
            return redirect("terugvordering", pk=pk)
    return _pagina(request, rij, delen, begunstigde=begunstigde)


def _pagina(
    request: Verzoek, rij: Terugvordering, delen: dict[str, Deel], *, begunstigde: bool, te_laat: bool = False
) -> HttpResponse:
    vandaag = klok.vandaag()
    bekend = rij.kennisgegeven_op is not None
    context = {
        "rij": rij,
        "dossier": rij.dossier,
        "begunstigde": begunstigde,
        # Nothing of a decision before its notification, for who it is about.
        "ziet_beslissing": bekend or (not begunstigde and rij.bedrag_cent is not None),
        "bekend": bekend,
        "is_open": rij.status in Terugvordering.OPEN,
        "open_cent": interest.nog_open(rij, vandaag),
        "interest_cent": interest.interest_open(rij, vandaag),
        "procent": stukken.procent(rij.interest_honderdsten) if rij.interest_honderdsten else "",
        "betaalwijze": stukken.betaalwijze(rij) if bekend else None,
        "termijnen": rij.termijnen() if rij.status == Status.AFBETALINGSPLAN else [],
        "ontvangsten": list(rij.ontvangsten.all()),
        "delen": list(delen.values()),
        "beroep": BEROEP,
        "vandaag": vandaag,
    }
    if te_laat:
        status = rij.zichtbare_status if begunstigde else str(rij.get_status_display())
        context["te_laat"] = f"Dit kan niet: de terugvordering heeft de status '{status.lower()}'."
    fout = request.method == "POST"
    return render(request, "betalingen/terugvordering.html", context, status=422 if fout else 200)


def _delen(request: Verzoek, rij: Terugvordering, *, begunstigde: bool) -> dict[str, Deel]:
    """Return the acts that fit the state of a recovery and this person, by name."""
    getypt = invoer(request)
    welk = getypt.get("form") if getypt is not None else None

    def maak(naam: str, soort: Callable[..., Any], **kwargs: Any) -> Any:
        return soort(getypt if welk == naam else None, auto_id=f"id_{naam}_%s", **kwargs)

    wie = request.user
    delen = _van_begunstigde(wie, rij, maak) if begunstigde else []
    if not begunstigde:
        if rechten.mag_terugvordering_behandelen(wie, rij):
            delen += _van_behandelaar(wie, rij, maak)
        if rechten.mag_terugvordering_beslissen(wie, rij):
            delen += _van_budgethouder(wie, rij, maak)
        if rechten.mag_terugvordering_ontvangen(wie, rij):
            delen += _van_boekhouder(wie, rij, maak)
        if rij.status in {*Terugvordering.VOOR_BESLISSING, Status.BESLIST} and (
            rechten.mag_terugvordering_intrekken(wie, rij)
        ):
            delen.append(_intrekken(wie, rij, maak))
    return {deel.naam: deel for deel in delen}


Maker = Callable[..., Any]


def _van_begunstigde(wie: Any, rij: Terugvordering, maak: Maker) -> list[Deel]:
    if rij.status != Status.VOORNEMEN:
        return []
    form = maak("reageer", ReactieForm)
    daad = lambda: services.reageer_op_terugvordering(rij, reactie=form.cleaned_data["reactie"], door=wie)  # noqa: E731
    return [
        Deel("reageer", "Reageren", form, daad, uitleg="U kunt één keer reageren. Wij lezen het voor wij beslissen.")
    ]


def _van_behandelaar(wie: Any, rij: Terugvordering, maak: Maker) -> list[Deel]:
    delen = []
    if rij.status == Status.VOORNEMEN:
        hoor = maak("hoor", HoorForm)
        daad = lambda: services.hoor_over_terugvordering(rij, reactie=hoor.cleaned_data["reactie"], door=wie)  # noqa: E731
        delen.append(Deel("hoor", "Hoorzitting afsluiten", hoor, daad))
    if rij.status == Status.BESLIST:
        geef = maak("kennisgeving", forms.Form)
        delen.append(
            Deel(
                "kennisgeving",
                "Ter kennis geven",
                geef,
                lambda: services.geef_kennis_van_terugvordering(rij, door=wie),
                reden=reden_tegen(rij, "geef_kennis"),
                uitleg="De begunstigde krijgt de brief, en het bedrag staat dan als vordering in het grootboek.",
            )
        )
    if rij.status in Terugvordering.OPEN:
        aan = maak("maan_aan", AanmaanForm)
        aanmanen = lambda: services.maan_aan(rij, termijn_dagen=aan.cleaned_data["termijn"], door=wie)  # noqa: E731
        delen.append(Deel("maan_aan", "Aanmanen", aan, aanmanen, reden=reden_tegen(rij, "maan_aan")))
        nieuw = maak("verleng_verjaring", VerjaringForm)
        verleng = lambda: services.verleng_verjaring(rij, **nieuw.voor_handeling(), door=wie)  # noqa: E731
        delen.append(
            Deel(
                "verleng_verjaring",
                "Verjaring verlengen",
                nieuw,
                verleng,
                uitleg=f"Nu verjaart ze op {dag(rij.verjaart_op)}.",
            )
        )
    return delen


def _van_budgethouder(wie: Any, rij: Terugvordering, maak: Maker) -> list[Deel]:
    delen = []
    if rij.status == Status.GEHOORD:
        begin = {"bedrag": rij.voorgenomen_cent, "motivering": rij.toelichting, "datum": klok.vandaag(), "termijn": 30}
        beslis = maak("beslis", BeslisForm, initial=begin)
        daad = lambda: services.beslis_terugvordering(rij, **beslis.voor_handeling(), door=wie)  # noqa: E731
        zelf = (
            "U nam deze terugvordering zelf voor; een andere persoon beslist."
            if rij.voorgenomen_door_id == wie.pk
            else None
        )
        delen.append(Deel("beslis", "Beslissen", beslis, daad, reden=zelf))
    if rij.status not in Terugvordering.OPEN:
        return delen
    if rij.status != Status.AFBETALINGSPLAN:
        plan = maak("plan", PlanForm)
        sta_toe = lambda: services.sta_afbetalingsplan_toe(rij, **plan.cleaned_data, door=wie)  # noqa: E731
        delen.append(Deel("plan", "Afbetalingsplan toestaan", plan, sta_toe, reden=reden_tegen(rij, "sta_plan_toe")))
    keuzes = [b for b in services.te_verrekenen(rij) if rechten.mag_goedkeuren(wie, b)]
    verreken = maak("verreken", VerrekenForm, betalingen=keuzes)
    niets = (
        None if keuzes else "Er is geen betaling aan deze organisatie die nu vertrekken kan en nog niet goedgekeurd is."
    )
    delen.append(
        Deel(
            "verreken",
            "Verrekenen met een betaling",
            verreken,
            lambda: services.verreken(rij, betaling=int(verreken.cleaned_data["betaling"]), door=wie),
            reden=reden_tegen(rij, "verreken") or niets,
            uitleg="Wij houden zoveel mogelijk af van de betaling; ze vertrekt voor de rest.",
        )
    )
    zelf = (
        "U stelde dit zelf voor; een andere persoon schrijft af."
        if rij.oninbaar_voorgesteld_door_id == wie.pk
        else None
    )
    delen.append(
        Deel(
            "oninbaar",
            "Oninbaar verklaren",
            maak("oninbaar", forms.Form),
            lambda: services.verklaar_oninbaar(rij, door=wie),
            reden=zelf or reden_tegen(rij, "verklaar_oninbaar"),
            uitleg=f"Voorstel: {rij.oninbaar_reden}",
            gevaarlijk=True,
        )
    )
    return delen


def _van_boekhouder(wie: Any, rij: Terugvordering, maak: Maker) -> list[Deel]:
    delen = [_herroepen(wie, rij, maak)] if services.te_herroepen(rij) else []
    if rij.status not in Terugvordering.OPEN:
        return delen if rij.status in Terugvordering.VOLDAAN else []
    form = maak("ontvang", OntvangForm, initial={"datum": klok.vandaag()})

    def ontvang() -> Any:
        wat = form.cleaned_data
        return services.ontvang_terugvordering(
            rij, datum=wat["datum"], bedrag_cent=wat["bedrag"], referentie=wat["referentie"], door=wie
        )

    voorstel = maak("stel_oninbaar_voor", OnbaarForm)
    return [
        Deel("ontvang", "Ontvangst registreren", form, ontvang),
        Deel(
            "stel_oninbaar_voor",
            "Voorstellen om af te schrijven",
            voorstel,
            lambda: services.stel_oninbaar_voor(rij, reden=voorstel.cleaned_data["reden"], door=wie),
            uitleg="De budgethouder beslist.",
        ),
        *delen,
    ]


def _herroepen(wie: Any, rij: Terugvordering, maak: Maker) -> Deel:
    form = maak("herroep", HerroepForm, ontvangsten=services.te_herroepen(rij))

    def daad() -> Any:
        wat = form.cleaned_data
        return services.herroep_ontvangst(rij, ontvangst=int(wat["ontvangst"]), reden=wat["reden"], door=wie)

    uitleg = "Voor wat verkeerd geregistreerd is. Wat op een rekeningafschrift stond, herroept u bij dat afschrift."
    return Deel("herroep", "Ontvangst herroepen", form, daad, uitleg=uitleg, gevaarlijk=True)


def _intrekken(wie: Any, rij: Terugvordering, maak: Maker) -> Deel:
    form = maak("trek_in", OnbaarForm)
    daad = lambda: services.trek_terugvordering_in(rij, reden=form.cleaned_data["reden"], door=wie)  # noqa: E731
    return Deel("trek_in", "Intrekken", form, daad, uitleg="De begunstigde leest deze reden.", gevaarlijk=True)


# Letters.


@require_GET
@aangemeld()
def voornemen_pdf(request: Verzoek, pk: int) -> FileResponse:
    """Give the letter of the intention."""
    rij, _ = _of_404(request, pk)
    return uploads.stuk_als_bijlage(stukken.voornemen_bestand(rij.pk))


@require_GET
@aangemeld()
def brief_pdf(request: Verzoek, pk: int) -> FileResponse:
    """Give the letter of the decision, once it was notified."""
    rij, _ = _of_404(request, pk)
    if rij.kennisgegeven_op is None:
        raise Http404
    return uploads.stuk_als_bijlage(stukken.beslissing_bestand(rij.pk))


@require_GET
@aangemeld()
def aanmaning_pdf(request: Verzoek, pk: int) -> FileResponse:
    """Give the last reminder."""
    rij, _ = _of_404(request, pk)
    feit = stukken.laatste_aanmaning(rij)
    stuk = stukken.aanmaning_bestand(feit) if feit else None
    if stuk is None:
        raise Http404
    return uploads.stuk_als_bijlage(stuk)
