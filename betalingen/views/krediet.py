"""Pages that set what may be spent: the credits of articles, the budget of a call, the end of a budget year."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from betalingen import grootboek, queries, rechten, services
from betalingen.forms import BudgetForm, HerverdeelForm, KredietForm, NieuwKredietForm, VerschuifForm, dag_van, zin_dag
from betalingen.models import Begrotingsjaar, Jaarrapport, Krediet
from betalingen.resources import kredietblad
from kern import klok, werkblad
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer
from kern.weigering import GeenRecht
from oproepen import rechten as oproeprechten
from oproepen.models import Luik, Oproep, Ronde
from organisaties.verzoek import Verzoek


def _eis_kredieten(request: Verzoek) -> None:
    if not (oproeprechten.is_personeel(request.user) or oproeprechten.is_beheerder(request.user)):
        raise GeenRecht


@require_http_methods(["GET", "POST"])
@aangemeld()
def kredieten(request: Verzoek) -> HttpResponse:
    """List the credits by year and article, and register a new one."""
    _eis_kredieten(request)
    artikelen = rechten.artikelen_van(request.user)
    form = NieuwKredietForm(invoer(request), artikelen=artikelen)
    if request.method == "POST" and not artikelen:
        raise GeenRecht
    if request.method == "POST" and form.is_valid() and probeer(form, lambda: _registreer(request, form)):
        messages.success(request, "Het krediet is ingeschreven.")
        return redirect("kredieten")
    dag = dag_van(request.GET.get("op", ""), klok.vandaag())
    zichtbaar = rechten.kredieten_zichtbaar_voor(Krediet.objects.all(), request.user)
    rijen = queries.kredietstand(zichtbaar, op=dag)
    context = {
        "rijen": rijen,
        "op": dag or klok.vandaag(),
        "op_fout": zin_dag(request.GET.get("op", ""), klok.vandaag()),
        "form": form if artikelen else None,
        "jaren": _jaren(request, rijen),
    }
    return render(request, "betalingen/kredieten.html", context, status=422 if form.errors else 200)


def _registreer(request: Verzoek, form: NieuwKredietForm) -> Any:
    v = form.cleaned_data
    artikel = grootboek.artikel(v["artikel"], v["artikel"])
    krediet, nieuw = Krediet.objects.get_or_create(artikel=artikel, jaar=v["jaar"], defaults={"aard": v["aard"]})
    if not nieuw and grootboek.stand_van(krediet).limiet_cent is not None:
        form.add_error("jaar", f"Artikel {artikel} heeft in {krediet.jaar} al een krediet. Kies het in de lijst.")
        return None
    return _stel_in(request, krediet, v)


def _stel_in(request: Verzoek, krediet: Krediet, v: dict[str, Any]) -> Any:
    return services.stel_krediet_in(
        krediet,
        vastleggingskrediet_cent=v["limiet"],
        betaalkrediet_cent=v["betaalkrediet"],
        referentie=v["referentie"],
        door=request.user,
    )


def _jaren(request: Verzoek, rijen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the budget years of which this person sees the page, with the state of each.

    An administrator those that are over or closed; others the closed ones of which they may have a report.
    """
    if oproeprechten.is_beheerder(request.user):
        dicht = set(Begrotingsjaar.objects.filter(status="afgesloten").values_list("jaar", flat=True))
        # Also a year between them without a credit: it is closed in its turn.
        eerste = min((rij["jaar"] for rij in rijen), default=klok.vandaag().year)
        laatste = max((rij["jaar"] for rij in rijen), default=0)
        jaren = dicht | set(range(eerste, min(laatste + 1, klok.vandaag().year)))
    else:
        rapporten = rechten.jaarrapporten_zichtbaar_voor(Jaarrapport.objects.all(), request.user)
        jaren = dicht = set(rapporten.values_list("begrotingsjaar__jaar", flat=True))
    return [{"jaar": jaar, "afgesloten": jaar in dicht} for jaar in sorted(jaren)]


@require_GET
@aangemeld()
def kredieten_bestand(request: Verzoek) -> FileResponse:
    """Give the credits as a sheet, for the same day."""
    _eis_kredieten(request)
    zichtbaar = rechten.kredieten_zichtbaar_voor(Krediet.objects.all(), request.user)
    blad = kredietblad(zichtbaar, op=dag_van(request.GET.get("op", ""), klok.vandaag()))
    return werkblad.als_antwoord(blad, request.GET.get("formaat", ""))


@require_http_methods(["GET", "POST"])
@aangemeld()
def krediet(request: Verzoek, pk: int) -> HttpResponse:
    """Show one credit; set it, or move a part of it to another article."""
    zichtbaar = rechten.kredieten_zichtbaar_voor(Krediet.objects.select_related("artikel"), request.user)
    rij = get_object_or_404(zichtbaar, pk=pk)
    mag = rechten.mag_krediet_instellen(request.user, rij)
    if request.method == "POST" and not mag:
        raise GeenRecht
    getypt = invoer(request)
    welk = getypt.get("form") if getypt is not None else None
    stand = grootboek.stand_van(rij)
    begin = {"limiet": stand.limiet_cent, "betaalkrediet": stand.betaalkrediet_cent}
    ingevuld = getypt if welk == "instellen" else None
    instellen = KredietForm(ingevuld, wijzigt=stand.is_ingesteld, initial=begin)
    herverdelen = HerverdeelForm(getypt if welk == "herverdelen" else None, kredieten=_andere(request, rij))
    if request.method == "POST" and _deed(request, rij, instellen, herverdelen):
        return redirect("krediet", pk=pk)
    context = {
        "krediet": rij,
        "stand": queries.kredietstand(Krediet.objects.filter(pk=pk))[0],
        "instellen": instellen if mag else None,
        "herverdelen": herverdelen if mag else None,
    }
    fout = instellen.errors or herverdelen.errors
    return render(request, "betalingen/krediet.html", context, status=422 if fout else 200)


def _andere(request: Verzoek, rij: Krediet) -> list[Krediet]:
    artikelen = rechten.artikelen_van(request.user)
    andere = Krediet.objects.filter(jaar=rij.jaar, artikel__code__in=artikelen).exclude(pk=rij.pk)
    return list(andere.select_related("artikel"))


def _deed(request: Verzoek, rij: Krediet, instellen: KredietForm, herverdelen: HerverdeelForm) -> bool:
    if instellen.is_bound and instellen.is_valid():
        if probeer(instellen, lambda: _stel_in(request, rij, instellen.cleaned_data)):
            messages.success(request, "Het krediet is ingesteld.")
            return True
    elif herverdelen.is_bound and herverdelen.is_valid():
        v = herverdelen.cleaned_data

        def daad() -> bool:
            services.herverdeel_krediet(
                rij,
                naar=herverdelen.doel,
                vastleggingskrediet_cent=v["vak"],
                betaalkrediet_cent=v["vek"],
                referentie=v["referentie"],
                door=request.user,
            )
            return True

        if probeer(herverdelen, daad):
            messages.success(request, f"Het krediet is herverdeeld naar {herverdelen.doel.artikel}.")
            return True
    return False


@require_http_methods(["GET", "POST"])
@aangemeld()
def oproepbudget(request: Verzoek, slug: str) -> HttpResponse:
    """Set the budget of a call and its tracks, or move budget between its rounds."""
    oproep = get_object_or_404(rechten.ziet_budgetstand(request.user), slug=slug)
    if not rechten.mag_budget_instellen(request.user, oproep):
        raise GeenRecht
    luiken = list(Luik.objects.filter(oproep=oproep))
    rondes = list(Ronde.objects.filter(luik__oproep=oproep).select_related("luik__oproep"))
    getypt = invoer(request)
    welk = getypt.get("form") if getypt is not None else None
    standen = grootboek.standen_van([oproep, *luiken, *rondes])
    namen = ["limiet", *(f"luik_{luik.slug}" for luik in luiken)]
    begin = {naam: stand.limiet_cent for naam, stand in zip(namen, standen, strict=False)}
    instellen = BudgetForm(getypt if welk == "instellen" else None, luiken=luiken, initial=begin)
    verschuiven = VerschuifForm(getypt if welk == "verschuiven" else None, rondes=rondes)
    if request.method == "POST" and _stelde_budget_in(request, oproep, instellen, verschuiven):
        return redirect("oproepbudget", slug=slug)
    context = {
        "oproep": oproep,
        "instellen": instellen,
        "verschuiven": verschuiven if len(rondes) > 1 else None,
        "rondes": list(zip(rondes, standen[1 + len(luiken) :], strict=True)),
    }
    fout = instellen.errors or verschuiven.errors
    return render(request, "betalingen/oproepbudget.html", context, status=422 if fout else 200)


def _stelde_budget_in(request: Verzoek, oproep: Oproep, instellen: BudgetForm, verschuiven: VerschuifForm) -> bool:
    if instellen.is_bound and instellen.is_valid():
        cent, per_luik = instellen.cleaned_data["limiet"], instellen.per_luik
        if probeer(
            instellen,
            lambda: services.stel_budget_in(oproep, budget_cent=cent, per_luik=per_luik, door=request.user),
        ):
            messages.success(request, "Het budget is ingesteld.")
            return True
    elif verschuiven.is_bound and verschuiven.is_valid():
        v = verschuiven.cleaned_data
        van, naar = verschuiven.rondes[v["van"]], verschuiven.rondes[v["naar"]]

        def daad() -> bool:
            services.verschuif_budget(van, naar=naar, bedrag_cent=v["bedrag"], reden=v["reden"], door=request.user)
            return True

        if probeer(verschuiven, daad):
            messages.success(request, "Het budget is verschoven.")
            return True
    return False
