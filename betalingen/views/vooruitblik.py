"""The page that looks ahead: every amount per year and article, paid against planned, and what is still to come."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from betalingen import queries, rechten
from betalingen.beelden import verloop
from betalingen.forms import VooruitblikFilter
from betalingen.models import Krediet
from betalingen.prognose import GENOEG, Vertraging, prognose
from betalingen.resources import prognoseblad
from betalingen.views.budget import LEEG, eis_personeel
from kern import klok, werkblad
from kern.aanmelden import aangemeld
from oproepen import rechten as oproeprechten
from oproepen.models import Luik
from organisaties.verzoek import Verzoek

# How many late reports are on the page.
MEESTE_VERSLAGEN = 50
# The amounts of the table per year and article that add up, in its order.
KOLOMMEN = (
    *("gevraagd", "gereserveerd", "toegekend", "vastgelegd", "vereffend", "uitbetaald"),
    *("teruggevorderd", "ontvangen", "encours"),
)


def _gekozen(request: Verzoek) -> tuple[VooruitblikFilter, dict[int, str], QuerySet[Luik]]:
    """Return the filter, the calls that a person sees (key and title), and the tracks that the page is about."""
    eis_personeel(request)
    form = VooruitblikFilter(request.GET)
    oproepen = list(rechten.ziet_budgetstand(request.user).order_by("titel").values_list("pk", "slug", "titel"))
    form.fields["oproep"].choices = [LEEG, *((slug, titel) for _, slug, titel in oproepen)]  # type: ignore[attr-defined]
    luiken = oproeprechten.luiken_met_taak(request.user, *oproeprechten.PERSONEEL)
    if slug := form.waarde("oproep"):
        luiken = luiken.filter(oproep__slug=slug)
    return form, {pk: titel for pk, _, titel in oproepen}, luiken


@require_GET
@aangemeld()
def vooruitblik(request: Verzoek) -> HttpResponse:
    """Show the amounts per year and article, paid against planned, the forecast, and what late reports hold up."""
    form, titels, luiken = _gekozen(request)
    slug, vandaag = form.waarde("oproep"), klok.vandaag()
    regels = queries.gefilterd(queries.journaal_voor(request.user), oproep=slug)
    kredieten = rechten.kredieten_zichtbaar_voor(Krediet.objects.all(), request.user)
    gepland = queries.gepland(luiken)
    maanden = prognose(gepland.posten, gepland.vertragingen, vandaag)
    verslagen = queries.verslagen_die_blokkeren(luiken)
    artikelen = queries.bedragen_per_artikel(regels, luiken, kredieten)
    context = {
        "form": form,
        "slug": slug,
        "artikelen": artikelen,
        "totalen": [sum(rij[naam] for rij in artikelen) for naam in KOLOMMEN],
        "verloop": verloop(gepland.plan, queries.betaald_per_dag(regels), maanden, vandaag),
        "maanden": maanden,
        "totaal_cent": sum(post.bedrag_cent for post in gepland.posten),
        "vervallen_cent": sum(post.bedrag_cent for post in gepland.posten if post.verval < vandaag),
        "heeft_band": maanden[0].vlot_cent is not None,
        "vertragingen": _vertragingen(gepland, titels),
        "genoeg": GENOEG,
        "verslagen": verslagen[:MEESTE_VERSLAGEN],
        "aantal_verslagen": len(verslagen),
        "geblokkeerd_cent": sum(rij.geblokkeerd_cent for rij in verslagen),
    }
    return render(request, "betalingen/vooruitblik.html", context)


def _vertragingen(gepland: queries.Gepland, titels: dict[int, str]) -> list[dict[str, Any]]:
    """Return the past delay of each call that has something to pay, by title."""
    oproepen = {post.oproep for post in gepland.posten}
    rijen = [{"titel": titels[pk], "v": gepland.vertragingen.get(pk, Vertraging())} for pk in oproepen]
    return sorted(rijen, key=lambda rij: str(rij["titel"]))


@require_GET
@aangemeld()
def vooruitblik_bestand(request: Verzoek) -> FileResponse:
    """Give the forecast as a sheet, for the same call."""
    form, _, luiken = _gekozen(request)
    gepland = queries.gepland(luiken)
    oproep = dict(form.fields["oproep"].choices).get(form.waarde("oproep") or "")  # type: ignore[attr-defined]
    getoond = [("Oproep", str(oproep)), ("Vanaf", klok.vandaag().isoformat())]
    blad = prognoseblad(prognose(gepland.posten, gepland.vertragingen, klok.vandaag()), getoond)
    return werkblad.als_antwoord(blad, request.GET.get("formaat", ""))
