"""Pages that everybody sees."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from betalingen.queries import met_budget
from kern import klok
from kern.models import Uitgaand
from oproepen import aanbod, queries
from oproepen.aanbod import Fase
from oproepen.beelden import ronde_in_beeld, tijdbeeld
from oproepen.models import Oproep
from oproepen.queries import Luikinhoud
from oproepen.rechten import openbaar
from portaal.filters import OproepFilter

PER_PAGINA = 20


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the calls that are open now, and the others."""
    kaarten = aanbod.kaarten()
    context = {
        "open": [kaart for kaart in kaarten if kaart.fase == Fase.OPEN],
        "andere": [kaart for kaart in kaarten if kaart.fase != Fase.OPEN],
    }
    return render(request, "portaal/home.html", context)


@require_GET
def oproepen(request: HttpRequest) -> HttpResponse:
    """List all public calls, to search and filter."""
    kaarten = aanbod.kaarten(aanbod.met_voorwaarden())
    slugs = {kaart.oproep.slug for kaart in kaarten}
    themas = {slug: thema for slug, thema in aanbod.themas().items() if slug in slugs}
    filter_ = OproepFilter(request.GET, themas=themas)
    gevonden = filter_.toepassen(kaarten)
    context = {
        "filter": filter_,
        "er_zijn_er": bool(kaarten),
        "pagina": Paginator(gevonden, PER_PAGINA).get_page(request.GET.get("pagina")),
    }
    return render(request, "portaal/oproepen.html", context)


@require_GET
def oproep(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a call so that it is understood in a minute."""
    rij = get_object_or_404(met_budget(openbaar(Oproep.objects.all())), slug=slug)
    nu = klok.nu()
    luiken = [_luik(inhoud, nu) for inhoud in queries.luiken_met_inhoud(rij)]
    context = {"oproep": rij, "luiken": luiken, "criteria": rij.criteria.all()}
    return render(request, "portaal/oproep.html", context)


def _luik(inhoud: Luikinhoud, nu: datetime) -> dict[str, Any]:
    rondes = list(inhoud.rondes.values())
    ronde = ronde_in_beeld(rondes)
    return {
        "luik": inhoud.luik,
        "schijven": inhoud.schijven,
        "rondes": [{"ronde": r, "open": r.is_open(nu)} for r in rondes],
        "tijdbeeld": tijdbeeld(inhoud.luik, ronde, inhoud.momenten.values()) if ronde else None,
    }


@require_GET
def gezondheid(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers and whether side effects get stuck."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    wacht = Uitgaand.objects.filter(klaar_op=None, opgegeven_op=None).order_by("gemaakt_op").first()
    seconden = int((klok.nu() - wacht.gemaakt_op).total_seconds()) if wacht else 0
    opgegeven = Uitgaand.objects.filter(opgegeven_op__isnull=False).count()
    return JsonResponse({"databank": "goed", "oudste_uitgaande_seconden": seconden, "opgegeven": opgegeven})


@require_GET
def over(request: HttpRequest) -> HttpResponse:
    """Say what this site is."""
    return render(request, "portaal/over.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept about people."""
    return render(request, "portaal/privacy.html")


@require_GET
def toegankelijkheid(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "portaal/toegankelijkheid.html")
