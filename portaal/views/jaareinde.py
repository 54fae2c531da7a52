"""A budget year: what stays open on its last day, closing it, and the reports that were kept at its closing."""

from typing import Any

from django.db.models import Max, Min
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from betalingen import queries, rechten
from betalingen.models import Begrotingsjaar, Jaarrapport, Krediet
from kern import uploads
from kern.aanmelden import aangemeld
from kern.formulieren import doe_en_keer_terug
from kern.weigering import GeenRecht
from oproepen import rechten as oproeprechten
from organisaties.verzoek import Verzoek
from portaal.jaareinde import sluit_begrotingsjaar_af


@require_GET
@aangemeld()
def begrotingsjaar(request: Verzoek, jaar: int) -> HttpResponse:
    """Show what closing this year means and ask for it, or how it was closed and with which reports."""
    _eis_jaar(jaar)
    rapporten = list(_rapporten(request, jaar).select_related("oproep", "bestand").order_by("oproep__titel"))
    beheert = oproeprechten.is_beheerder(request.user)
    if not rapporten and not beheert:
        raise GeenRecht
    rij = Begrotingsjaar.objects.filter(jaar=jaar).select_related("afgesloten_door").first() or Begrotingsjaar(
        jaar=jaar
    )
    context: dict[str, Any] = {"rij": rij, "dag": queries.laatste_dag(jaar), "rapporten": rapporten}
    if beheert:
        context["stand"] = queries.jaareinde(jaar)
        onderweg = [betaling.pk for betaling in context["stand"]["onderweg"]]
        zichtbaar = queries.betalingen_voor(request.user).filter(pk__in=onderweg)
        context["ziet"] = set(zichtbaar.values_list("pk", flat=True))
    return render(request, "portaal/begrotingsjaar.html", context)


def _eis_jaar(jaar: int) -> None:
    """Raise Http404 for a year outside those of the credits; one between them without any is closed in its turn."""
    grenzen = Krediet.objects.aggregate(eerste=Min("jaar"), laatste=Max("jaar"))
    if grenzen["eerste"] is None or not grenzen["eerste"] <= jaar <= grenzen["laatste"]:
        raise Http404


@require_POST
@aangemeld("kredieten", knop=True)
def jaar_afsluiten(request: Verzoek, jaar: int) -> HttpResponse:
    """Close a budget year."""
    _eis_jaar(jaar)
    if not oproeprechten.is_beheerder(request.user):
        raise GeenRecht
    daad = lambda: sluit_begrotingsjaar_af(jaar, door=request.user)  # noqa: E731
    zin = f"Het begrotingsjaar {jaar} is afgesloten."
    return doe_en_keer_terug(request, daad, zin, reverse("begrotingsjaar", args=[jaar]))


@require_GET
@aangemeld()
def jaarrapport(request: Verzoek, jaar: int, slug: str) -> FileResponse:
    """Give the auditor's report of a call as it was kept when the year was closed."""
    rapport = get_object_or_404(_rapporten(request, jaar).select_related("bestand"), oproep__slug=slug)
    return uploads.als_bijlage(rapport.bestand)


def _rapporten(request: Verzoek, jaar: int) -> Any:
    rijen = Jaarrapport.objects.filter(begrotingsjaar__jaar=jaar)
    return rechten.jaarrapporten_zichtbaar_voor(rijen, request.user)
