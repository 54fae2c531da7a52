"""Pages about budgets: the position, credits, open commitments, the journal."""

import re

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from betalingen import queries, rechten
from betalingen.beelden import budgetbeelden
from betalingen.resources import budgetblad
from kern import klok, werkblad
from kern.aanmelden import aangemeld
from kern.weigering import GeenRecht
from oproepen import rechten as oproeprechten
from organisaties.verzoek import Verzoek


@require_GET
@aangemeld()
def budgetstand(request: Verzoek) -> HttpResponse:
    """Show committed beside paid, per call, track and year."""
    oproepen = rechten.ziet_budgetstand(request.user)
    if not oproeprechten.is_personeel(request.user):
        raise GeenRecht
    jaar = _jaar(request)
    stand = queries.budgetstand(oproepen, jaar=jaar)
    context = {**stand, "jaar": jaar, "op": klok.vandaag(), "beelden": budgetbeelden(stand, jaar=jaar)}
    return render(request, "betalingen/budgetstand.html", context)


def _jaar(request: Verzoek) -> int | None:
    ruw = request.GET.get("jaar", "")
    return int(ruw) if re.fullmatch("20[0-9]{2}", ruw) else None


@require_GET
@aangemeld()
def budgetstand_bestand(request: Verzoek) -> FileResponse:
    """Give the budget position as a sheet, for the same year."""
    if not oproeprechten.is_personeel(request.user):
        raise GeenRecht
    blad = budgetblad(rechten.ziet_budgetstand(request.user), jaar=_jaar(request))
    return werkblad.als_antwoord(blad, request.GET.get("formaat", ""))
