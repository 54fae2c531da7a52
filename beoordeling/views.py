"""Pages of jury, chair and handler: rounds, sheets, advice, ranking, decision."""

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beoordeling import deminimis, queries, rechten, services
from beoordeling.forms import AdviesForm, OndertekeningForm, ScorebladForm, ToewijzenForm
from beoordeling.models import Besluit, Besluitregel, Scoreblad
from beoordeling.resources import rondeblad, scoresblad
from beoordeling.scores import score_tekst
from beoordeling.stukken import brief_bestand
from betalingen.grootboek import stand_van
from betalingen.services import boekt_extern
from dossiers import rechten as dossierrechten
from dossiers import services as dossierservices
from dossiers.models import Dossier, Indiening
from dossiers.ontvangstbewijs import ingediend
from dossiers.stukken import dossier_bestand
from kern import klok, uploads, werkblad
from kern.aanmelden import aangemeld, invoer
from kern.formulieren import doe_en_keer_terug, probeer
from kern.weg import reden_tegen
from kern.weigering import GeenRecht
from oproepen import rechten as oproeprechten
from oproepen import services as oproepservices
from oproepen.beelden import tijdbeeld
from oproepen.forms import RedenForm
from oproepen.models import Ronde
from organisaties.verzoek import Verzoek

PER_PAGINA = 50
GETEKEND = "De ondertekening is geregistreerd en de toekenningen zijn vastgelegd."
GETEKEND_EXTERN = "De ondertekening is geregistreerd. De toekenningen wachten op hun vastlegging in de boekhouding."


def ronde_of_404(request: Verzoek, pk: int) -> Ronde:
    """Return a round whose page this person sees."""
    qs = oproeprechten.rondes_zichtbaar_voor(Ronde.objects.select_related("luik__oproep"), request.user)
    return get_object_or_404(qs, pk=pk)


@require_GET
@aangemeld()
def ronde(request: Verzoek, pk: int) -> HttpResponse:
    """Show how far a round is, what can be done next, and its dossiers."""
    rij = ronde_of_404(request, pk)
    status, gekozen = _gekozen_dossiers(request, rij)
    besluiten, lijst = list(rij.besluiten.all()), queries.reservelijst(rij) if rij.reservelijst else []
    telling = queries.telling_van_ronde(rij)
    pagina = Paginator(gekozen, PER_PAGINA)
    # Counted already; spares a query.
    pagina.count = telling.get(status, 0) if status in Dossier.Status.values else sum(telling.values())
    context = {
        "ronde": rij,
        "oproep": rij.luik.oproep,
        "pagina": pagina.get_page(request.GET.get("pagina")),
        "status": status,
        "telling": [(Dossier.Status(s), n) for s, n in sorted(telling.items())],
        "handelingen": _rondehandelingen(request, rij, besluiten, lijst),
        "besluiten": besluiten,
        "reservelijst": lijst,
        "tijdbeeld": tijdbeeld(rij.luik, rij, rij.luik.verslagmomenten.all()),
        "stand": stand_van(rij),
        "ziet_scores": _ziet_scores(request, rij),
        "deminimis": _deminimis_van_ronde(rij),
        "begrenst": oproeprechten.mag_ronde_behandelen(request.user, rij),
    }
    return render(request, "beoordeling/ronde.html", context)


def _deminimis_van_ronde(rij: Ronde) -> list[deminimis.Stand]:
    """Return the warnings about what the dossiers would get, before anything is proposed."""
    if not rij.luik.deminimis:
        return []
    return deminimis.boven_plafond(rij.luik, deminimis.nog_voor_te_stellen(rij), klok.vandaag())


def _gekozen_dossiers(request: Verzoek, rij: Ronde) -> tuple[str, QuerySet[Dossier]]:
    status, dossiers = request.GET.get("status", ""), queries.dossiers_van_ronde(rij)
    return status, dossiers.filter(status=status) if status in Dossier.Status.values else dossiers


def _ziet_scores(request: Verzoek, rij: Ronde) -> bool:
    return oproeprechten.heeft_taak(request.user, rij.luik, *rechten.ZIET_ALLE_BLADEN)


@require_GET
@aangemeld()
def ronde_bestand(request: Verzoek, pk: int) -> FileResponse:
    """Give the dossiers of a round as a sheet, with the same state chosen."""
    rij = ronde_of_404(request, pk)
    status, dossiers = _gekozen_dossiers(request, rij)
    keuze = Dossier.Status(status).label if status in Dossier.Status.values else "alle ingediende"
    blad = rondeblad(rij, dossiers, gebruiker=request.user, getoond=[("Status", str(keuze))])
    return werkblad.als_antwoord(blad, request.GET.get("formaat", ""))


@require_GET
@aangemeld()
def ronde_scores(request: Verzoek, pk: int) -> FileResponse:
    """Give the points of all handed-in sheets of a round as a sheet, to those who see them all."""
    rij = ronde_of_404(request, pk)
    if not _ziet_scores(request, rij):
        raise GeenRecht
    return werkblad.als_antwoord(scoresblad(rij, gebruiker=request.user), request.GET.get("formaat", ""))


def _rondehandelingen(
    request: Verzoek, rij: Ronde, besluiten: list[Besluit], lijst: list[Besluitregel]
) -> list[dict[str, Any]]:
    if not oproeprechten.mag_ronde_behandelen(request.user, rij):
        return []
    if rij.status == Ronde.Status.KENNISGEGEVEN:
        return _reserveknoppen(rij, besluiten, lijst)
    volgorde = [
        ("sluit", "ronde_sluit", "Ronde sluiten", Ronde.Status.GEPLAND),
        ("start_beoordeling", "ronde_start", "Beoordeling starten", Ronde.Status.GESLOTEN),
    ]
    knoppen: list[dict[str, Any]] = [
        {"label": label, "url": reverse(url, args=[rij.pk]), "reden": reden_tegen(rij, overgang)}
        for overgang, url, label, status in volgorde
        if rij.status == status
    ]
    return knoppen if rij.status != Ronde.Status.IN_BEOORDELING else _voorstelknoppen(rij)


def _voorstelknoppen(rij: Ronde) -> list[dict[str, Any]]:
    """Return a button per year in which the decision may fall and for which there is a credit to reserve on."""
    jaren = queries.jaren_met_krediet(rij) or [klok.vandaag().year]
    return [
        {
            "label": "Rangschikking opmaken" if jaar == jaren[0] else f"Rangschikking voor een besluit in {jaar}",
            "url": reverse("ronde_stel_voor", args=[rij.pk]),
            "reden": reden_tegen(rij, "stel_voor"),
            "velden": {"begrotingsjaar": jaar},
            "uitleg": f"Reserveert de voorgestelde bedragen op het krediet van {jaar}.",
            "tweede": jaar != jaren[0],
        }
        for jaar in jaren
    ]


def _reserveknoppen(rij: Ronde, besluiten: list[Besluit], lijst: list[Besluitregel]) -> list[dict[str, Any]]:
    """Return a button per year to award from the reserve list, and one to close it; none when there is no list."""
    if not lijst:
        return []
    loopt = queries.blokkade_reserve(rij, besluiten, lijst)
    url = reverse("ronde_stel_reserve_voor", args=[rij.pk])
    redenen = queries.redenen_tegen_reserve(rij, lijst)
    toekennen = [
        {
            "label": f"Toekennen uit de reservelijst in {jaar}",
            "url": url,
            "reden": loopt.zin if loopt else reden,
            "velden": {"begrotingsjaar": jaar},
            "uitleg": f"Reserveert op het krediet van {jaar} wat nu past, in de volgorde van de lijst.",
            "tweede": jaar != min(redenen),
        }
        for jaar, reden in redenen.items()
    ]
    afsluiten = {
        "label": "Reservelijst afsluiten",
        "url": url,
        "reden": loopt.zin if loopt else None,
        "velden": {"afsluiten": "ja"},
        "uitleg": "Maakt een besluit op: wie nu past krijgt de subsidie, de andere dossiers worden geweigerd.",
        "tweede": True,
    }
    return [*toekennen, afsluiten]


@require_POST
@aangemeld("ronde", "pk", knop=True)
def ronde_sluit(request: Verzoek, pk: int) -> HttpResponse:
    """Close the round."""
    rij = ronde_of_404(request, pk)
    return _rondedaad(
        request, rij, lambda: dossierservices.sluit_ronde(rij, door=request.user), "De ronde is gesloten."
    )


@require_POST
@aangemeld("ronde", "pk", knop=True)
def ronde_start(request: Verzoek, pk: int) -> HttpResponse:
    """Start the judging."""
    rij = ronde_of_404(request, pk)
    return _rondedaad(
        request, rij, lambda: oproepservices.start_beoordeling(rij, door=request.user), "De beoordeling is gestart."
    )


@require_POST
@aangemeld("ronde", "pk", knop=True)
def ronde_stel_voor(request: Verzoek, pk: int) -> HttpResponse:
    """Rank and draft the decision."""
    rij = ronde_of_404(request, pk)
    return _rondedaad(
        request,
        rij,
        lambda: services.stel_voor(rij, door=request.user, begrotingsjaar=_begrotingsjaar(request)),
        "De rangschikking is opgemaakt.",
    )


def _begrotingsjaar(request: Verzoek) -> int | None:
    ruw = request.POST.get("begrotingsjaar", "")
    return int(ruw) if re.fullmatch("20[0-9]{2}", ruw) else None


@require_POST
@aangemeld("ronde", "pk", knop=True)
def ronde_stel_reserve_voor(request: Verzoek, pk: int) -> HttpResponse:
    """Draft a decision that awards from the reserve list, or closes it."""
    rij = ronde_of_404(request, pk)
    keuze = {"begrotingsjaar": _begrotingsjaar(request), "afsluiten": request.POST.get("afsluiten") == "ja"}
    return _rondedaad(
        request,
        rij,
        lambda: services.stel_reserve_voor(rij, door=request.user, **keuze),
        "Het voorstel uit de reservelijst is opgemaakt.",
    )


def _rondedaad(request: Verzoek, rij: Ronde, daad: Any, gelukt: str) -> HttpResponse:
    return doe_en_keer_terug(request, daad, gelukt, reverse("ronde", args=[rij.pk]))


@require_http_methods(["GET", "POST"])
@aangemeld()
def jury(request: Verzoek, nummer: str) -> HttpResponse:
    """Assign jurors to a dossier (handler) and adopt the advice (chair)."""
    qs = Dossier.objects.select_related("ronde__luik__oproep", "organisatie")
    dossier = get_object_or_404(rechten.dossiers_leesbaar_voor(qs, request.user), nummer=nummer)
    wijst_toe = rechten.mag_toewijzen(request.user, dossier)
    adviseert = rechten.mag_advies_vaststellen(request.user, dossier)
    if not (wijst_toe or adviseert):
        raise GeenRecht
    getypt = invoer(request)
    welk = getypt.get("form") if getypt is not None else None
    toewijzen = ToewijzenForm(getypt if welk == "toewijzen" else None, luik=dossier.ronde.luik)
    advies = AdviesForm(getypt if welk == "advies" else None)
    gedaan = None
    if request.method != "POST":
        pass
    elif toewijzen.is_bound and toewijzen.is_valid():
        jurylid = toewijzen.cleaned_data["jurylid"]
        gedaan = probeer(toewijzen, lambda: services.wijs_toe(dossier, jurylid=jurylid, door=request.user))
    elif advies.is_bound and advies.is_valid():
        gedaan = probeer(advies, lambda: services.stel_advies_vast(dossier, **advies.cleaned_data, door=request.user))
    if gedaan is not None:
        messages.success(request, "Het jurylid is toegewezen." if welk == "toewijzen" else "Het advies is vastgesteld.")
        return redirect("dossier_jury", nummer=nummer)
    bladen = queries.zichtbare_bladen(dossier, request.user)
    context = {
        "dossier": dossier,
        "toewijzen": toewijzen if wijst_toe else None,
        "adviesform": advies if adviseert else None,
        "advies": queries.advies_van(dossier),
        "bladen": bladen,
        "spreiding": queries.spreiding_van(dossier, bladen),
        "aantal_bladen": dossier.scorebladen.count(),
    }
    fout = toewijzen.errors or advies.errors
    return render(request, "beoordeling/jury.html", context, status=422 if fout else 200)


@require_http_methods(["GET", "POST"])
@aangemeld()
def scoreblad(request: Verzoek, pk: int) -> HttpResponse:
    """Fill in and hand in one's own sheet, with the application beside it."""
    qs = Scoreblad.objects.select_related(
        "dossier__ronde__luik__oproep", "dossier__organisatie", "dossier__formulierversie", "jurylid"
    )
    blad = get_object_or_404(rechten.zichtbaar_voor(qs, request.user), pk=pk)
    mag_invullen = rechten.mag_invullen(request.user, blad)
    open_blad = mag_invullen and blad.status != Scoreblad.Status.INGEDIEND
    if request.method == "POST" and not mag_invullen:
        raise GeenRecht
    form = ScorebladForm(invoer(request) if open_blad else None, blad=blad)
    if request.method == "POST" and not open_blad:
        messages.error(request, "Dit scoreblad is ingediend en kan niet meer gewijzigd worden.")
    if request.method == "POST" and form.is_valid() and probeer(form, lambda: _scoredaad(request, blad, form)):
        ingediend_nu = "indienen" in request.POST
        messages.success(request, "Uw scoreblad is ingediend." if ingediend_nu else "Uw punten zijn bewaard.")
        return redirect("mijn_werk") if ingediend_nu else redirect("scoreblad", pk=pk)
    context = {
        "blad": blad,
        "dossier": blad.dossier,
        "form": form,
        "open_blad": open_blad,
        "inhoud": ingediend(blad.dossier),
        "vragen": blad.dossier.formulierversie.vragen.all(),
        "bijlagen": blad.dossier.bijlagen.select_related("bestand"),
        "bladen": queries.zichtbare_bladen(blad.dossier, request.user) if not open_blad else [],
    }
    if request.method == "POST":
        return render(request, "beoordeling/scoreblad.html", context, status=422 if open_blad else 409)
    return render(request, "beoordeling/scoreblad.html", context)


def _scoredaad(request: Verzoek, blad: Scoreblad, form: ScorebladForm) -> Scoreblad:
    bewaard = services.bewaar_scores(blad, form.scores(), door=request.user)
    if "indienen" in request.POST:
        return services.dien_scoreblad_in(bewaard, door=request.user)
    return bewaard


@require_GET
@aangemeld()
def besluit(request: Verzoek, pk: int) -> HttpResponse:
    """Show the ranking and the decision, with what can be done next."""
    return _besluitpagina(request, besluit_of_404(request, pk))


def _besluitpagina(request: Verzoek, rij: Besluit, fout: RedenForm | None = None) -> HttpResponse:
    regels = list(rij.regels.select_related("dossier__organisatie"))
    loopt = 0
    for regel in regels:
        loopt += regel.bedrag_cent
        regel.lopend_cent, regel.score = loopt, score_tekst(regel.score_honderdsten)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "besluit": rij,
        "ronde": rij.ronde,
        "oproep": rij.ronde.luik.oproep,
        "regels": regels,
        "totaal_cent": loopt,
        "toegekend": sum(1 for regel in regels if regel.bedrag_cent),
        "stand": stand_van(rij.ronde),
        "begrensd": [] if rij.status == Besluit.Status.TERUGGESTUURD else _begrensd(regels),
        "deminimis": _deminimis_van_besluit(rij, regels),
        "handelingen": _besluithandelingen(request, rij),
        "form": OndertekeningForm(invoer(request, "besluit_onderteken")) if _registreert(request, rij) else None,
        "redenform": _redenform(request, rij, fout),
    }
    if context["form"] is not None:
        context["boekt_extern"] = boekt_extern(rij.ronde.luik.oproep.verstrekker)
    return render(request, "beoordeling/besluit.html", context, status=422 if fout else 200)


def _deminimis_van_besluit(rij: Besluit, regels: list[Besluitregel]) -> list[deminimis.Stand]:
    if rij.nummer or not rij.ronde.luik.deminimis:
        return []
    voorstel = {regel.dossier: regel.bedrag_cent for regel in regels if regel.bedrag_cent}
    return deminimis.boven_plafond(rij.ronde.luik, voorstel, klok.vandaag())


def _begrensd(regels: list[Besluitregel]) -> list[Dossier]:
    return [regel.dossier for regel in regels if regel.dossier.hoogstens_cent is not None]


def _redenform(request: Verzoek, rij: Besluit, fout: RedenForm | None) -> RedenForm | None:
    if fout is not None:
        return fout
    mag = rechten.mag_besluit_terugsturen(request.user, rij) and reden_tegen(rij, "stuur_terug") is None
    return RedenForm(invoer(request, "besluit_stuur_terug"), auto_id="id_terug_%s") if mag else None


@require_POST
@aangemeld("besluit", "pk")
def besluit_stuur_terug(request: Verzoek, pk: int) -> HttpResponse:
    """Send an unsigned proposal back with a reason."""
    rij = besluit_of_404(request, pk)
    form = RedenForm(request.POST, auto_id="id_terug_%s")
    if form.is_valid() and probeer(
        form, lambda: services.stuur_besluit_terug(rij, **form.cleaned_data, door=request.user)
    ):
        messages.success(request, "Het voorstel is teruggestuurd. Het kan opnieuw opgemaakt worden.")
        return redirect("ronde", pk=rij.ronde_id)
    return _besluitpagina(request, rij, form)


def besluit_of_404(request: Verzoek, pk: int) -> Besluit:
    """Return a decision on a round whose page this person sees."""
    rondes = oproeprechten.rondes_zichtbaar_voor(Ronde.objects.all(), request.user)
    return get_object_or_404(Besluit.objects.select_related("ronde__luik__oproep", "document"), pk=pk, ronde__in=rondes)


def _registreert(request: Verzoek, rij: Besluit) -> bool:
    te_tekenen = rij.status == Besluit.Status.TER_ONDERTEKENING
    return te_tekenen and rechten.mag_ondertekening_registreren(request.user, rij)


def _besluithandelingen(request: Verzoek, rij: Besluit) -> list[dict[str, Any]]:
    if not rechten.mag_besluit_behandelen(request.user, rij):
        return []
    if rij.status == Besluit.Status.ONTWERP:
        return [{"label": "Ter ondertekening voorleggen", "url": reverse("besluit_leg_voor", args=[rij.pk])}]
    if rij.status == Besluit.Status.TERUGGESTUURD:
        return []
    reden = (
        reden_tegen(rij, "geef_kennis")
        if rij.status != Besluit.Status.TER_ONDERTEKENING
        else "Het besluit is nog niet ondertekend."
    )
    if rij.status == Besluit.Status.KENNISGEGEVEN:
        return []
    url = reverse("besluit_geef_kennis", args=[rij.pk])
    return [{"label": "Aanvragers kennis geven", "url": url, "reden": reden}]


@require_POST
@aangemeld("besluit", "pk", knop=True)
def besluit_leg_voor(request: Verzoek, pk: int) -> HttpResponse:
    """Present the decision for signature."""
    rij = besluit_of_404(request, pk)
    terug = reverse("besluit", args=[pk])
    daad = lambda: services.leg_besluit_voor(rij, door=request.user)  # noqa: E731
    return doe_en_keer_terug(request, daad, "Het besluit ligt ter ondertekening voor.", terug)


@require_POST
@aangemeld("besluit", "pk")
def besluit_onderteken(request: Verzoek, pk: int) -> HttpResponse:
    """Register the signature."""
    rij = besluit_of_404(request, pk)
    if not rechten.mag_ondertekening_registreren(request.user, rij):
        raise GeenRecht  # before the document is stored
    form = OndertekeningForm(request.POST, request.FILES)

    def daad() -> Besluit:
        waarden = {"nummer": form.cleaned_data["nummer"], "datum": form.cleaned_data["datum"]}
        with uploads.voorlopig(form.cleaned_data["bestand"], door=request.user) as document:
            return services.registreer_ondertekening(rij, **waarden, document=document, door=request.user)

    extern = boekt_extern(rij.ronde.luik.oproep.verstrekker)
    if form.is_valid() and probeer(form, daad):
        messages.success(request, GETEKEND_EXTERN if extern else GETEKEND)
        return redirect("besluit", pk=pk)
    context = {"besluit": rij, "form": form, "boekt_extern": extern}
    return render(request, "beoordeling/onderteken.html", context, status=422)


@require_POST
@aangemeld("besluit", "pk", knop=True)
def besluit_geef_kennis(request: Verzoek, pk: int) -> HttpResponse:
    """Notify the applicants."""
    rij = besluit_of_404(request, pk)
    terug = reverse("besluit", args=[pk])
    daad = lambda: services.geef_kennis(rij, door=request.user)  # noqa: E731
    return doe_en_keer_terug(request, daad, "De aanvragers krijgen bericht.", terug)


@require_GET
@aangemeld()
def dossier_pdf(request: Verzoek, nummer: str) -> FileResponse:
    """Give a whole dossier, as it was handed in, to who may read it; the account number not to jurors."""
    leesbaar = rechten.dossiers_leesbaar_voor(Dossier.objects.all(), request.user)
    indieningen = Indiening.objects.filter(dossier__in=leesbaar, dossier__nummer=nummer).order_by("-volgnummer")
    velden = ("dossier__organisatie", "dossier__formulierversie", "dossier__ronde__luik__oproep", "bewaarde_inhoud")
    indiening = get_object_or_404(indieningen.select_related(*velden)[:1])
    bestand = dossier_bestand(indiening, met_rekening=dossierrechten.mag_zien(request.user, indiening.dossier))
    if bestand is None:
        raise Http404("De inhoud van dit dossier is gewist.")
    return uploads.stuk_als_bijlage(bestand)


@require_GET
@aangemeld()
def brief_pdf(request: Verzoek, nummer: str) -> FileResponse:
    """Give the letter of the decision on a dossier."""
    dossiers = rechten.brieven_zichtbaar_voor(Dossier.objects.all(), request.user)
    dossier = get_object_or_404(dossiers.select_related("organisatie", "ronde__luik__oproep"), nummer=nummer)
    regel = queries.regel_van_brief(dossier, gemeld=dossierrechten.is_aanvrager(request.user, dossier))
    return uploads.stuk_als_bijlage(brief_bestand(dossier, regel))
