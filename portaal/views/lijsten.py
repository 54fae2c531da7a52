"""The lists of staff: dossiers and reports, filtered, sorted, totalled, downloadable as shown."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from beoordeling.resources import dossiersblad
from dossiers import rechten
from dossiers.models import Dossier, Verslag
from kern import klok, uitvoer
from kern.aanmelden import aangemeld
from kern.weigering import GeenRecht
from kern.werkblad import Blad
from oproepen.models import Luik
from oproepen.rechten import PERSONEEL, Rol, is_personeel, luiken_met_taak, taken_van
from organisaties.models import Gebruiker
from organisaties.rechten import organisaties_van
from organisaties.verzoek import Verzoek
from portaal import kolommen
from portaal.bewaard import bewaarde_filters
from portaal.filters import OPEN_VERSLAG, VERSLAGSTATUS, DossierFilter, schone_vraag

PER_PAGINA = 50
NIETS_GEKOZEN = "Kies eerst minstens één dossier."


def eis_personeel(request: Verzoek) -> None:
    """Raise GeenRecht for who is no staff of any call."""
    if not is_personeel(request.user):
        raise GeenRecht


def is_behandelaar(gebruiker: Gebruiker) -> bool:
    """Return whether a person handles a track; of which dossiers, every act checks."""
    return any(taak.rol == Rol.BEHANDELAAR for taak in taken_van(gebruiker))


def dossiers_voor(gebruiker: Gebruiker) -> QuerySet[Dossier]:
    """Return the handed-in dossiers of the tracks that a person works for.

    Without those of her own organisations: to these she is an applicant (Mijn werk), and a filter or a total must not
    tell her what was not notified yet.
    """
    luiken = luiken_met_taak(gebruiker, *PERSONEEL)
    zichtbaar = rechten.zichtbaar_voor(Dossier.objects.all(), gebruiker)
    van_luiken = zichtbaar.filter(ronde__luik__in=luiken, ingediend_op__isnull=False)
    return van_luiken.exclude(organisatie__in=organisaties_van(gebruiker))


def luiken_voor(gebruiker: Gebruiker) -> list[Luik]:
    """Return the tracks that a person works for, with their calls."""
    luiken = luiken_met_taak(gebruiker, *PERSONEEL).select_related("oproep")
    return list(luiken.order_by("oproep__titel", "naam"))


def dossierlijst(request: Verzoek) -> tuple[DossierFilter, Blad, Any]:
    """Return the filter of the staff list, its sheet, and the rows of that sheet: the page shows the same."""
    filter_ = DossierFilter(request.GET, luiken=luiken_voor(request.user))
    rijen = kolommen.gesorteerd(filter_.toepassen(dossiers_voor(request.user)), request.GET.get("sorteer", ""))
    blad = dossiersblad(
        kolommen.met_bladen(rijen), gebruiker=request.user, getoond=[("Filter", filter_.beschrijving())]
    )
    return filter_, replace(blad, resource=kolommen.LijstResource(filter_.kolomnamen)), blad.rijen


@require_GET
@aangemeld()
def dossiers(request: Verzoek) -> HttpResponse:
    """List the dossiers that a member of staff sees."""
    eis_personeel(request)
    filter_, _, rijen = dossierlijst(request)
    namen = filter_.kolomnamen
    aantal, totalen = kolommen.totalen(rijen, namen)
    paginering = Paginator(rijen, PER_PAGINA)
    paginering.count = aantal  # counted with the totals
    pagina = paginering.get_page(request.GET.get("pagina"))
    sleutel, aflopend = kolommen.sortering(request.GET.get("sorteer", ""))
    vraag = schone_vraag(request.GET)
    context = {
        "filter": filter_,
        "pagina": pagina,
        "rijen": [(rij, kolommen.cellen(rij, namen)) for rij in pagina],
        "aantal": aantal,
        "totalen": totalen,
        "koppen": kolommen.koppen(namen, sleutel, aflopend=aflopend),
        "vraag": vraag,
        "vraagvelden": [(naam, waarde) for naam, lijst in QueryDict(vraag).lists() for waarde in lijst],
        "bewaard": bewaarde_filters(request.user),
        "wijst_toe": is_behandelaar(request.user),
    }
    return render(request, "portaal/dossiers.html", context)


@require_GET
@aangemeld()
def dossiers_bestand(request: Verzoek) -> HttpResponseBase:
    """Give the list of dossiers as a sheet: the same filters, order and columns, or the chosen rows of it."""
    eis_personeel(request)
    if "keuze" in request.GET and not gekozen_dossiers(request.GET):
        return niets_gekozen(request)
    return uitvoer.geef(request, "dossiers")


@uitvoer.lijst("dossiers")
def _dossiersblad(request: Verzoek) -> Blad:
    eis_personeel(request)
    _, blad, rijen = dossierlijst(request)
    if "keuze" in request.GET:
        return replace(blad, rijen=rijen.filter(pk__in=gekozen_dossiers(request.GET)))
    return blad


def gekozen_dossiers(data: QueryDict) -> list[int]:
    """Return the keys of the dossiers that were ticked: at most those of one page."""
    ruw = data.getlist("dossiers")[:PER_PAGINA]
    return [int(pk) for pk in ruw if pk.isdecimal() and len(pk) < 19]  # noqa: PLR2004  a key fits in 64 bits


def niets_gekozen(request: Verzoek) -> HttpResponse:
    """Go back to the list, as it was, and say that something must be ticked first."""
    messages.error(request, NIETS_GEKOZEN)
    vraag = schone_vraag(request.GET)
    return redirect(f"{reverse('dossiers')}?{vraag}" if vraag else reverse("dossiers"))


@require_GET
@aangemeld()
def verslagen(request: Verzoek) -> HttpResponse:
    """List the reports that projects owe: late first, then to read, then the rest."""
    eis_personeel(request)
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
