"""The lists of staff: dossiers and reports, filtered, sorted, totalled, downloadable as shown."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from beoordeling.resources import dossiersblad
from dossiers import rechten
from dossiers.models import Dossier, Verslag
from kern import klok, werkblad
from kern.aanmelden import aangemeld
from kern.weigering import GeenRecht
from oproepen.rechten import PERSONEEL, is_personeel, luiken_met_taak
from organisaties.verzoek import Verzoek
from portaal.filters import OPEN_VERSLAG, VERSLAGSTATUS, DossierFilter

PER_PAGINA = 50
# What a list can be sorted by: the word in the address, the heading, and the columns in the database.
SORTERING = {
    "nummer": ("Dossier", ("pk",)),
    "aanvrager": ("Aanvrager", ("organisatie__naam", "pk")),
    "ingediend": ("Ingediend", ("ingediend_op", "pk")),
    "gevraagd": ("Gevraagd", ("gevraagd_cent", "pk")),
    "toegekend": ("Toegekend", ("toegekend_cent", "pk")),
    "status": ("Status", ("status", "pk")),
}
PROVINCIES = ["Antwerpen", "Limburg", "Oost-Vlaanderen", "Vlaams-Brabant", "West-Vlaanderen"]


def dossierlijst(request: Verzoek) -> tuple[DossierFilter, QuerySet[Dossier]]:
    """Return the filter and the filtered, sorted dossiers of the staff list; the sheet uses the same."""
    luiken = luiken_met_taak(request.user, *PERSONEEL)
    filter_ = DossierFilter(request.GET, luiken=luiken, provincies=PROVINCIES)
    zichtbaar = rechten.zichtbaar_voor(Dossier.objects.all(), request.user)
    qs = filter_.toepassen(zichtbaar.filter(ronde__luik__in=luiken, ingediend_op__isnull=False))
    sleutel, aflopend = _sortering(request)
    velden = SORTERING[sleutel][1]
    qs = qs.order_by(*(f"-{veld}" for veld in velden)) if aflopend else qs.order_by(*velden)
    return filter_, qs.select_related("organisatie", "ronde__luik__oproep")


def _sortering(request: Verzoek) -> tuple[str, bool]:
    ruw = request.GET.get("sorteer", "nummer")
    sleutel = ruw.removeprefix("-")
    return (sleutel, ruw.startswith("-")) if sleutel in SORTERING else ("nummer", False)


@require_GET
@aangemeld()
def dossiers(request: Verzoek) -> HttpResponse:
    """List the dossiers that a member of staff sees."""
    if not is_personeel(request.user):
        raise GeenRecht
    filter_, qs = dossierlijst(request)
    totalen = qs.order_by().aggregate(
        aantal=Count("pk"), gevraagd=Sum("gevraagd_cent"), toegekend=Sum("toegekend_cent")
    )
    sleutel, aflopend = _sortering(request)
    koppen = [
        {
            "label": label,
            "richting": ("descending" if aflopend else "ascending") if sleutel == naam else "",
            "sorteer": f"-{naam}" if sleutel == naam and not aflopend else naam,
            "bedrag": naam in {"gevraagd", "toegekend"},
        }
        for naam, (label, _) in SORTERING.items()
    ]
    pagina = Paginator(qs, PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {"filter": filter_, "pagina": pagina, "totalen": totalen, "koppen": koppen}
    return render(request, "portaal/dossiers.html", context)


@require_GET
@aangemeld()
def dossiers_bestand(request: Verzoek) -> FileResponse:
    """Give the list of dossiers as a sheet, with the same filters and order."""
    if not is_personeel(request.user):
        raise GeenRecht
    filter_, qs = dossierlijst(request)
    blad = dossiersblad(qs, gebruiker=request.user, getoond=[("Filter", filter_.beschrijving())])
    return werkblad.als_antwoord(blad, request.GET.get("formaat", ""))


@require_GET
@aangemeld()
def verslagen(request: Verzoek) -> HttpResponse:
    """List the reports that projects owe: late first, then to read, then the rest."""
    if not is_personeel(request.user):
        raise GeenRecht
    vandaag = klok.vandaag()
    luiken = luiken_met_taak(request.user, *PERSONEEL)
    alle = Verslag.objects.filter(dossier__ronde__luik__in=luiken, dossier__kennisgegeven_op__isnull=False)
    te_laat = Q(status__in=OPEN_VERSLAG, uiterlijk__lt=vandaag)
    status = request.GET.get("status", "")
    if status == "te_laat":
        gekozen = alle.filter(te_laat)
    elif status in Verslag.Status.values:
        gekozen = alle.filter(status=status)
    else:
        status, gekozen = "", alle
    eerst = Case(
        When(te_laat, then=Value(0)),
        When(status=Verslag.Status.INGEDIEND, then=Value(1)),
        When(status__in=OPEN_VERSLAG, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    rijen = gekozen.select_related("moment", "dossier__organisatie").order_by(eerst, "uiterlijk", "pk")
    tellingen: dict[str, Any] = alle.aggregate(
        te_laat=Count("pk", filter=te_laat), **{s: Count("pk", filter=Q(status=s)) for s in Verslag.Status.values}
    )
    context = {
        "pagina": Paginator(rijen, PER_PAGINA).get_page(request.GET.get("pagina")),
        "status": status,
        "tabs": [(code, label, tellingen.get(code)) for code, label in VERSLAGSTATUS],
        "vandaag": vandaag,
    }
    return render(request, "portaal/verslagen.html", context)
