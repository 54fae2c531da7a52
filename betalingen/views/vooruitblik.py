"""The page that looks ahead: every amount per year and article, paid against planned, and what is still to come."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from betalingen import queries, rechten
from betalingen.forms import VooruitblikFilter
from betalingen.models import Betaling, Krediet
from betalingen.prognose import GENOEG, Post, Vertraging, in_maand
from betalingen.resources_vooruitblik import vooruitblikblad
from betalingen.views.budget import LEEG, eis_personeel
from betalingen.vooruitblik import Cijfers, bereken
from kern import klok, werkblad
from kern.aanmelden import aangemeld
from kern.templatetags.loket import dag as dag_tekst
from oproepen import rechten as oproeprechten
from oproepen.models import Luik
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
LATER = "later"
# The series of the forecast, as the page names them.
REEKSEN = {"verwacht": "verwacht", "vlot": "bij vlotte betaling verwacht", "traag": "bij trage betaling verwacht"}
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
    cijfers = _cijfers(request, slug, luiken)
    posten = cijfers.gepland.posten
    context = {
        "form": form,
        "slug": slug,
        "artikelen": cijfers.artikelen,
        "totalen": [(naam, sum(rij[naam] for rij in cijfers.artikelen)) for naam in KOLOMMEN],
        "geboekt": (*queries.GEBOEKT, queries.ENCOURS),
        "vandaag": vandaag,
        "verloop": cijfers.verloop,
        "maanden": cijfers.maanden,
        "totaal_cent": sum(post.bedrag_cent for post in posten),
        "vervallen_cent": sum(post.bedrag_cent for post in posten if post.verval < vandaag),
        "heeft_band": cijfers.maanden[0].vlot_cent is not None,
        "vertragingen": _vertragingen(cijfers.gepland, titels),
        "genoeg": GENOEG,
        "verslagen": cijfers.verslagen[:MEESTE_VERSLAGEN],
        "aantal_verslagen": len(cijfers.verslagen),
        "geblokkeerd_cent": sum(rij.geblokkeerd_cent for rij in cijfers.verslagen),
    }
    return render(request, "betalingen/vooruitblik.html", context)


def _cijfers(request: Verzoek, slug: str | None, luiken: QuerySet[Luik]) -> Cijfers:
    regels = queries.gefilterd(queries.journaal_voor(request.user), oproep=slug)
    kredieten = rechten.kredieten_zichtbaar_voor(Krediet.objects.all(), request.user)
    return bereken(regels, luiken, kredieten)


def _vertragingen(gepland: queries.Gepland, titels: dict[int, str]) -> list[dict[str, Any]]:
    """Return the past delay of each call that has something to pay, by title."""
    oproepen = {post.oproep for post in gepland.posten}
    rijen = [{"titel": titels[pk], "v": gepland.vertragingen.get(pk, Vertraging())} for pk in oproepen]
    return sorted(rijen, key=lambda rij: str(rij["titel"]))


@require_GET
@aangemeld()
def vooruitblik_schijven(request: Verzoek) -> HttpResponse:
    """List the instalments behind a figure of the page; an address that cannot be read is all that is still to come.

    maand (2022-03, or later) and reeks (verwacht, vlot, traag): a month of the forecast; tot: planned up to a day, paid
    or not; vervallen: due before today; verslag: held up by a report.
    """
    form, _, luiken = _gekozen(request)
    wat, posten = _posten_van(request, queries.gepland(luiken), luiken)
    per_sleutel = {post.betaling: post for post in posten}
    lezen = ("dossier__organisatie", "dossier__ronde__luik__oproep", "schijf")
    rijen = Betaling.objects.filter(pk__in=per_sleutel).select_related(*lezen)
    pagina = Paginator(rijen.order_by("dossier_id", "schijf__volgorde"), PER_PAGINA).get_page(request.GET.get("pagina"))
    context = {
        "wat": wat,
        "slug": form.waarde("oproep"),
        "pagina": pagina,
        "rijen": [(rij, per_sleutel[rij.pk]) for rij in pagina],
        "som_cent": sum(post.bedrag_cent for post in posten),
    }
    return render(request, "betalingen/vooruitblik_schijven.html", context)


def _posten_van(request: Verzoek, gepland: queries.Gepland, luiken: QuerySet[Luik]) -> tuple[str, list[Post]]:
    """Return what the address asks for in words, and the instalments that make that figure."""
    vandaag, vraag = klok.vandaag(), request.GET
    if tot := _dag(vraag.get("tot", "")):
        return f"gepland tot en met {dag_tekst(tot)}", [p for p in gepland.plan if p.verval <= tot]
    if vraag.get("vervallen"):
        return "vervallen en nog niet uitbetaald", [p for p in gepland.posten if p.verval < vandaag]
    if vraag.get("verslag", "").isdecimal():
        sleutels = queries.geblokkeerd_door(luiken, int(vraag["verslag"][:15]))
        return "tegengehouden door een verslag dat te laat is", [p for p in gepland.posten if p.betaling in sleutels]
    maand = vraag.get("maand", "")
    eerste = None if maand == LATER else _dag(f"{maand}-01")
    if maand != LATER and eerste is None:
        return "nog uit te betalen", gepland.posten
    reeks = vraag["reeks"] if vraag.get("reeks") in REEKSEN else "verwacht"
    wanneer = "later" if eerste is None else f"in {date_format(eerste, 'F Y')}"
    return f"{REEKSEN[reeks]} {wanneer}", in_maand(gepland.posten, gepland.vertragingen, vandaag, eerste, reeks)


def _dag(ruw: str) -> date | None:
    try:
        return date.fromisoformat(ruw)
    except ValueError:
        return None


@require_GET
@aangemeld()
def vooruitblik_bestand(request: Verzoek) -> FileResponse:
    """Give every table of the page as a sheet, for the same call."""
    form, _, luiken = _gekozen(request)
    slug = form.waarde("oproep")
    cijfers = _cijfers(request, slug, luiken)
    oproep = dict(form.fields["oproep"].choices).get(slug or "")  # type: ignore[attr-defined]
    getoond = [("Oproep", str(oproep)), ("Vanaf", klok.vandaag().isoformat())]
    return werkblad.als_antwoord(vooruitblikblad(cijfers, getoond), request.GET.get("formaat", ""))
