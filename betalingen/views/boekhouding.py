"""Pages about books in an outside system: the setting, what it has to do, what it did, and the differences."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from betalingen import queries, rechten, services
from betalingen.forms_boekhouding import BoekhoudingForm, VastleggingsnummerForm, VereffendForm, VerklaarForm
from betalingen.models.betaling import wacht_op_vereffening
from betalingen.queries.verschillen import Verschil, verschillen
from betalingen.resources_boekhouding import (
    te_betalen,
    te_betalenblad,
    vast_te_leggen,
    vastleggingenblad,
    verschillenblad,
)
from dossiers.models import Dossier
from kern import klok, werkblad
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.weigering import GeenRecht
from kern.werkblad import Blad
from oproepen import rechten as oproeprechten
from organisaties.models import Gebruiker
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
LIJSTEN = {
    "vastleggingen": "Vast te leggen",
    "betalingen": "Te betalen",
    "verschillen": "Verschillen",
    "verklaard": "Verklaard",
}
BLADEN: dict[str, Callable[[Any], Blad]] = {
    "vastleggingen": lambda wie: vastleggingenblad(rechten.dossiers_van_boekhouding(wie)),
    "betalingen": lambda wie: te_betalenblad(rechten.dossiers_van_boekhouding(wie)),
    "verschillen": lambda wie: verschillenblad(verschillen(wie)),
}


def _eis_boekhouding(request: Verzoek) -> None:
    if not rechten.ziet_afschriften(request.user):
        raise GeenRecht


@require_http_methods(["GET", "POST"])
@aangemeld()
def instellen(request: Verzoek) -> HttpResponse:
    """Show and set where granters keep their books."""
    if not oproeprechten.is_beheerder(request.user):
        raise GeenRecht
    form = BoekhoudingForm(invoer(request))
    if request.method == "POST" and form.is_valid() and _ingesteld(request, form):
        messages.success(request, "De boekhouding is ingesteld. Dit geldt vanaf nu.")
        return redirect("boekhouding_instellen")
    context = {"rijen": queries.boekhoudingen(), "form": form}
    return render(request, "betalingen/boekhouding_instellen.html", context, status=422 if form.errors else 200)


def _ingesteld(request: Verzoek, form: BoekhoudingForm) -> Any | None:
    daad = lambda: services.stel_boekhouding_in(request.user, **form.cleaned_data, door=request.user)  # noqa: E731
    return probeer(form, daad)


@require_GET
@aangemeld()
def boekhouding(request: Verzoek) -> HttpResponse:
    """Show what the outside system has to commit and to pay, and the differences."""
    _eis_boekhouding(request)
    return _pagina(request)


def _pagina(request: Verzoek, fout: VerklaarForm | None = None) -> HttpResponse:
    lijsten, keuze = _lijsten(request.user), request.GET.get("lijst", "")
    lijst = "verschillen" if fout is not None else keuze if keuze in lijsten else next(iter(lijsten))
    bladen = Paginator(lijsten[lijst], PER_PAGINA)
    nummer = _bladzijde_van(lijsten[lijst], fout) if fout is not None else request.GET.get("pagina")
    pagina = bladen.get_page(nummer)
    eigen = rechten.verstrekkers_van(request.user)
    context = {
        "tabs": [(naam, titel, _aantal(lijsten[naam])) for naam, titel in LIJSTEN.items()],
        "lijst": lijst,
        "pagina": pagina,
        "som": _som(lijst, lijsten[lijst]),
        "rijen": _met_form(pagina, fout, eigen) if lijst == "verschillen" else pagina,
        "mag_inlezen": bool(eigen),
        "form": fout,
    }
    return render(request, "betalingen/boekhouding.html", context, status=422 if fout else 200)


def _lijsten(wie: Gebruiker) -> dict[str, Any]:
    """Return the rows of each list, by its name in the address."""
    dossiers, alle = rechten.dossiers_van_boekhouding(wie), verschillen(wie)
    lezen = ("betaling__dossier__organisatie", "betaling__schijf")
    onderweg = te_betalen(dossiers).select_related("opdracht", *lezen)
    return {
        "vastleggingen": vast_te_leggen(dossiers),
        "betalingen": onderweg.annotate(aangerekend=queries.aangerekend("betaling")),
        "verschillen": [rij for rij in alle if not rij.verklaring],
        "verklaard": [rij for rij in alle if rij.verklaring],
    }


def _aantal(rijen: Any) -> int:
    return len(rijen) if isinstance(rijen, list) else rijen.count()


def _som(lijst: str, rijen: Any) -> dict[str, int]:
    """Return the totals of all pages of a list."""
    if isinstance(rijen, list):
        return {naam: sum(getattr(rij, naam) or 0 for rij in rijen) for naam in ("hier_cent", "daar_cent")}
    veld = {"vastleggingen": "toegekend_cent", "betalingen": "bedrag_cent"}[lijst]
    return {veld: rijen.aggregate(som=Sum(veld))["som"] or 0}


def _bladzijde_van(rijen: Sequence[Verschil], fout: VerklaarForm) -> int:
    """Return the page with the difference that was refused, so that what was typed stays in sight."""
    sleutels = [rij.sleutel for rij in rijen]
    gezocht = fout.data.get("sleutel")
    return sleutels.index(gezocht) // PER_PAGINA + 1 if gezocht in sleutels else 1


def _met_form(
    rijen: Iterable[Verschil], fout: VerklaarForm | None, eigen: set[str]
) -> list[tuple[Verschil, VerklaarForm | None]]:
    """Return differences with the form to explain each; none for who does not keep the books of its granter."""
    return [(rij, _verklaarform(rij, fout) if rij.verstrekker in eigen else None) for rij in rijen]


def _verklaarform(rij: Verschil, fout: VerklaarForm | None) -> VerklaarForm:
    if fout is not None and fout.data.get("sleutel") == rij.sleutel:
        return fout
    begin = {"verstrekker": rij.verstrekker, "sleutel": rij.sleutel}
    return VerklaarForm(initial=begin, auto_id=f"id_{rij.sleutel[:12]}_%s")


@require_POST
@aangemeld("boekhouding")
def verklaren(request: Verzoek) -> HttpResponse:
    """Say why a difference may stay."""
    _eis_boekhouding(request)
    form = VerklaarForm(request.POST)
    if form.is_valid():
        v = form.cleaned_data
        daad = lambda: services.verklaar_verschil(request.user, **v, door=request.user)  # noqa: E731
        if probeer(form, daad) is not None:
            messages.success(request, "Het verschil is verklaard.")
            return redirect(f"{reverse('boekhouding')}?lijst=verschillen")
    return _pagina(request, form)


@require_GET
@aangemeld()
def bestand(request: Verzoek) -> FileResponse:
    """Give one of the lists as a sheet."""
    _eis_boekhouding(request)
    wat = request.GET.get("wat", "verschillen")
    if wat not in BLADEN:
        raise Http404
    return werkblad.als_antwoord(BLADEN[wat](request.user), request.GET.get("formaat", ""))


@require_http_methods(["GET", "POST"])
@aangemeld()
def vastleggingsnummer(request: Verzoek, nummer: str) -> HttpResponse:
    """Register the commitment of an award with its number in the outside system."""
    qs = rechten.dossiers_van_boekhouding(request.user).select_related("ronde__luik__oproep", "organisatie")
    dossier = get_object_or_404(qs, nummer=nummer, toegekend_cent__isnull=False)
    if not rechten.mag_vastlegging_registreren(request.user, dossier):
        raise GeenRecht
    form = VastleggingsnummerForm(invoer(request), initial={"datum": klok.vandaag()})
    daad = lambda: services.registreer_vastlegging(dossier, **form.cleaned_data, door=request.user)  # noqa: E731
    if request.method == "POST" and form.is_valid() and probeer(form, daad):
        messages.success(request, f"De vastlegging van {dossier.nummer} is geboekt.")
        return redirect("boekhouding")
    titel = f"Vastlegging van {dossier.nummer} registreren"
    return _feitpagina(request, form, titel, dossier, dossier.toegekend_cent or 0)


@require_http_methods(["GET", "POST"])
@aangemeld()
def vereffend(request: Verzoek, pk: int) -> HttpResponse:
    """Register that the outside system charged a payment."""
    rij = get_object_or_404(queries.betalingen_voor(request.user), pk=pk)
    if not rechten.mag_uitbetaald_melden(request.user, rij):
        raise GeenRecht
    if request.method == "GET" and not wacht_op_vereffening(rij):
        return redirect("betaling", pk=pk)
    form = VereffendForm(invoer(request), initial={"datum": klok.vandaag()})
    daad = lambda: services.meld_vereffend(rij, **form.cleaned_data, door=request.user)  # noqa: E731
    if request.method == "POST" and form.is_valid() and probeer(form, daad):
        messages.success(request, "De vereffening is geboekt.")
        return redirect("betaling", pk=pk)
    return _feitpagina(request, form, f"Vereffening registreren: {rij.schijf.naam}", rij.dossier, rij.bedrag_cent)


def _feitpagina(request: Verzoek, form: forms.Form, titel: str, dossier: Dossier, cent: int) -> HttpResponse:
    context = {"form": form, "titel": titel, "dossier": dossier, "bedrag_cent": cent}
    return render(request, "betalingen/boekhouding_feit.html", context, status=422 if form.errors else 200)
