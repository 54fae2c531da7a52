"""Pages of people who signed in: what waits for me, one dossier, attachments."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from beoordeling import deminimis
from beoordeling import rechten as leesrechten
from beoordeling.queries import advies_van, beslissing, met_beslissing, spreiding_van, zichtbare_bladen
from betalingen import rechten as geldrechten
from betalingen.models import Betaling, Terugvordering
from betalingen.queries import met_belemmeringen, met_stand, met_stand_van_zaken, met_terugvorderingen
from betalingen.services.aanvraag import reden_niet_aan_te_vragen
from betalingen.stukken import betaalwijze
from dossiers import rechten as dossierrechten
from dossiers.models import Bijlage, Dossier, Verslag
from dossiers.ontvangstbewijs import ingediend
from kern import klok, uploads
from kern.aanmelden import aangemeld
from kern.models import Bestand
from kern.weg import REGISTER
from oproepen.models import Ronde
from oproepen.rechten import PERSONEEL, heeft_taak
from organisaties.rechten import eigen_organisaties
from organisaties.verzoek import Verzoek
from portaal.tijdlijn import tijdlijn
from portaal.voortgang import gevraagde_verslagen, stappen
from portaal.werklijst import aantal_punten, wacht_op, werklijst

PER_PAGINA = 50
MEESTE_PAGINAS = 10_000


@require_GET
@aangemeld()
def mijn_werk(request: Verzoek) -> HttpResponse:
    """Show what waits for this person, by role."""
    organisaties = eigen_organisaties(request.user)
    dossiers = Dossier.objects.filter(organisatie__in=organisaties)
    groepen = werklijst(request.user)
    context = {
        "groepen": groepen,
        "wacht_op_mij": wacht_op(request.user, sum(len(groep["punten"]) for groep in groepen)),
        "organisaties": organisaties,
        "dossiers": _pagina(request, dossiers) if organisaties else None,
    }
    return render(request, "portaal/mijn_werk.html", context)


def _pagina(request: Verzoek, dossiers: QuerySet[Dossier]) -> Page[Any]:
    rijen = dossiers.select_related("ronde__luik__oproep", "organisatie").order_by("-pk")
    paginator, gevraagd = Paginator(rijen, PER_PAGINA), request.GET.get("pagina", "1")
    if gevraagd.isdecimal() and 0 < int(gevraagd) <= MEESTE_PAGINAS:
        # The rows say along how many there are in all.
        vanaf = (int(gevraagd) - 1) * PER_PAGINA
        gelezen = list(rijen.annotate(in_totaal=Window(Count("pk")))[vanaf : vanaf + PER_PAGINA])
        if gelezen:
            paginator.count = gelezen[0].in_totaal
            return Page(gelezen, int(gevraagd), paginator)
    return paginator.get_page(gevraagd)


@require_GET
@aangemeld()
def dossier(request: Verzoek, nummer: str) -> HttpResponse:
    """Show one dossier: to its applicant what she may know, to staff everything."""
    velden = ("ronde__luik__oproep", "ronde__luik__kostenregeling", "organisatie", "formulierversie", "juryadvies")
    qs = leesrechten.dossiers_leesbaar_voor(Dossier.objects.select_related(*velden), request.user)
    # How much waits for this person is counted along: the page asks as much of the database as it may.
    qs = dossierrechten.met_aanvrager(
        met_beslissing(met_belemmeringen(met_terugvorderingen(met_stand(qs)))), request.user
    )
    qs = qs.annotate(wacht=aantal_punten(request.user))
    rij = get_object_or_404(qs, nummer=nummer)
    personeel = heeft_taak(request.user, rij.ronde.luik, *PERSONEEL)
    aanvrager = rij.is_aanvrager  # type: ignore[attr-defined]
    context = {
        "dossier": rij,
        "wacht_op_mij": wacht_op(request.user, rij.wacht),  # type: ignore[attr-defined]
        "personeel": personeel and not aanvrager,
        "aanvrager": aanvrager,
        "inhoud": ingediend(rij),
        "vragen": rij.formulierversie.vragen.all(),
        "bijlagen": rij.bijlagen.select_related("bestand"),
    }
    if personeel and not aanvrager:
        context |= _voor_personeel(request, rij)
    if aanvrager:
        context |= _voor_aanvrager(rij)
    context["kosten_url"] = _kosten_url(rij) if aanvrager or personeel else None
    if personeel and not aanvrager and rij.uitbetaald_cent:  # type: ignore[attr-defined]
        context["mag_terugvorderen"] = geldrechten.mag_terugvordering_voornemen(request.user, rij)
    context["einde_url"] = _einde_url(request, rij, personeel=personeel and not aanvrager)
    return render(request, "portaal/dossier.html", context)


def _kosten_url(rij: Dossier) -> str | None:
    """Return where the costs of a project are claimed, once it runs and when its track asks for that."""
    vraagt = hasattr(rij.ronde.luik, "kostenregeling") and rij.status in Dossier.TOEGEKENDE
    return reverse("dossier_kosten", args=[rij.nummer]) if vraagt and rij.kennisgegeven_op is not None else None


def _einde_url(request: Verzoek, rij: Dossier, *, personeel: bool) -> str | None:
    """Return where the commitment of a running project can end, to who may: the page itself asks again."""
    if rij.status != Dossier.Status.IN_UITVOERING:
        return None
    mag = geldrechten.mag_vastlegging_annuleren if personeel else geldrechten.mag_verzaken
    return reverse("dossier_vastlegging", args=[rij.nummer]) if mag(request.user, rij) else None


def _voor_aanvrager(rij: Dossier) -> dict[str, Any]:
    uit: dict[str, Any] = {"stappen": stappen(rij), "vandaag": klok.vandaag()}
    if rij.gemeld_op is None:
        return uit
    uit["regel"] = beslissing(rij, gemeld=True)
    if rij.kennisgegeven_op is None:
        return uit
    verslagen = list(Verslag.objects.filter(dossier=rij).select_related("moment"))
    if rij.terugvorderingen_aantal:  # type: ignore[attr-defined]
        uit["terugvorderingen"] = _terugvorderingen(rij)
    betalingen = _betalingen(rij)
    return uit | {
        "gevraagd": gevraagde_verslagen(verslagen),
        "te_vragen": [b for b in betalingen if reden_niet_aan_te_vragen(b) is None],
        "verslagen": verslagen,
        "betalingen": betalingen,
    }


def _betalingen(rij: Dossier) -> list[Betaling]:
    """Return the instalments of a dossier with what their guards ask, in one query."""
    betalingen = met_stand_van_zaken(Betaling.objects.filter(dossier=rij))
    uit = list(betalingen.select_related("schijf__verslagmoment", "aanvraag", "afrekening"))
    for betaling in uit:
        betaling.dossier = rij  # read along with all that belongs to it
        betaling.belemmerd = bool(rij.belemmeringen_aantal)  # type: ignore[attr-defined]
    return uit


def _terugvorderingen(rij: Dossier) -> list[dict[str, Any]]:
    """Return what the beneficiary is asked back, and how to pay it."""
    rijen = Terugvordering.objects.filter(dossier=rij).select_related("rekening").order_by("-pk")
    return [{"rij": t, "betaalwijze": betaalwijze(t) if t.status in Terugvordering.OPEN else None} for t in rijen]


def _te_begrenzen(rij: Dossier) -> bool:
    """Return whether the page about its amount has something to offer; it asks again itself."""
    if rij.status == Dossier.Status.ONTVANKELIJK:
        return rij.ronde.status == Ronde.Status.IN_BEOORDELING and advies_van(rij) is not None
    return rij.status == Dossier.Status.RESERVE and rij.ronde.status == Ronde.Status.KENNISGEGEVEN


def _voor_personeel(request: Verzoek, rij: Dossier) -> dict[str, Any]:
    handelingen: list[dict[str, Any]] = []
    if dossierrechten.mag_beoordelen(request.user, rij):
        if rij.status == Dossier.Status.INGEDIEND:
            url = reverse("dossier_ontvankelijkheid", args=[rij.nummer])
            handelingen.append({"label": "Ontvankelijkheid beoordelen", "url": url, "lezen": True})
        if rij.status == Dossier.Status.ONTVANKELIJK:
            url = reverse("dossier_jury", args=[rij.nummer])
            handelingen.append({"label": "Jury en advies", "url": url, "lezen": True})
        if _te_begrenzen(rij):
            url = reverse("dossier_begrenzing", args=[rij.nummer])
            handelingen.append({"label": "Bedrag begrenzen", "url": url, "lezen": True, "tweede": True})
    bladen = zichtbare_bladen(rij, request.user)
    voorstel = {rij: rij.toegekend_cent or rij.toe_te_kennen_cent}
    dag = rij.beslist_op or klok.vandaag()
    return {
        "deminimis": next(iter(deminimis.standen(rij.ronde.luik, voorstel, dag)), None),
        "mag_belemmeren": geldrechten.mag_belemmering_registreren(request.user, rij),
        "handelingen": handelingen,
        "regel": beslissing(rij, gemeld=False),
        "advies": advies_van(rij),
        "bladen": bladen,
        "spreiding": spreiding_van(rij, bladen),
        "verslagen": Verslag.objects.filter(dossier=rij).select_related("moment"),
        "betalingen": _betalingen(rij),
        "tijdlijn": tijdlijn(rij, {naam: h.omschrijving for naam, h in REGISTER.items()}),
    }


@require_GET
@aangemeld()
def bijlage(request: Verzoek, pk: int) -> FileResponse:
    """Give an attachment of a dossier that this person may read, for download."""
    leesbaar = leesrechten.dossiers_leesbaar_voor(Dossier.objects.all(), request.user)
    rij = get_object_or_404(Bijlage.objects.select_related("bestand"), pk=pk, dossier__in=leesbaar)
    return uploads.als_bijlage(rij.bestand)


@require_GET
@aangemeld()
def verslagbijlage(request: Verzoek, pk: int) -> FileResponse:
    """Give the attachment of a report that this person may see, for download."""
    zichtbaar = dossierrechten.verslagen_zichtbaar_voor(Verslag.objects.all(), request.user)
    rij = get_object_or_404(zichtbaar.select_related("bestand"), pk=pk, bestand__isnull=False)
    return uploads.als_bijlage(get_object_or_404(Bestand, pk=rij.bestand_id))
