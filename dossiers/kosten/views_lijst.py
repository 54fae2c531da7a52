"""The list of cost claims for staff, and that list as a sheet."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dossiers.kosten.models import Kostenregel, Kostenstaat
from dossiers.kosten.queries import met_totalen
from dossiers.resources import kostenblad
from kern import uitvoer
from kern.aanmelden import aangemeld
from kern.weigering import GeenRecht
from kern.werkblad import Blad
from oproepen.models import Taak
from oproepen.rechten import PERSONEEL, is_personeel, luiken_met_taak, taken_van
from organisaties.rechten import organisaties_van
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
Status = Kostenstaat.Status
TABS = [("", "Alle"), (Status.INGEDIEND, "Na te kijken"), (Status.TERUGGESTUURD, "Teruggestuurd")]
TABS += [(Status.NAGEKEKEN, "Nagekeken")]


def _voor_personeel(request: Verzoek) -> QuerySet[Kostenstaat]:
    """Return the claims that were handed in, of her tracks and not of her own organisations."""
    if not is_personeel(request.user):
        raise GeenRecht
    luiken = luiken_met_taak(request.user, *PERSONEEL)
    alle = Kostenstaat.objects.filter(dossier__ronde__luik__in=luiken, ingediend_op__isnull=False)
    return alle.exclude(dossier__organisatie__in=organisaties_van(request.user))


def _status(request: Verzoek) -> str:
    ruw = request.GET.get("status", "")
    return ruw if ruw in dict(TABS) else ""


@require_GET
@aangemeld()
def kostenstaten(request: Verzoek) -> HttpResponse:
    """List the claims: those to look at first, the longest waiting on top."""
    alle, status = _voor_personeel(request), _status(request)
    tellingen = dict(alle.order_by().values_list("status").annotate(Count("pk")))
    rijen = alle.filter(status=status) if status else alle
    eerst = Case(When(status=Status.INGEDIEND, then=Value(0)), default=Value(1), output_field=IntegerField())
    rijen = met_totalen(rijen).select_related("dossier__organisatie").order_by(eerst, "ingediend_op", "pk")
    paginering = Paginator(rijen, PER_PAGINA)
    paginering.count = tellingen.get(status, 0) if status else sum(tellingen.values())
    tabs: list[tuple[str, str, Any]] = [(code, label, tellingen.get(code, 0)) for code, label in TABS if code]
    context = {
        "pagina": paginering.get_page(request.GET.get("pagina")),
        "status": status,
        "tabs": [("", "Alle", sum(tellingen.values())), *tabs],
        "beoordeelt": any(taak.rol == Taak.Rol.BEHANDELAAR for taak in taken_van(request.user)),
    }
    return render(request, "dossiers/kosten/lijst.html", context)


@require_GET
@aangemeld()
def kostenstaten_bestand(request: Verzoek) -> HttpResponseBase:
    """Give the lines of the claims in the list as a sheet."""
    return uitvoer.geef(request, "kostenstaten")


@uitvoer.lijst("kostenstaten")
def _kostenblad(request: Verzoek) -> Blad:
    staten, status = _voor_personeel(request), _status(request)
    if status:
        staten = staten.filter(status=status)
    getoond = [("Status", dict(TABS)[status])]
    regels = Kostenregel.objects.filter(kostenstaat__in=staten)
    return kostenblad(regels, getoond)
