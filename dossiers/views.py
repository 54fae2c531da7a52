"""Pages of the applicant: start, fill in, hand in, receipt; and of the handler: admissibility, reports."""

from contextlib import nullcontext
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Prefetch, prefetch_related_objects
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dossiers import opmaak, rechten, services
from dossiers.forms import (
    GegevensForm,
    MotiveringForm,
    RegelFormSet,
    StartForm,
    VerslagForm,
    VerslagOordeelForm,
    VragenForm,
    begin_regels,
    regels_van,
)
from dossiers.models import Begrotingsregel, Bijlage, Dossier, Indiening, Verslag
from dossiers.ontvangstbewijs import als_json, ingediend
from dossiers.stukken import ontvangstbewijs_bestand
from dossiers.volledig import gebreken
from kern import klok, uploads
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import probeer, rijfouten
from kern.weigering import GeenRecht, Weigering
from oproepen import rechten as oproeprechten
from oproepen.models import Luik, Oproep, Ronde
from organisaties.rechten import organisaties_van
from organisaties.verzoek import Verzoek

Soort = Begrotingsregel.Soort
STAPPEN = (
    ("vragen", "Vragen"),
    ("begroting", "Begroting"),
    ("bijlagen", "Bijlagen"),
    ("indienen", "Nakijken en indienen"),
)
# Only in a track of which the subsidy is de-minimis aid.
DEMINIMIS = ("deminimis", "De-minimissteun")
KIES_EERST = "Kies eerst een of meer bestanden."


@require_http_methods(["GET", "POST"])
@aangemeld()
def start(request: Verzoek, slug: str, luik: str) -> HttpResponse:
    """Start a dossier in the open round of a track."""
    oproep = get_object_or_404(oproeprechten.openbaar(Oproep.objects.all()), slug=slug)
    luik_rij = get_object_or_404(Luik, oproep=oproep, slug=luik)
    ronde = open_ronde(luik_rij, request.ontvangen_op)
    form = StartForm(invoer(request), gebruiker=request.user)
    if request.method == "POST" and form.is_valid() and ronde is not None:
        dossier = probeer(
            form,
            lambda: services.start_dossier(
                ronde,
                organisatie=form.cleaned_data["organisatie"],
                door=request.user,
                ontvangen_op=request.ontvangen_op,
            ),
        )
        if dossier is not None:
            return redirect("dossier_vragen", nummer=dossier.nummer)
    status = 422 if form.errors else 200
    if request.method == "POST" and ronde is None:
        status = 409
    context = {"oproep": oproep, "luik": luik_rij, "ronde": ronde, "form": form}
    return render(request, "dossiers/start.html", context, status=status)


def open_ronde(luik: Luik, moment: datetime) -> Ronde | None:
    """Return the round of a track in which one can submit at that moment."""
    rondes = luik.rondes.filter(opent_op__lte=moment, sluit_op__gt=moment).select_related("luik__oproep")
    return rondes.order_by("sluit_op").first()


def concept_of_404(request: Verzoek, nummer: str) -> Dossier:
    """Return the dossier of an applicant's page; other people get a 404."""
    eigen = Dossier.objects.filter(organisatie__in=organisaties_van(request.user))
    velden = ("ronde__luik__oproep", "organisatie", "formulierversie")
    return get_object_or_404(eigen.select_related(*velden), nummer=nummer)


def pagina_van(dossier: Dossier, huidig: str) -> dict[str, Any]:
    """Return what every page of filling in shows: where one is, and what comes next."""
    alle = [*STAPPEN[:-1], *([DEMINIMIS] if dossier.ronde.luik.deminimis else []), STAPPEN[-1]]
    sleutels = [sleutel for sleutel, _ in alle]
    plaats = sleutels.index(huidig)
    return {
        "dossier": dossier,
        "ronde": dossier.ronde,
        "stap": huidig,
        "stappen": [{"sleutel": s, "titel": titel, "url": f"dossier_{s}"} for s, titel in alle],
        "volgende": f"dossier_{sleutels[min(plaats + 1, len(sleutels) - 1)]}",
        "termijn_voorbij": klok.nu() >= dossier.ronde.sluit_op,
    }


@require_http_methods(["GET", "POST"])
@aangemeld()
def vragen(request: Verzoek, nummer: str) -> HttpResponse:
    """Fill in the questions; the whole form at once, or field by field through `bewaar`."""
    dossier = concept_of_404(request, nummer)
    if dossier.status != Dossier.Status.CONCEPT:
        return redirect("dossier", nummer=nummer)
    if request.method == "GET":
        form = VragenForm(invoer(request), dossier=dossier)
        return render(request, "dossiers/vragen.html", {**pagina_van(dossier, "vragen"), "form": form})
    form = VragenForm(request.POST, dossier=dossier)
    form.is_valid()
    namen = {vraag.sleutel for vraag in form.vragen if vraag.sleutel in form.cleaned_data}
    versies, conflicten = _bewaar_antwoorden(dossier, form, namen, door=request.user)
    form.waarschuw(namen - set(conflicten))
    if not form.errors and not conflicten:
        messages.success(request, "Uw antwoorden zijn bewaard.")
        return redirect(pagina_van(dossier, "vragen")["volgende"], nummer=nummer)
    # What was typed stays in the fields; the hidden versions go along with what was saved.
    data = request.POST.copy()
    for sleutel, versie in versies.items():
        data[f"versie_{sleutel}"] = str(versie)
    form.data = data
    context = {**pagina_van(dossier, "vragen"), "form": form, "conflicten": conflicten}
    return render(request, "dossiers/vragen.html", context, status=422)


def _bewaar_antwoorden(
    dossier: Dossier, form: VragenForm, namen: set[str], *, door: Any
) -> tuple[dict[str, int], dict[str, str]]:
    versies: dict[str, int] = {}
    conflicten: dict[str, str] = {}
    for sleutel in sorted(namen):
        waarde = form.cleaned_data[sleutel] or ""
        versie = form.cleaned_data.get(f"versie_{sleutel}") or 0
        if versie == 0 and not waarde:
            continue
        bewaard = probeer(form, partial(opmaak.bewaar_antwoord, dossier, sleutel, waarde, versie, door=door))
        if bewaard is None:
            continue
        versies[sleutel] = bewaard.versie
        if bewaard.conflict is not None:
            conflicten[sleutel] = bewaard.conflict
            form.add_error(
                sleutel,
                f"Iemand anders wijzigde dit antwoord intussen in: '{bewaard.conflict}'. "
                "Uw tekst staat nog in het veld; bewaar opnieuw als u die wilt houden.",
            )
    return versies, conflicten


@require_POST
def bewaar(request: Verzoek, nummer: str) -> JsonResponse:
    """Autosave of changed answers (static/js/loket.js says what it sends); always answers JSON."""
    if not request.user.is_authenticated:
        return JsonResponse({"status": "afgemeld"}, status=401)
    dossier = concept_of_404(request, nummer)
    form = VragenForm(request.POST, dossier=dossier)
    form.is_valid()
    namen = {n for n in request.POST.getlist("gewijzigd") if n in form.cleaned_data and not n.startswith("versie_")}
    versies, conflicten = _bewaar_antwoorden(dossier, form, namen, door=request.user)
    # What was saved is told even when something else was not.
    uit: dict[str, Any] = {
        "status": "bewaard",
        "tijd": time_format(localtime(klok.nu(), klok.BRUSSEL), "H:i"),
        "zin": "",
        "versies": {sleutel: versie for sleutel, versie in versies.items() if sleutel not in conflicten},
    }
    if conflicten:
        zin = "Niet bewaard: iemand anders wijzigde dit antwoord intussen. Herlaad de pagina om die tekst te zien."
        return JsonResponse({**uit, "status": "conflict", "zin": zin}, status=409)
    gestuurd = {None, NON_FIELD_ERRORS, *request.POST.getlist("gewijzigd")}
    fouten = [str(fout) for naam, lijst in form.errors.items() if naam in gestuurd for fout in lijst]
    if fouten:
        return JsonResponse({**uit, "status": "fout", "zin": fouten[0]}, status=422)
    return JsonResponse(uit)


@require_http_methods(["GET", "POST"])
@aangemeld()
def begroting(request: Verzoek, nummer: str) -> HttpResponse:
    """Fill in title, account, amount asked and budget rows."""
    dossier = concept_of_404(request, nummer)
    if dossier.status != Dossier.Status.CONCEPT:
        return redirect("dossier", nummer=nummer)
    data = invoer(request)
    begin = {
        "titel": dossier.titel,
        "iban": dossier.iban,
        "gevraagd": dossier.gevraagd_cent,
        "versie": dossier.gegevens_versie,
    }
    form = GegevensForm(data, initial=begin, maximum_cent=dossier.ronde.luik.maximum_cent)
    kosten = RegelFormSet(data, initial=begin_regels(dossier, Soort.KOST), prefix="kosten")
    inbreng = RegelFormSet(data, initial=begin_regels(dossier, Soort.INBRENG), prefix="inbreng")
    if request.method == "POST" and all(deel.is_valid() for deel in (form, kosten, inbreng)):
        waarden = form.cleaned_data
        bewaard = probeer(
            form,
            lambda: opmaak.bewaar_gegevens(
                dossier,
                titel=waarden["titel"],
                iban=waarden["iban"],
                gevraagd_cent=waarden["gevraagd"],
                regels=[*regels_van(Soort.KOST, kosten), *regels_van(Soort.INBRENG, inbreng)],
                versie=waarden["versie"],
                door=request.user,
            ),
        )
        if bewaard is not None:
            return _na_begroting(request, bewaard)
    fout = request.method == "POST"
    context = {**pagina_van(dossier, "begroting"), "form": form, "kosten": kosten, "inbreng": inbreng}
    if fout and "gewijzigd" in {f.code for f in form.non_field_errors().as_data()}:
        # Show what the other saved; what was typed stays in the fields, with the version that can replace it.
        context["intussen"] = huidig = Dossier.objects.prefetch_related("begrotingsregels").get(pk=dossier.pk)
        data = request.POST.copy()
        data["versie"] = str(huidig.gegevens_versie)
        form.data = data
    if form.is_bound:
        context["fouten"] = [*rijfouten("Kosten", kosten), *rijfouten("Inbreng", inbreng)]
    return render(request, "dossiers/begroting.html", context, status=422 if fout else 200)


def _na_begroting(request: Verzoek, dossier: Dossier) -> HttpResponse:
    messages.success(request, "Uw begroting is bewaard.")
    scheef = next((g for g in gebreken(dossier) if g.code == "begroting_klopt_niet"), None)
    if scheef is not None:
        messages.warning(request, scheef.zin)
    doel = "dossier_begroting" if scheef is not None or "meer" in request.POST else "dossier_bijlagen"
    return redirect(doel, nummer=dossier.nummer)


@require_http_methods(["GET", "POST"])
@aangemeld()
def bijlagen(request: Verzoek, nummer: str) -> HttpResponse:
    """Add attachments, several at once; those that are refused are told one by one, the others are kept."""
    dossier = concept_of_404(request, nummer)
    if dossier.status != Dossier.Status.CONCEPT:
        return redirect("dossier", nummer=nummer)
    geweigerd: list[str] = []
    if request.method == "POST":
        gekozen = request.FILES.getlist("bestanden")
        geweigerd = _voeg_bijlagen_toe(dossier, gekozen, door=request.user) if gekozen else [KIES_EERST]
        goed = len(gekozen) - len(geweigerd)
        if goed > 0:
            messages.success(request, f"{goed} bestanden zijn bewaard." if goed > 1 else "1 bestand is bewaard.")
        if not geweigerd:
            return redirect("dossier_bijlagen", nummer=nummer)
    rijen = list(dossier.bijlagen.select_related("bestand"))
    context = {
        **pagina_van(dossier, "bijlagen"),
        "bijlagen": rijen,
        "samen": sum(rij.bestand.grootte for rij in rijen),
        "plaats": opmaak.MAX_BIJLAGEN - len(rijen),
        "meeste": opmaak.MAX_BIJLAGEN,
        "fouten": [{"tekst": zin, "doel": "bestanden"} for zin in geweigerd],
        "leesbaar": uploads.LEESBAAR,
        "hoogstens": settings.BIJLAGE_MAX_BYTES,
    }
    return render(request, "dossiers/bijlagen.html", context, status=422 if geweigerd else 200)


def _voeg_bijlagen_toe(dossier: Dossier, gekozen: list[Any], *, door: Any) -> list[str]:
    """Keep what may be kept; return why the others are refused, a sentence each."""
    geweigerd = []
    for upload in gekozen:
        try:
            opmaak.voeg_bijlage_toe(dossier, upload, door=door)
        except Weigering as fout:
            geweigerd.append(fout.zin)
    return geweigerd


@require_POST
def bewaar_bijlage(request: Verzoek, nummer: str) -> JsonResponse:
    """Store one attachment while its page stays open (static/js/opladen.js); always answers JSON."""
    if not request.user.is_authenticated:
        return JsonResponse({"status": "afgemeld"}, status=401)
    dossier = concept_of_404(request, nummer)
    gekozen = request.FILES.getlist("bestanden")[:1]
    geweigerd = _voeg_bijlagen_toe(dossier, gekozen, door=request.user) if gekozen else [KIES_EERST]
    if geweigerd:
        return JsonResponse({"status": "geweigerd", "zin": geweigerd[0]}, status=422)
    return JsonResponse({"status": "bewaard", "zin": ""})


@require_POST
@aangemeld("dossier_bijlagen", "nummer", knop=True)
def verwijder_bijlage(request: Verzoek, nummer: str, pk: int) -> HttpResponse:
    """Take an attachment out of a draft."""
    dossier = concept_of_404(request, nummer)
    bijlage = get_object_or_404(Bijlage.objects.select_related("dossier__organisatie"), pk=pk, dossier=dossier)
    try:
        opmaak.verwijder_bijlage(bijlage, door=request.user)
        messages.success(request, "De bijlage is verwijderd.")
    except Weigering as fout:
        messages.error(request, fout.zin)
    return redirect("dossier_bijlagen", nummer=nummer)


@require_http_methods(["GET", "POST"])
@aangemeld()
def indienen(request: Verzoek, nummer: str) -> HttpResponse:
    """Look everything over and hand in."""
    dossier = concept_of_404(request, nummer)
    weigering = None
    if request.method == "POST":
        try:
            services.dien_in(dossier, door=request.user, ontvangen_op=request.ontvangen_op)
        except Weigering as fout:
            weigering = fout
        else:
            return redirect("dossier_ontvangstbewijs", nummer=nummer)
        dossier.refresh_from_db(fields=["status", "ingediend_op"])
        if dossier.ingediend_op is not None:  # a second click: the first one did it
            return redirect("dossier_ontvangstbewijs", nummer=nummer)
    if dossier.status != Dossier.Status.CONCEPT:
        return redirect("dossier", nummer=nummer)
    # Read along once for what is missing and for what is shown.
    bijlagen = Prefetch("bijlagen", Bijlage.objects.select_related("bestand"))
    prefetch_related_objects([dossier], "antwoorden", "begrotingsregels", "formulierversie__vragen", bijlagen)
    antwoorden = {antwoord.sleutel: antwoord.waarde for antwoord in dossier.antwoorden.all()}
    context = {
        **pagina_van(dossier, "indienen"),
        "gebreken": gebreken(dossier),
        "weigering": weigering,
        "antwoorden": [(v.label, antwoorden.get(v.sleutel, "")) for v in dossier.formulierversie.vragen.all()],
        "regels": dossier.begrotingsregels.all(),
        "bijlagen": dossier.bijlagen.all(),
    }
    return render(request, "dossiers/indienen.html", context, status=409 if weigering else 200)


def indiening_of_404(request: Verzoek, nummer: str) -> Indiening:
    """Return the last submission of a dossier that this person may see."""
    zichtbaar = rechten.zichtbaar_voor(Dossier.objects.all(), request.user)
    rijen = Indiening.objects.filter(dossier__in=zichtbaar, dossier__nummer=nummer).order_by("-volgnummer")
    rij = rijen.select_related(
        "dossier__organisatie", "ronde__luik__oproep", "bewaarde_inhoud", "ingediend_door"
    ).first()
    return rij if rij is not None else get_object_or_404(rijen)


@require_GET
@aangemeld()
def ontvangstbewijs(request: Verzoek, nummer: str) -> HttpResponse:
    """Show the receipt."""
    indiening = indiening_of_404(request, nummer)
    context = {
        "indiening": indiening,
        "dossier": indiening.dossier,
        "blad": bytes(indiening.blad).hex(),
        "snapshot": bytes(indiening.snapshot_hash).hex(),
    }
    return render(request, "dossiers/ontvangstbewijs.html", context)


@require_GET
@aangemeld()
def ontvangstbewijs_json(request: Verzoek, nummer: str) -> JsonResponse:
    """Give the receipt as a file that can be checked without this system."""
    indiening = indiening_of_404(request, nummer)
    antwoord = JsonResponse(als_json(indiening), json_dumps_params={"ensure_ascii": False, "indent": 2})
    antwoord["Content-Disposition"] = f'attachment; filename="ontvangstbewijs-{nummer}.json"'
    antwoord["Content-Security-Policy"] = uploads.BELEID
    return antwoord


@require_GET
@aangemeld()
def ontvangstbewijs_pdf(request: Verzoek, nummer: str) -> FileResponse:
    """Give the receipt as a document."""
    return uploads.stuk_als_bijlage(ontvangstbewijs_bestand(indiening_of_404(request, nummer)))


@require_http_methods(["GET", "POST"])
@aangemeld()
def ontvankelijkheid(request: Verzoek, nummer: str) -> HttpResponse:
    """Decide on admissibility, with the application beside it."""
    qs = rechten.zichtbaar_voor(Dossier.objects.select_related("ronde__luik__oproep", "organisatie"), request.user)
    dossier = get_object_or_404(qs, nummer=nummer)
    if not rechten.mag_beoordelen(request.user, dossier):
        raise GeenRecht
    form = MotiveringForm(invoer(request))
    if request.method == "POST" and form.is_valid():
        oordeel = form.cleaned_data["oordeel"]
        daad = services.verklaar_ontvankelijk if oordeel == "ontvankelijk" else services.verklaar_onontvankelijk
        gedaan = probeer(form, lambda: daad(dossier, motivering=form.cleaned_data["motivering"], door=request.user))
        if gedaan is not None:
            messages.success(request, f"Dossier {nummer} is {oordeel} verklaard.")
            volgende = dossier.ronde.dossiers.filter(status=Dossier.Status.INGEDIEND).order_by("pk").first()
            return (
                redirect("dossier_ontvankelijkheid", nummer=volgende.nummer)
                if volgende
                else redirect("ronde", pk=dossier.ronde_id)
            )
    context = {
        "dossier": dossier,
        "form": form,
        "inhoud": ingediend(dossier),
        "vragen": dossier.formulierversie.vragen.all(),
        "bijlagen": dossier.bijlagen.select_related("bestand"),
        "regels": [(regel, regel.reden(dossier.organisatie)) for regel in dossier.ronde.luik.voorwaarden.all()],
    }
    return render(request, "dossiers/ontvankelijkheid.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@aangemeld()
def verslag(request: Verzoek, pk: int) -> HttpResponse:
    """Write and hand in a report (applicant), or read and judge it (handler)."""
    qs = rechten.verslagen_zichtbaar_voor(
        Verslag.objects.select_related("dossier__ronde__luik__oproep", "dossier__organisatie", "moment", "bestand"),
        request.user,
    )
    rij = get_object_or_404(qs, pk=pk)
    mag_schrijven = rechten.mag_verslag_indienen(request.user, rij)
    mag_oordelen = rechten.mag_verslag_beoordelen(request.user, rij)
    if request.method == "POST" and not (mag_schrijven or mag_oordelen):
        raise GeenRecht
    schrijft = mag_schrijven and rij.status in {"verwacht", "terug"}
    oordeelt = mag_oordelen and rij.status == "ingediend"
    form: Any = None
    if schrijft:
        begin = {"tekst": rij.tekst, "kosten": rij.kosten_cent}
        form = VerslagForm(invoer(request), request.FILES or None, initial=begin)
    elif oordeelt:
        form = VerslagOordeelForm(invoer(request))
    if request.method == "POST" and form is None:
        messages.error(request, f"Dit kan niet: het verslag heeft de status '{rij.get_status_display().lower()}'.")
    elif request.method == "POST" and form.is_valid():
        gedaan = probeer(form, lambda: _verslagdaad(rij, form.cleaned_data, schrijft=schrijft, door=request.user))
        if gedaan is not None:
            messages.success(request, "Uw verslag is ingediend." if schrijft else "Uw oordeel is bewaard.")
            return redirect("verslag", pk=pk)
    context = {"verslag": rij, "dossier": rij.dossier, "form": form, "schrijft": schrijft}
    if request.method == "POST":
        return render(request, "dossiers/verslag.html", context, status=409 if form is None else 422)
    return render(request, "dossiers/verslag.html", context)


def _verslagdaad(rij: Verslag, waarden: dict[str, Any], *, schrijft: bool, door: Any) -> Verslag:
    if schrijft:
        upload = waarden["bestand"]
        with uploads.voorlopig(upload, door=door) if upload else nullcontext() as bestand:
            return services.dien_verslag_in(
                rij, tekst=waarden["tekst"], kosten_cent=waarden["kosten"], bestand=bestand, door=door
            )
    daad = services.keur_verslag_goed if waarden["oordeel"] == "goed" else services.stuur_verslag_terug
    return daad(rij, beoordeling=waarden["beoordeling"], door=door)
