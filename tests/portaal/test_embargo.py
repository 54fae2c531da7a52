"""What may not be seen yet, or ever: a crawl over every address, as everybody, in a world where it could leak.

Between signing and notification an applicant learns nothing of the decision; a juror sees no sheet of another before
her own is in; an applicant never sees a sheet, the timeline, or what was written for inside.
"""

import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from beoordeling import services as beoordeling
from beoordeling.models import Besluit, Scoreblad
from betalingen.models import Betaalbelemmering, Betaling, Terugvordering
from dossiers import services as dossiers
from dossiers.models import Bijlage, Dossier, Indiening, Kostenregel, Kostenstaat, Verslag
from kern import klok, mails, outbox, uploads
from kern.models import Uitgaand
from oproepen import services as oproepen
from oproepen.models import Oproep, Ronde
from organisaties.models import Gebruiker, Organisatie
from portaal.jaareinde import sluit_begrotingsjaar_af
from tests import bouw
from tests.bouw import Wereld
from tests.hulp import momentopname, tel_de_rijen, teruggedraaid
from tests.onthouden import onthoudt
from tests.portaal.formulieren import browser
from tests.portaal.test_matrix import ADRESSEN, EIGEN

# Whose rows one sees is compared on both databases in tests/beoordeling/rijk; this is about what pages make of them.
pytestmark = pytest.mark.een_databank

GEVRAAGD = 98_765_43
# What tells of the decision. The amount asked is the applicant's own; the instalments of an award are not.
SCHIJVEN = {"49.382,71", "39.506,17", "9.876,55"}
UITKOMST = {
    "Toegekend",
    "Geweigerd",
    "Voorgedragen",
    "Toekenning",
    "Weigering",
    "In uitvoering",
    "Beslist",
    "MB-2022-1",
}
ADVIES = {"GEHEIM-ADVIES", "85,00", "25,00"}
BESLISSING = SCHIJVEN | UITKOMST | ADVIES
# What an applicant never sees.
INTERN = {"GEHEIM-BLAD-JEF", "GEHEIM-BLAD-JOKE", "GEHEIM-ONTVANKELIJK", "GEHEIM-GRENS"}
INTERN |= {"Tijdlijn", "Jef Proef", "Joke Proef"}


@pytest.fixture
def wereld(gedeelde_wereld: Wereld) -> Wereld:
    return gedeelde_wereld


@dataclass
class Beoordeeld:
    """A round with an award (an), a refusal for its score (ben), both asking the same."""

    w: Wereld
    dossiers: dict[str, Dossier]
    besluit: Besluit | None = field(default=None)


@onthoudt
def beoordeeld(w: Wereld) -> Beoordeeld:
    """Judge two dossiers, with a secret in every text that is written inside."""
    rijen = {naam: bouw.ingediend(w, naam, gevraagd_cent=GEVRAAGD) for naam in ("an", "ben")}
    bouw.sluit(w)
    for rij in rijen.values():
        dossiers.verklaar_ontvankelijk(rij, motivering="GEHEIM-ONTVANKELIJK", door=w.bea)
    oproepen.start_beoordeling(w.ronde, door=w.bea)
    for naam, rij in rijen.items():
        for jurylid in ("jef", "joke"):
            punten = {"an": 9, "ben": 3}[naam] - (1 if jurylid == "joke" else 0)
            _vul_in(w, rij, jurylid, punten)
            beoordeling.dien_scoreblad_in(
                Scoreblad.objects.get(dossier=rij, jurylid=w.mensen[jurylid]), door=w.mensen[jurylid]
            )
        beoordeling.stel_advies_vast(rij, gunstig=naam == "an", motivering="GEHEIM-ADVIES", door=w.vic)
    # Refused for its score: why it would get less is told to nobody outside.
    beoordeling.begrens_bedrag(rijen["ben"], bedrag_cent=1_00, motivering="GEHEIM-GRENS", door=w.bea)
    return Beoordeeld(w, {naam: bouw.opnieuw(rij) for naam, rij in rijen.items()})


def _vul_in(w: Wereld, dossier: Dossier, jurylid: str, punten: int) -> Scoreblad:
    blad = beoordeling.wijs_toe(dossier, jurylid=w.mensen[jurylid], door=w.bea)
    scores: dict[int, tuple[int | None, str]] = {
        c.pk: (punten, f"GEHEIM-BLAD-{jurylid.upper()}") for c in w.oproep.criteria.all()
    }
    scores[w.oproep.criteria.all()[0].pk] = (punten, f"GEHEIM-BLAD-{jurylid.upper()}")
    return beoordeling.bewaar_scores(blad, scores, door=w.mensen[jurylid])


@onthoudt
def voorgesteld(w: Wereld) -> Beoordeeld:
    b = beoordeeld(w)
    b.besluit = beoordeling.leg_besluit_voor(beoordeling.stel_voor(w.ronde, door=w.bea), door=w.bea)
    return b


@onthoudt
def ondertekend(w: Wereld) -> Beoordeeld:
    b = voorgesteld(w)
    klok.zet(klok.nu().replace(year=2022, month=2, day=1))
    b.besluit = bouw.onderteken(w, b.besluit)
    return b


@onthoudt
def kennisgegeven(w: Wereld) -> Beoordeeld:
    b = ondertekend(w)
    beoordeling.geef_kennis(b.besluit, door=w.bea)
    return b


# The crawl.


# Whose keys an address takes, by its first part; of the others there are no objects in these worlds.
PER_MAP: dict[str, Any] = {
    "beheer": Organisatie,
    "belemmeringen": Betaalbelemmering,
    "besluiten": Besluit,
    "betalingen": Betaling,
    "bijlagen": Bijlage,
    "kostenregels": Kostenregel,
    "kostenstaten": Kostenstaat,
    "organisaties": Organisatie,
    "rondes": Ronde,
    "scorebladen": Scoreblad,
    "terugvorderingen": Terugvordering,
    "verslagen": Verslag,
}


def adressen() -> Iterator[str]:
    """Give every address with every object that there is."""
    waarden: dict[str, list[Any]] = {
        "nummer": list(Dossier.objects.values_list("nummer", flat=True)),
        "slug": list(Oproep.objects.values_list("slug", flat=True)),
        "jaar": [2021, 2022],
        "luik": ["vlaanderen", "brussel"],
    }
    sleutels = {map_: list(model.objects.values_list("pk", flat=True)) for map_, model in PER_MAP.items()}
    for naam in EIGEN:
        velden = re.findall(r"<\w+:(\w+)>", str(ADRESSEN[naam].pattern))
        if "pk" in velden:
            map_ = reverse(naam, kwargs=dict.fromkeys(velden, 1)).split("/")[1]
            waarden["pk"] = sleutels.get(map_) or [1]
        for keuze in product(*(waarden[veld] for veld in velden)):
            yield reverse(naam, kwargs=dict(zip(velden, keuze, strict=True)))


def tekst_van(antwoord: Any) -> str:
    """Return what a person reads in an answer: of a page, JSON, a document; with its headers."""
    ruw = antwoord.getvalue() if antwoord.streaming else antwoord.content
    kop = "\n".join(f"{naam}: {waarde}" for naam, waarde in antwoord.headers.items())
    if ruw.startswith(b"%PDF-") and len(ruw) > len(bouw.PDF):
        return kop + "\n" + _gelezen(ruw)
    return kop + "\n" + html.unescape(ruw.decode("utf-8", "replace")).replace("\xa0", " ")


@functools.cache
def _gelezen(pdf: bytes) -> str:
    """Return the words of a document; the same one is offered to many."""
    return "\n".join(blad.extract_text() for blad in PdfReader(BytesIO(pdf)).pages).replace("\xa0", " ")


def alles_wat_zij_ziet(wie: Gebruiker, *, ook_post: bool = False) -> dict[str, str]:
    """Return the text of every answer that a person can get, by address."""
    client = browser(wie)
    tel_de_rijen()
    gezien = {}
    for adres in adressen():
        antwoord = client.get(adres)
        if antwoord.status_code not in {404, 405}:
            gezien[adres] = tekst_van(antwoord)
        elif antwoord.status_code == 404:
            gezien.setdefault("404", "")
            gezien["404"] += tekst_van(antwoord)
        if ook_post:
            with teruggedraaid():
                gezien[f"POST {adres}"] = tekst_van(client.post(adres, {"reden": "x"}))
    return gezien


def post_voor(*mensen: Gebruiker) -> str:
    """Return everything in the outbox for these people: address, subject, text and documents, made now."""
    adressen = {mens.email for mens in mensen}
    teksten = []
    for rij in Uitgaand.objects.order_by("pk"):
        if set(_als_lijst(rij.inhoud["aan"])) & adressen:
            teksten.append(f"{rij.inhoud['onderwerp']}\n{rij.inhoud['tekst']}\n{rij.inhoud.get('pad', '')}")
            for stuk in rij.inhoud.get("stukken", []):
                gemaakt = mails._stukmakers[stuk["soort"]](stuk)
                teksten.append(gemaakt.naam + _gelezen(gemaakt.inhoud))
    return "\n".join(teksten).replace("\xa0", " ")


def _als_lijst(waarde: Any) -> list[str]:
    return [waarde] if isinstance(waarde, str) else list(waarde)


def lekt(gezien: dict[str, str], verboden: set[str]) -> dict[str, set[str]]:
    """Return which secrets stand where."""
    uit = {adres: {geheim for geheim in verboden if geheim in tekst} for adres, tekst in gezien.items()}
    return {adres: wat for adres, wat in uit.items() if wat}


# The decision, before and after its notification.


@pytest.mark.parametrize("stap", [voorgesteld, ondertekend], ids=["voorgesteld", "ondertekend"])
def test_before_the_notification_the_applicant_learns_nothing(wereld: Wereld, stap: Any):
    b = stap(wereld)
    voor = momentopname()
    for naam in ("an", "ben"):
        wie = wereld.mensen[naam]
        gezien = alles_wat_zij_ziet(wie, ook_post=naam == "an")
        eigen = b.dossiers[naam].nummer
        assert "In beoordeling" in gezien[reverse("dossier", args=[eigen])]
        assert "In beoordeling" in gezien[reverse("mijn_werk")]
        assert lekt(gezien, BESLISSING | INTERN) == {}
        assert not [adres for adres in gezien if re.match(r"/(betalingen|verslagen|besluiten)/\d", adres)]
        ander = b.dossiers["ben" if naam == "an" else "an"].nummer
        assert ander not in gezien[reverse("mijn_werk")]
        assert lekt({"post": post_voor(wie)}, BESLISSING | INTERN) == {}
        assert "Beslissing over" not in post_voor(wie)
    assert {t: r for t, r in momentopname().items() if t != "organisaties_gebruiker"} == {
        t: r for t, r in voor.items() if t != "organisaties_gebruiker"
    }


def test_after_the_notification_she_learns_the_decision_and_nothing_of_the_inside(wereld: Wereld):
    b = kennisgegeven(wereld)
    gezien = alles_wat_zij_ziet(wereld.an)
    pagina = gezien[reverse("dossier", args=[b.dossiers["an"].nummer])]
    for wat in (*SCHIJVEN, "Toegekend", "GEHEIM-ADVIES", "98.765,43", "MB-2022-1", "85,00"):
        assert wat in pagina, wat
    geweigerd = alles_wat_zij_ziet(wereld.ben)
    pagina = geweigerd[reverse("dossier", args=[b.dossiers["ben"].nummer])]
    assert "Geweigerd" in pagina and "GEHEIM-ADVIES" in pagina and "25,00" in pagina
    assert lekt(geweigerd, SCHIJVEN) == {}
    for naam, mens in (("an", gezien), ("ben", geweigerd)):
        assert lekt(mens, INTERN) == {}
        brief = post_voor(wereld.mensen[naam])
        assert "Beslissing over" in brief and "GEHEIM-ADVIES" in brief
        assert lekt({"post": brief}, INTERN) == {}


def test_an_award_and_a_refusal_look_the_same_until_then(wereld: Wereld):
    b = ondertekend(wereld)
    bladen = {}
    for naam, organisatie in (("an", wereld.aartselaar), ("ben", wereld.boom)):
        dossier = b.dossiers[naam]
        client = browser(wereld.mensen[naam])
        for pagina in ("dossier", "dossier_ontvangstbewijs"):
            tekst = tekst_van(client.get(reverse(pagina, args=[dossier.nummer])))
            for eigen, algemeen in (
                (str(dossier.nummer), "NUMMER"),
                (organisatie.naam, "ORGANISATIE"),
                (str(organisatie.kbo), "KBO"),
                (wereld.mensen[naam].naam, "NAAM"),
            ):
                tekst = tekst.replace(eigen, algemeen)
            tekst = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|/bijlagen/\d+/|([0-9a-f]{8} ?){8}', "", tekst)
            bladen[pagina, naam] = re.sub(r"Content-Length: \d+|<dd>\d+ in deze ronde", "", tekst)
    for pagina in ("dossier", "dossier_ontvangstbewijs"):
        assert bladen[pagina, "an"] == bladen[pagina, "ben"]


def test_the_list_of_work_tells_nothing_before_the_notification(wereld: Wereld):
    b = ondertekend(wereld)
    assert Verslag.objects.filter(dossier=b.dossiers["an"]).count() == 2
    for naam in ("an", "ben"):
        tekst = browser(wereld.mensen[naam]).get(reverse("mijn_werk")).content.decode()
        assert "verslag" not in tekst.lower()


def test_the_public_sees_nothing_of_a_decision(wereld: Wereld):
    ondertekend(wereld)
    client = Client()
    for adres in adressen():
        antwoord = client.get(adres)
        if antwoord.status_code == 200:
            assert lekt({adres: tekst_van(antwoord)}, BESLISSING | INTERN | {"Aartselaar", "98.765,43"}) == {}


# Sheets.


@onthoudt
def in_beoordeling(w: Wereld) -> Dossier:
    """Bring a dossier to the jury: jef has handed in, joke has begun, jana has no sheet."""
    [dossier] = bouw.ontvankelijk(w)
    oproepen.start_beoordeling(w.ronde, door=w.bea)
    beoordeling.dien_scoreblad_in(_vul_in(w, dossier, "jef", 9), door=w.jef)
    _vul_in(w, dossier, "joke", 4)
    return dossier


JEF = {"GEHEIM-BLAD-JEF", "90,00"}
JOKE = {"GEHEIM-BLAD-JOKE", "40,00"}


def test_a_juror_sees_no_other_sheet_before_her_own_is_in(wereld: Wereld):
    dossier = in_beoordeling(wereld)
    gezien = alles_wat_zij_ziet(wereld.joke)
    blad = Scoreblad.objects.get(jurylid=wereld.joke)
    assert "GEHEIM-BLAD-JOKE" in gezien[reverse("scoreblad", args=[blad.pk])]  # her own, begun
    assert lekt(gezien, JEF) == {}
    assert lekt(alles_wat_zij_ziet(wereld.jana), JEF | JOKE | {dossier.titel}) == {}
    assert lekt({"post": post_voor(wereld.joke, wereld.jana)}, JEF | JOKE) == {}
    beoordeling.dien_scoreblad_in(blad, door=wereld.joke)
    gezien = alles_wat_zij_ziet(wereld.joke)
    assert lekt(gezien, JEF)[reverse("scoreblad", args=[blad.pk])] == JEF
    assert lekt(alles_wat_zij_ziet(wereld.jana), JEF | JOKE) == {}


def test_sheets_that_are_in_are_for_chair_handler_and_auditor_and_others_for_their_juror(wereld: Wereld):
    in_beoordeling(wereld)
    adres = reverse("scoreblad", args=[Scoreblad.objects.get(jurylid=wereld.jef).pk])
    for naam, ziet in {
        "bea": True,
        "vic": True,
        "aude": True,
        "bart": False,
        "bo": False,
        "beheer": False,
        "jef": True,
        "an": False,
        "ben": False,
    }.items():
        gezien = alles_wat_zij_ziet(wereld.mensen[naam])
        gevonden = lekt(gezien, {"GEHEIM-BLAD-JEF"})
        assert (adres in gevonden) == ziet, naam
        assert bool(gevonden) == ziet, naam
        assert lekt(gezien, JOKE) == {}, naam


def test_a_refusal_at_the_door_is_told_with_its_reason_and_admission_without(wereld: Wereld):
    rijen = {naam: bouw.ingediend(wereld, naam) for naam in ("an", "ben")}
    bouw.sluit(wereld)
    dossiers.verklaar_ontvankelijk(rijen["an"], motivering="GEHEIM-ONTVANKELIJK", door=wereld.bea)
    dossiers.verklaar_onontvankelijk(rijen["ben"], motivering="De bijlage is leeg.", door=wereld.bea)
    assert lekt(alles_wat_zij_ziet(wereld.an), {"GEHEIM-ONTVANKELIJK"}) == {}
    pagina = alles_wat_zij_ziet(wereld.ben)[reverse("dossier", args=[rijen["ben"].nummer])]
    assert "Onontvankelijk" in pagina and "De bijlage is leeg." in pagina


# Receipts and downloads.


def test_the_receipt_of_another_is_not_there(wereld: Wereld):
    eigen, ander = bouw.ingediend(wereld, "an"), bouw.ingediend(wereld, "ben")
    geheim = bytes(bouw.laatste_indiening(ander).nonce).hex()
    client = browser(wereld.an)
    for naam in ("ontvangstbewijs_json", "ontvangstbewijs_pdf", "dossier_ontvangstbewijs", "dossier_pdf"):
        assert client.get(reverse(naam, args=[eigen.nummer])).status_code == 200
        antwoord = client.get(reverse(naam, args=[ander.nummer]))
        assert antwoord.status_code == 404
        assert geheim not in antwoord.content.decode()
    assert Indiening.objects.count() == 2


def test_downloads_are_never_shown_inside_our_own_origin(wereld: Wereld):
    bouw.kennisgegeven(wereld)
    verslag = bouw.eerste_verslag(wereld)
    bestand = uploads.bewaar(bouw.upload('rare "naam"; é.pdf'), door=wereld.an)
    dossiers.dien_verslag_in(verslag, tekst="Klaar.", kosten_cent=1, bestand=bestand, door=wereld.an)
    nummer = Dossier.objects.get().nummer
    adressen = {
        reverse("bijlage", args=[Bijlage.objects.get().pk]): ("application/pdf", "netwerk.pdf"),
        reverse("verslag_bijlage", args=[verslag.pk]): ("application/pdf", "rare%20%22naam%22%3B%20%C3%A9.pdf"),
        reverse("dossier_pdf", args=[nummer]): ("application/pdf", f"{nummer}"),
        reverse("brief_pdf", args=[nummer]): ("application/pdf", f"{nummer}"),
        reverse("ontvangstbewijs_pdf", args=[nummer]): ("application/pdf", f"{nummer}"),
        reverse("ontvangstbewijs_json", args=[nummer]): ("application/json", f"ontvangstbewijs-{nummer}.json"),
    }
    for wie in (wereld.an, wereld.bea):
        for adres, (soort, naam) in adressen.items():
            antwoord = browser(wie).get(adres)
            tekst_van(antwoord)
            assert antwoord.status_code == 200, adres
            assert antwoord["Content-Disposition"].startswith("attachment;"), adres
            assert naam in antwoord["Content-Disposition"], adres
            assert antwoord["Content-Type"] == soort
            assert antwoord["X-Content-Type-Options"] == "nosniff"
            assert antwoord["Content-Security-Policy"] == "default-src 'none'; sandbox", adres
            assert "no-store" in antwoord["Cache-Control"], adres
    outbox.werk_alles_af()


def test_sheets_are_downloads_too(wereld: Wereld):
    bouw.kennisgegeven(wereld)
    client = browser(wereld.bea)
    for adres in (
        reverse("ronde_bestand", args=[wereld.ronde.pk]),
        reverse("ronde_scores", args=[wereld.ronde.pk]),
        reverse("betalingen_bestand"),
        reverse("budgetstand_bestand"),
        reverse("kostenstaten_bestand"),
        reverse("controlespoor_bestand"),
        reverse("vooruitblik_bestand"),
    ):
        antwoord = client.get(adres)
        antwoord.getvalue()
        assert antwoord["Content-Disposition"].startswith("attachment;"), adres
        assert antwoord["X-Content-Type-Options"] == "nosniff", adres
        assert antwoord["Content-Security-Policy"] == "default-src 'none'; sandbox", adres
        assert antwoord["Cache-Control"] == "no-store", adres


def test_the_report_of_a_closed_year_is_a_download_too(wereld: Wereld):
    bouw.kennisgegeven(wereld)
    with klok.op(klok.brussel(2023, 1, 9)):
        sluit_begrotingsjaar_af(2022, door=wereld.beheer)
        antwoord = browser(wereld.bart).get(reverse("jaarrapport", args=[2022, wereld.oproep.slug]))
    antwoord.getvalue()
    assert antwoord["Content-Disposition"] == 'attachment; filename="controlespoor-2022-zorgzame-buurten.xlsx"'
    assert antwoord["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in antwoord["Cache-Control"]


def test_every_page_says_what_a_browser_may_do_with_it(wereld: Wereld):
    antwoord = browser(wereld.an).get(reverse("mijn_werk"))
    assert antwoord["Cache-Control"] == "private, no-store"
    assert antwoord["X-Frame-Options"] == "DENY"
    assert antwoord["Referrer-Policy"] == "same-origin"
    assert "default-src 'self'" in antwoord["Content-Security-Policy"]
    assert "unsafe" not in antwoord["Content-Security-Policy"]
    assert "no-store" not in Client().get(reverse("home")).get("Cache-Control", "")
