"""Pages of cost claims: those of a dossier, one claim to hand in or to judge, the budget by kind of costs."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dossiers import rechten
from dossiers.kosten import services
from dossiers.kosten.afrekening import afrekening
from dossiers.kosten.beelden import vergelijkingsbeeld
from dossiers.kosten.dubbel import dubbels
from dossiers.kosten.forms import OordeelForm, OpmerkingForm, PeriodeForm, VerdelingForm
from dossiers.kosten.models import Kostenregel, Kostenstaat
from dossiers.kosten.opmaak import LEZEN
from dossiers.kosten.queries import foutenkans, met_totalen, vergelijking_van
from dossiers.kosten.regels import kader_van, waarschuwingen
from dossiers.models import Dossier
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.weg import reden_tegen
from kern.weigering import GeenRecht
from oproepen.models import Betaalschijf, Kostenregeling
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
Status = Kostenstaat.Status


def dossier_of_404(request: Verzoek, nummer: str) -> Dossier:
    """Return a dossier with cost claims that this person sees; its applicant only once the award is notified."""
    zichtbaar = rechten.zichtbaar_voor(Dossier.objects.select_related(*_VELDEN), request.user)
    rij = get_object_or_404(zichtbaar.filter(kennisgegeven_op__isnull=False), nummer=nummer)
    if rij.status not in Dossier.TOEGEKENDE or not hasattr(rij.ronde.luik, "kostenregeling"):
        raise Http404
    return rij


_VELDEN = ("ronde__luik__kostenregeling", "ronde__luik__oproep", "organisatie")


def staat_of_404(request: Verzoek, pk: int) -> Kostenstaat:
    """Return a claim that this person sees, with its totals."""
    zichtbaar = rechten.kostenstaten_zichtbaar_voor(Kostenstaat.objects.select_related(*LEZEN), request.user)
    return get_object_or_404(met_totalen(zichtbaar), pk=pk)


@require_http_methods(["GET", "POST"])
@aangemeld()
def van_dossier(request: Verzoek, nummer: str) -> HttpResponse:
    """Show the claims of a project beside its budget; start another one."""
    dossier = dossier_of_404(request, nummer)
    mag = rechten.mag_kosten_opgeven(request.user, dossier)
    if request.method == "POST" and not mag:
        raise GeenRecht
    form = PeriodeForm(invoer(request), initial={"van": dossier.ronde.luik.project_van})
    if request.method == "POST" and form.is_valid():
        staat = probeer(form, lambda: services.begin_kostenstaat(dossier, **form.cleaned_data, door=request.user))
        if staat is not None:
            messages.success(request, "De kostenstaat is begonnen. Voeg nu uw kosten toe.")
            return redirect("kostenstaat", pk=staat.pk)
    zichtbaar = rechten.kostenstaten_zichtbaar_voor(dossier.kostenstaten.all(), request.user)
    rijen = list(met_totalen(zichtbaar).order_by("volgnummer"))
    context = {
        "dossier": dossier,
        "regeling": dossier.ronde.luik.kostenregeling,
        "vaste_schijven": not dossier.ronde.luik.schijven.filter(soort=Betaalschijf.Soort.SALDO).exists(),
        "rijen": rijen,
        "vergelijking": vergelijkingsbeeld(vergelijking_van(dossier)),
        "afrekening": afrekening(dossier),
        "form": form if mag and _kan_beginnen(dossier, rijen) else None,
        "verdeelt": rechten.mag_begroting_verdelen(request.user, dossier),
    }
    return render(request, "dossiers/kosten/dossier.html", context, status=422 if request.method == "POST" else 200)


def _kan_beginnen(dossier: Dossier, rijen: list[Kostenstaat]) -> bool:
    return dossier.status in services.MET_KOSTEN and not any(rij.status in Kostenstaat.OPEN for rij in rijen)


@require_http_methods(["GET", "POST"])
@aangemeld()
def verdeling(request: Verzoek, nummer: str) -> HttpResponse:
    """Say which kind of costs each row of the budget belongs to."""
    dossier = dossier_of_404(request, nummer)
    if not rechten.mag_begroting_verdelen(request.user, dossier):
        raise GeenRecht
    form = VerdelingForm(invoer(request), dossier=dossier)
    if request.method == "POST" and form.is_valid():
        daad = services.verdeel_begroting
        if probeer(form, lambda: daad(dossier, verdeling=form.verdeling(), door=request.user)) is not None:
            messages.success(request, "De begroting is verdeeld.")
            return redirect("dossier_kosten", nummer=nummer)
    context = {"dossier": dossier, "form": form}
    return render(request, "dossiers/kosten/verdeling.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@aangemeld()
def kostenstaat(request: Verzoek, pk: int) -> HttpResponse:
    """Show one claim: to hand in (applicant), to judge line by line (handler), or to read."""
    staat = staat_of_404(request, pk)
    if request.method == "GET":
        return _pagina(request, staat)
    daad = request.POST.get("daad", "")
    if daad not in _DADEN:
        raise Http404
    return _DADEN[daad](request, staat)


def _dien_in(request: Verzoek, staat: Kostenstaat) -> HttpResponse:
    form = OpmerkingForm(request.POST)
    form.is_valid()
    if probeer(form, lambda: services.dien_kostenstaat_in(staat, door=request.user)) is None:
        return _pagina(request, staat, form)
    messages.success(request, "Uw kostenstaat is ingediend.")
    return redirect("kostenstaat", pk=staat.pk)


def _stuur_terug(request: Verzoek, staat: Kostenstaat) -> HttpResponse:
    form = OpmerkingForm(request.POST)
    if form.is_valid():
        opmerking = form.cleaned_data["opmerking"]
        daad = services.stuur_kostenstaat_terug
        if probeer(form, lambda: daad(staat, opmerking=opmerking, door=request.user)) is not None:
            messages.success(request, "De kostenstaat is teruggestuurd.")
            return redirect("kostenstaat", pk=staat.pk)
    return _pagina(request, staat, form)


def _rond_af(request: Verzoek, staat: Kostenstaat) -> HttpResponse:
    form = OpmerkingForm(request.POST)
    if form.is_valid():
        opmerking = form.cleaned_data["opmerking"]
        if probeer(form, lambda: services.rond_kostenstaat_af(staat, opmerking=opmerking, door=request.user)):
            messages.success(request, "Het nazicht is afgerond.")
            return redirect("kostenstaat", pk=staat.pk)
    return _pagina(request, staat, form)


def _beoordeel(request: Verzoek, staat: Kostenstaat) -> HttpResponse:
    form = OordeelForm(request.POST, staat=staat)
    if form.is_valid():
        gedaan = probeer(form, lambda: services.beoordeel_regels(staat, besluiten=form.besluiten(), door=request.user))
        if gedaan is not None:
            aantal = len(gedaan)
            messages.success(request, "1 regel is beoordeeld." if aantal == 1 else f"{aantal} regels zijn beoordeeld.")
            return redirect(f"{reverse('kostenstaat', args=[staat.pk])}{_terug(request.GET)}")
    return _pagina(request, staat, oordeel=form)


_DADEN = {"dien_in": _dien_in, "stuur_terug": _stuur_terug, "rond_af": _rond_af, "beoordeel": _beoordeel}


def _terug(vraag: QueryDict) -> str:
    schoon = QueryDict(mutable=True)
    schoon.update({naam: vraag.get(naam, "") for naam in ("toon", "pagina") if naam in vraag})
    return f"?{schoon.urlencode()}" if schoon else ""


def _getoond(staat: Kostenstaat, toon: str) -> QuerySet[Kostenregel]:
    rijen = staat.regels.select_related("categorie", "bestand")
    match toon:
        case "steekproef":
            return rijen.filter(in_steekproef=True)
        case "open":
            return rijen.filter(oordeel=Kostenregel.Oordeel.OPEN)
        case _:
            return rijen


def _pagina(
    request: Verzoek, staat: Kostenstaat, form: OpmerkingForm | None = None, oordeel: OordeelForm | None = None
) -> HttpResponse:
    schrijft = rechten.mag_kostenstaat_indienen(request.user, staat)
    oordeelt = rechten.mag_kostenstaat_beoordelen(request.user, staat) and staat.status == Status.INGEDIEND
    if request.method == "POST" and not (schrijft or rechten.mag_kostenstaat_beoordelen(request.user, staat)):
        raise GeenRecht
    toon = request.GET.get("toon", "steekproef" if oordeelt else "")
    pagina = Paginator(_getoond(staat, toon), PER_PAGINA).get_page(request.GET.get("pagina"))
    # An applicant is told of her own dossier only.
    gevonden = dubbels(staat, request.user)
    kader = kader_van(staat)
    regels = [
        {
            "regel": rij,
            "waarschuwingen": waarschuwingen(rij, kader),
            "dubbels": [d for d in gevonden.get(rij.pk, []) if not schrijft or _eigen(d.ander, staat)],
        }
        for rij in pagina
    ]
    open_ = staat.status in Kostenstaat.OPEN
    context: dict[str, Any] = {
        "staat": staat,
        "dossier": staat.dossier,
        "regeling": kader.regeling,
        "elke_regel": kader.regeling.bewijs == Kostenregeling.Bewijs.ELKE_REGEL,
        "pagina": pagina,
        "regels": regels,
        "toon": toon,
        "schrijft": schrijft and open_,
        "aanvrager": schrijft,
        "oordeelt": oordeelt,
        "indienen": {"reden": reden_tegen(staat, "dien_in") if schrijft and open_ else None},
        "afronden": reden_tegen(staat, "rond_af") if oordeelt else None,
        "oordeel": (oordeel or OordeelForm(staat=staat)) if oordeelt else None,
        "form": oordeel or form,
        "opmerking": (form or OpmerkingForm()) if oordeelt else None,
        "fouten_in": foutenkans(staat) if staat.ingediend_op else None,
        "vergelijking": vergelijkingsbeeld(vergelijking_van(staat.dossier, met=staat)),
        "inkomsten": staat.inkomsten.all(),
    }
    return render(request, "dossiers/kosten/staat.html", context, status=422 if request.method == "POST" else 200)


def _eigen(ander: Kostenregel, staat: Kostenstaat) -> bool:
    return ander.kostenstaat.dossier_id == staat.dossier_id
