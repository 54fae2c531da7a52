"""The page where a commitment ends before it is paid."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from betalingen import grootboek, queries, rechten, services
from betalingen.forms import AnnuleerForm, EindeForm
from dossiers import rechten as dossierrechten
from dossiers.models import Dossier
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.weg import reden_tegen
from kern.weigering import GeenRecht
from organisaties.verzoek import Verzoek

GEDAAN = {
    "annuleer": "Dat deel van de vastlegging is geannuleerd.",
    "stop": "Het project is stopgezet. De aanvrager krijgt bericht.",
    "verzaak": "U verzaakte aan de subsidie. De behandelaar krijgt bericht.",
}


@require_http_methods(["GET", "POST"])
@aangemeld()
def vastlegging(request: Verzoek, nummer: str) -> HttpResponse:
    """Cancel a part of a commitment or stop a project as the budget holder; give up an award as its beneficiary."""
    qs = Dossier.objects.select_related("ronde__luik__oproep", "organisatie")
    qs = qs.annotate(onderweg_cent=queries.onderweg_cent())
    dossier: Any = get_object_or_404(dossierrechten.zichtbaar_voor(qs, request.user), nummer=nummer)
    formulieren = _formulieren(request, dossier)
    if not formulieren or (request.method == "POST" and request.POST.get("form") not in formulieren):
        raise GeenRecht
    if dossier.kennisgegeven_op is None:
        raise Http404  # nothing of a decision shows before its notification
    for naam, form in formulieren.items():
        if request.method == "POST" and form.is_bound and form.is_valid() and _deed(request, dossier, naam, form):
            messages.success(request, GEDAAN[naam])
            return redirect("dossier", nummer=nummer)
    stand = grootboek.stand_van(dossier)
    context = {
        "dossier": dossier,
        "stand": stand,
        "te_annuleren_cent": stand.encours_cent - dossier.onderweg_cent,
        "bij_stop_cent": services.te_beeindigen_cent(dossier, stand.encours_cent),
        "formulieren": formulieren,
        "reden_stop": reden_tegen(dossier, "zet_stop"),
        "reden_verzaak": reden_tegen(dossier, "verzaak"),
    }
    fout = any(form.errors for form in formulieren.values())
    return render(request, "betalingen/vastlegging.html", context, status=422 if fout else 200)


def _formulieren(request: Verzoek, dossier: Dossier) -> dict[str, forms.Form]:
    getypt = invoer(request)
    welk = getypt.get("form") if getypt is not None else None
    soorten: dict[str, type[forms.Form]] = {}
    if rechten.mag_vastlegging_annuleren(request.user, dossier):
        soorten |= {"annuleer": AnnuleerForm, "stop": EindeForm}
    if rechten.mag_verzaken(request.user, dossier):
        soorten["verzaak"] = EindeForm
    return {naam: soort(getypt if welk == naam else None, auto_id=f"id_{naam}_%s") for naam, soort in soorten.items()}


def _deed(request: Verzoek, dossier: Dossier, naam: str, form: forms.Form) -> bool:
    v = form.cleaned_data
    daden: dict[str, Callable[[], Any]] = {
        "annuleer": lambda: services.annuleer_vastlegging(
            dossier, bedrag_cent=v["bedrag"], reden=v["reden"], door=request.user
        ),
        "stop": lambda: services.zet_stop(dossier, reden=v["reden"], door=request.user),
        "verzaak": lambda: services.verzaak(dossier, reden=v["reden"], door=request.user),
    }

    def daad() -> bool:
        daden[naam]()
        return True

    return bool(probeer(form, daad))
