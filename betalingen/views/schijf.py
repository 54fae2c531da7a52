"""Pages about what comes before an instalment: for its beneficiary to ask, for the handler to prepare."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from betalingen import rechten, saldo, services
from betalingen.forms_schijf import AanvraagForm, KnopForm, SaldoForm, TermijnForm, TerugForm, VoorwaardeForm
from betalingen.models import Betaalaanvraag, Betaling, Saldoafrekening
from betalingen.schuldvordering import schuldvordering_bestand
from betalingen.services.aanvraag import reden_niet_aan_te_vragen
from kern import uploads
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.weigering import GeenRecht
from organisaties.verzoek import Verzoek

LEZEN = (
    *("dossier__organisatie", "dossier__ronde__luik__oproep", "dossier__ronde__luik__kostenregeling"),
    *("schijf__verslagmoment", "aanvraag__document", "aanvraag__ingediend_door", "afrekening", "voorwaarde_door"),
)
GEDAAN = {
    "aanvaard": "De aanvraag is aanvaard. De begunstigde krijgt bericht.",
    "terug": "De aanvraag is teruggestuurd. De begunstigde krijgt bericht.",
    "termijn": "De termijn is verlengd. De begunstigde krijgt bericht.",
    "voorwaarde": "De voorwaarde is bevestigd.",
    "saldo": "Het saldo is afgerekend. De begunstigde krijgt bericht.",
}


def _van_begunstigde(request: Verzoek, pk: int) -> Betaling:
    rijen = rechten.eigen_betalingen(Betaling.objects.select_related(*LEZEN), request.user)
    return get_object_or_404(rijen, pk=pk)


def _leesbaar(request: Verzoek, pk: int) -> Betaling:
    rijen = rechten.leesbare_betalingen(Betaling.objects.select_related(*LEZEN), request.user)
    return get_object_or_404(rijen, pk=pk)


@require_http_methods(["GET", "POST"])
@aangemeld()
def aanvragen(request: Verzoek, pk: int) -> HttpResponse:
    """Ask for an instalment as its beneficiary, with a signed schuldvordering where the call wants one."""
    rij = _van_begunstigde(request, pk)
    mag = rechten.mag_aanvragen(request.user, rij)
    if request.method == "POST" and not mag:
        raise GeenRecht
    begin = {"bedrag_cent": rij.bedrag_cent}
    form = AanvraagForm(
        invoer(request), request.FILES or None, initial=begin, schuldvordering=rij.schijf.schuldvordering
    )
    if request.method == "POST" and form.is_valid() and probeer(form, lambda: _vraag_aan(request, rij, form)):
        messages.success(request, "Wij hebben dit goed ontvangen.")
        return redirect("dossier", nummer=rij.dossier.nummer)
    _toon_nieuw(form, "bedrag_cent", rij.bedrag_cent)
    context = {
        "betaling": rij,
        "dossier": rij.dossier,
        "aanvraag": getattr(rij, "aanvraag", None),
        "afrekening": getattr(rij, "afrekening", None),
        **_terug(rij, getattr(rij, "afrekening", None)),
        "reden": reden_niet_aan_te_vragen(rij),
        "mag": mag,
        "form": form,
    }
    return render(request, "betalingen/aanvragen.html", context, status=422 if form.errors else 200)


def _vraag_aan(request: Verzoek, rij: Betaling, form: AanvraagForm) -> Betaalaanvraag:
    waarden: dict[str, Any] = form.cleaned_data
    upload = waarden.pop("bestand", None)
    with uploads.voorlopig(upload, door=request.user) if upload else nullcontext() as document:
        aanvraag: Betaalaanvraag = services.vraag_betaling_aan(rij, **waarden, document=document, door=request.user)
        return aanvraag


@require_GET
@aangemeld()
def schuldvordering_pdf(request: Verzoek, pk: int) -> FileResponse:
    """Give the schuldvordering to sign, once its amount is known."""
    rij = _leesbaar(request, pk)
    if not rij.schijf.schuldvordering or rij.dossier.kennisgegeven_op is None:
        raise Http404
    return uploads.stuk_als_bijlage(schuldvordering_bestand(rij))


@require_GET
@aangemeld()
def document(request: Verzoek, pk: int) -> FileResponse:
    """Give the signed schuldvordering that was handed in."""
    aanvraag = getattr(_leesbaar(request, pk), "aanvraag", None)
    if aanvraag is None or aanvraag.document is None:
        raise Http404
    return uploads.als_bijlage(aanvraag.document)


@require_http_methods(["GET", "POST"])
@aangemeld()
def voorbereiden(request: Verzoek, pk: int) -> HttpResponse:
    """Prepare an instalment as the handler: condition, term, what was handed in, balance."""
    rijen = rechten.zichtbaar_voor(Betaling.objects.select_related(*LEZEN), request.user)
    rij = get_object_or_404(rijen, pk=pk)
    if not rechten.mag_opstellen(request.user, rij):
        raise GeenRecht
    berekend = saldo.saldo_van(rij.dossier) if rij.saldo_van_kosten and not hasattr(rij, "afrekening") else None
    formulieren = _formulieren(request, rij, berekend)
    naam = request.POST.get("form", "")
    form = formulieren.get(naam)
    if request.method == "POST" and form is None:
        messages.error(request, "Dit kan nu niet meer. Kijk hieronder wat er nog te doen is.")
        return redirect("betaling_voorbereiden", pk=pk)
    if form is not None and form.is_valid() and probeer(form, lambda: _doe(rij, naam, form.cleaned_data, request)):
        messages.success(request, GEDAAN[naam])
        return redirect("betaling_voorbereiden", pk=pk)
    if berekend is not None and "saldo" in formulieren:
        _toon_nieuw(formulieren["saldo"], "saldo_cent", berekend.saldo_cent)
    context = {
        "betaling": rij,
        "dossier": rij.dossier,
        "aanvraag": getattr(rij, "aanvraag", None),
        "afrekening": getattr(rij, "afrekening", None),
        "saldo": getattr(rij, "afrekening", berekend),
        **_terug(rij, getattr(rij, "afrekening", berekend)),
        "reden_saldo": saldo.reden_niet_af_te_rekenen(rij) if berekend else None,
        "redenen": rij.wat_ontbreekt if rij.status == Betaling.Status.GEPLAND else [],
        "f": formulieren,
    }
    fout = any(deel.errors for deel in formulieren.values())
    return render(request, "betalingen/voorbereiden.html", context, status=422 if fout else 200)


def _terug(rij: Betaling, berekend: saldo.Saldo | Saldoafrekening | None) -> dict[str, int]:
    """Return what was claimed back already, and what is still to be, of a balance below zero."""
    if berekend is None or berekend.saldo_cent >= 0:
        return {}
    geclaimd, rest = services.terug_te_vorderen(rij.dossier)
    return {"al_teruggevorderd": geclaimd, "terug_te_vorderen": rest}


def _toon_nieuw(form: forms.Form, veld: str, cent: int) -> None:
    """Put the amount of now in a refused form: who reads in the refusal that it changed confirms the new one."""
    if form.is_bound:
        form.data = {**{naam: form.data.get(naam) for naam in form.data}, veld: str(cent)}


def _formulieren(request: Verzoek, rij: Betaling, berekend: saldo.Saldo | None) -> dict[str, forms.Form]:
    """Return the forms of what can be done now."""
    gepland = rij.status == Betaling.Status.GEPLAND
    aanvraag: Betaalaanvraag | None = getattr(rij, "aanvraag", None)
    soorten: dict[str, tuple[type[forms.Form], bool]] = {
        "voorwaarde": (VoorwaardeForm, bool(rij.schijf.voorwaarde) and rij.voorwaarde_door_id is None and gepland),
        "aanvaard": (KnopForm, aanvraag is not None and aanvraag.status == Betaalaanvraag.Status.INGEDIEND),
        "terug": (TerugForm, aanvraag is not None and aanvraag.status != Betaalaanvraag.Status.TERUG and gepland),
        "termijn": (TermijnForm, rij.aanvraag_tot is not None and gepland and aanvraag is None),
        "saldo": (SaldoForm, berekend is not None and gepland),
    }
    getypt = invoer(request)
    welk = getypt.get("form") if getypt is not None else None
    uit: dict[str, forms.Form] = {}
    for naam, (soort, kan) in soorten.items():
        if kan:
            begin = {"saldo_cent": berekend.saldo_cent} if berekend is not None and soort is SaldoForm else {}
            uit[naam] = soort(getypt if welk == naam else None, initial=begin, auto_id=f"id_{naam}_%s")
    return uit


def _doe(rij: Betaling, naam: str, waarden: dict[str, Any], request: Verzoek) -> bool:
    daden: dict[str, Callable[[], Any]] = {
        "aanvaard": lambda: services.aanvaard_aanvraag(rij, door=request.user),
        "terug": lambda: services.stuur_aanvraag_terug(rij, **waarden, door=request.user),
        "termijn": lambda: services.verleng_aanvraagtermijn(rij, **waarden, door=request.user),
        "voorwaarde": lambda: services.bevestig_voorwaarde(rij, **waarden, door=request.user),
        "saldo": lambda: services.reken_saldo_af(rij.dossier, **waarden, door=request.user),
    }
    daden[naam]()
    return True
