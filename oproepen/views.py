"""The management page of a call."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kern.aanmelden import aangemeld, invoer
from kern.formulieren import doe_en_keer_terug, probeer
from kern.weg import reden_tegen
from oproepen import rechten, services
from oproepen.forms import RedenForm
from oproepen.models import Oproep
from organisaties.verzoek import Verzoek


def oproep_of_404(request: Verzoek, slug: str) -> Oproep:
    """Return a call whose management page this person sees."""
    return get_object_or_404(rechten.beheerbaar_voor(Oproep.objects.all(), request.user), slug=slug)


@require_GET
@aangemeld()
def beheer(request: Verzoek, slug: str) -> HttpResponse:
    """Show a call to its staff, with what can be done."""
    return _pagina(request, oproep_of_404(request, slug), RedenForm(invoer(request, "oproep_stuur_terug")))


def _pagina(request: Verzoek, oproep: Oproep, form: RedenForm) -> HttpResponse:
    handelingen: list[dict[str, str | None]] = []
    if oproep.status == Oproep.Status.ONTWERP and rechten.mag_aankondigen(request.user, oproep):
        url = reverse("oproep_kondig_aan", args=[oproep.slug])
        handelingen.append({"label": "Aankondigen", "url": url, "reden": reden_tegen(oproep, "kondig_aan")})
    in_opmaak = oproep.status in {Oproep.Status.ONTWERP, Oproep.Status.AANGEKONDIGD}
    if in_opmaak and rechten.mag_voorleggen(request.user, oproep):
        url = reverse("oproep_leg_voor", args=[oproep.slug])
        handelingen.append(
            {"label": "Ter goedkeuring voorleggen", "url": url, "reden": reden_tegen(oproep, "leg_voor")}
        )
    keurt_goed = oproep.status == Oproep.Status.TER_GOEDKEURING and rechten.mag_publiceren(request.user, oproep)
    if keurt_goed:
        zelf = oproep.opgesteld_door_id == request.user.pk
        reden = "U legde deze oproep zelf voor; een andere persoon keurt ze goed." if zelf else None
        url = reverse("oproep_publiceer", args=[oproep.slug])
        handelingen.append({"label": "Goedkeuren en publiceren", "url": url, "reden": reden})
    luiken = oproep.luiken.select_related("kostenregeling").prefetch_related(
        "rondes", "schijven", "verslagmomenten", "kostenregeling__categorieen", "kostenregeling__forfaits"
    )
    context = {
        "oproep": oproep,
        "aangekondigd": not luiken and oproep.budget_toelichting,
        "aannames": oproep.aannames.all(),
        "bronnen": oproep.bronnen.all(),
        "handelingen": handelingen,
        "mag_budget": rechten.mag_publiceren(request.user, oproep) or rechten.is_beheerder(request.user),
        "form": form if keurt_goed else None,
        "luiken": luiken,
        "volgt": {luik.pk for luik in luiken if rechten.volgt_luik(request.user, luik)},
        "criteria": oproep.criteria.all(),
        "taken": oproep.taken.select_related("gebruiker", "luik").order_by("rol", "gebruiker__familienaam"),
    }
    return render(request, "oproepen/beheer.html", context, status=422 if form.errors else 200)


@require_POST
@aangemeld("oproep_beheer", "slug", knop=True)
def kondig_aan(request: Verzoek, slug: str) -> HttpResponse:
    """Announce."""
    oproep = oproep_of_404(request, slug)
    daad = lambda: services.kondig_aan(oproep, door=request.user)  # noqa: E731
    return doe_en_keer_terug(request, daad, "De oproep is aangekondigd.", reverse("oproep_beheer", args=[slug]))


@require_POST
@aangemeld("oproep_beheer", "slug", knop=True)
def leg_voor(request: Verzoek, slug: str) -> HttpResponse:
    """Ask for approval."""
    oproep = oproep_of_404(request, slug)
    daad = lambda: services.leg_oproep_voor(oproep, door=request.user)  # noqa: E731
    return doe_en_keer_terug(
        request, daad, "De oproep ligt ter goedkeuring voor.", reverse("oproep_beheer", args=[slug])
    )


@require_POST
@aangemeld("oproep_beheer", "slug", knop=True)
def publiceer(request: Verzoek, slug: str) -> HttpResponse:
    """Approve and publish."""
    oproep = oproep_of_404(request, slug)
    daad = lambda: services.publiceer(oproep, door=request.user)  # noqa: E731
    return doe_en_keer_terug(request, daad, "De oproep is gepubliceerd.", reverse("oproep_beheer", args=[slug]))


@require_POST
@aangemeld("oproep_beheer", "slug")
def stuur_terug(request: Verzoek, slug: str) -> HttpResponse:
    """Send a presented call back."""
    oproep = oproep_of_404(request, slug)
    form = RedenForm(request.POST)
    if form.is_valid() and probeer(
        form, lambda: services.stuur_oproep_terug(oproep, **form.cleaned_data, door=request.user)
    ):
        messages.success(request, "De oproep is teruggestuurd.")
        return redirect("oproep_beheer", slug=slug)
    return _pagina(request, oproep, form)
