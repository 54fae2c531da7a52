"""The sheets of dossiers and scores: exact cells, the rows of the page, and nothing before its notification."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beoordeling.models import Score, Scoreblad
from beoordeling.queries import dossiers_van_ronde
from beoordeling.rechten import dossiers_leesbaar_voor
from beoordeling.resources import dossiersblad, rondeblad, scoresblad
from betalingen import queries
from betalingen.queries import budgetstand
from dossiers import services as dossierservices
from dossiers.models import Dossier
from kern import klok
from kern.werkblad import Blad
from oproepen.models import Oproep
from tests import bouw, hulp
from tests.bladen import bytes_van, csv_rijen, inhoud, rijen, toelichting, totalen
from tests.hulp import RijkeWereld

INGEDIEND = klok.brussel(2021, 10, 4, 10).replace(tzinfo=None)
VERBORGEN = ("Toegekend", "Vastleggingsnummer", "Vastgelegd", "Vereffend", "Uitbetaald", "Score", "Rang", "Uitkomst")


def client_van(wie: Any) -> Client:
    client = Client()
    client.force_login(wie)
    return client


def nr(rijk: RijkeWereld, ronde: int, organisatie: str) -> str:
    """Return the number of a dossier of the Flemish track."""
    return str(rijk.dossiers["vlaanderen", ronde, organisatie].nummer)


def alle() -> Any:
    return Dossier.objects.filter(ingediend_op__isnull=False).order_by("pk")


def per_nummer(blad: Blad) -> dict[str, dict[str, Any]]:
    return {rij["Dossier"]: rij for rij in rijen(bytes_van(blad))}


def vragen(daad: Callable[[], Any]) -> int:
    """Return how many queries an act takes."""
    with CaptureQueriesContext(connection) as gevangen:
        daad()
    return len(gevangen)


def test_a_dossier_with_everything_that_staff_know(rijk: RijkeWereld):
    blad = dossiersblad(alle(), gebruiker=rijk.bea, getoond=[("Filter", "alle")])
    gevonden = per_nummer(blad)
    assert next(iter(gevonden.values())) == {
        "Dossier": nr(rijk, 1, "aartselaar"),
        "Oproep": "Zorgzame buurten",
        "Luik": "Vlaanderen",
        "Ronde": 1,
        "Organisatie": "Aartselaar",
        "Ondernemingsnummer": "0207.508.932",
        "Gemeente": "Aartselaar",
        "Provincie": None,
        "Titel": f"Project {nr(rijk, 1, 'aartselaar')}",
        "Status": "Afgerond",
        "Ingediend": INGEDIEND,
        "Gevraagd": 100000,
        "Hoogstens": None,
        "Toegekend": 100000,
        "Vastleggingsnummer": queries.vastleggingsnummer(alle()[0]),
        "Vastgelegd": 100000,
        "Vereffend": 100000,
        "Uitbetaald": 100000,
        "Score": 90,
        "Rang": 1,
        "Uitkomst": "Toekenning",
    }
    assert {kop: gevonden[nr(rijk, 2, "vzw")][kop] for kop in ("Status", *VERBORGEN)} == {
        "Status": "Geweigerd (krediet)",
        "Toegekend": None,
        "Vastleggingsnummer": None,
        "Vastgelegd": None,
        "Vereffend": None,
        "Uitbetaald": None,
        "Score": 80,
        "Rang": 2,
        "Uitkomst": "Weigering: budget opgebruikt",
    }
    assert {kop: gevonden[nr(rijk, 9, "vzw")][kop] for kop in ("Gevraagd", "Hoogstens", "Toegekend", "Uitkomst")} == {
        "Gevraagd": 10000,
        "Hoogstens": 0,
        "Toegekend": None,
        "Uitkomst": "Weigering: er kan niets toegekend worden",
    }
    assert list(gevonden) == [d.nummer for d in alle()]
    assert toelichting(bytes_van(blad))["Filter"] == "alle"


def test_totals_are_those_of_the_ledger(rijk: RijkeWereld):
    gevonden = totalen(bytes_van(dossiersblad(alle(), gebruiker=None)))
    stand = budgetstand(Oproep.objects.all())["totaal"]
    for kop in ("Toegekend", "Vastgelegd", "Vereffend", "Uitbetaald"):
        assert gevonden[kop] * 100 == stand[kop.lower()] > 0


def test_an_applicant_finds_of_a_decision_only_what_was_notified(rijk: RijkeWereld):
    leesbaar = dossiers_leesbaar_voor(Dossier.objects.order_by("pk"), rijk.an)
    gevonden = per_nummer(dossiersblad(leesbaar, gebruiker=rijk.an))
    assert (
        set(gevonden)
        == {d.nummer for d in leesbaar}
        >= {nr(rijk, 1, "aartselaar"), nr(rijk, 2, "aartselaar"), nr(rijk, 2, "vzw"), nr(rijk, 3, "aartselaar")}
    )
    # Awarded and refused, signed but not notified, and proposed: all read the same.
    for nummer in (nr(rijk, 2, "aartselaar"), nr(rijk, 2, "vzw"), nr(rijk, 3, "aartselaar"), nr(rijk, 4, "aartselaar")):
        assert gevonden[nummer]["Status"] == "In beoordeling"
        assert [gevonden[nummer][kop] for kop in VERBORGEN] == [None] * len(VERBORGEN)
    assert gevonden[nr(rijk, 1, "aartselaar")]["Status"] == "Afgerond"
    nummer = queries.vastleggingsnummer(rijk.dossier("vlaanderen", 1, "aartselaar"))
    gemeld = [100000, nummer, *[100000] * 3, None, None, "Toekenning"]
    assert [gevonden[nr(rijk, 1, "aartselaar")][kop] for kop in VERBORGEN] == gemeld
    assert gevonden[nr(rijk, 1, "vzw")]["Uitkomst"] == "Weigering: minimumscore niet gehaald"
    assert gevonden[nr(rijk, 9, "vzw")]["Hoogstens"] is None  # she reads why in her letter
    # Nothing of it is anywhere in the file, under any name.
    assert b"krediet" not in bytes_van(dossiersblad(leesbaar.filter(ronde__nummer=2), gebruiker=rijk.an))


def test_a_juror_finds_no_money_and_no_state_that_is_not_public(rijk: RijkeWereld):
    leesbaar = dossiers_leesbaar_voor(Dossier.objects.order_by("pk"), rijk.jef)
    gevonden = per_nummer(dossiersblad(leesbaar, gebruiker=rijk.jef))
    assert gevonden[nr(rijk, 2, "aartselaar")]["Status"] == "In beoordeling"
    assert [gevonden[nr(rijk, 2, "aartselaar")][kop] for kop in VERBORGEN] == [None] * len(VERBORGEN)


def test_staff_that_belongs_to_an_applicant_is_an_applicant_there(rijk: RijkeWereld):
    """Dora handles the Brussels track and belongs to Boom."""
    ronde = rijk.ronde("brussel", 2)
    blad = rondeblad(ronde, dossiers_van_ronde(ronde), gebruiker=rijk.dora)
    gevonden = {rij["Organisatie"]: rij for rij in rijen(bytes_van(blad))}
    assert gevonden["Aartselaar"]["Status"] == "Toegekend" and gevonden["Aartselaar"]["Toegekend"] == 50000
    assert gevonden["Boom"]["Status"] == "In beoordeling"
    assert [gevonden["Boom"][kop] for kop in VERBORGEN] == [None] * len(VERBORGEN)
    organisaties = {rij["Organisatie"] for rij in rijen(bytes_van(scoresblad(ronde, gebruiker=rijk.dora)))}
    assert organisaties == {"Aartselaar", "De Warme Straat"}


ZIEN_DE_RONDE = ("bea", "vic", "bart", "bo", "aude", "behandelaar_vlaanderen", "auditor_vlaanderen")
ZIEN_HAAR_NIET = ("an", "stan", "jef", "dora", "behandelaar_brussel", "behandelaar_ander", "voorzitter_ander", "beheer")


@pytest.mark.parametrize("wie", ZIEN_DE_RONDE)
@pytest.mark.parametrize(("nummer", "zoek"), [(1, ""), (2, "?status=geweigerd_krediet"), (4, "?status=onzin")])
def test_the_file_of_a_round_has_the_rows_of_its_page(rijk: RijkeWereld, wie: str, nummer: int, zoek: str):
    client, ronde = client_van(rijk.mensen[wie]), rijk.ronde("vlaanderen", nummer)
    pagina = client.get(reverse("ronde", args=[ronde.pk]) + zoek).content.decode()
    op_de_pagina = re.findall(r'<th scope="row"><a href="/dossiers/([A-Z]+-\d+)/', pagina)
    gevonden = rijen(inhoud(client.get(reverse("ronde_bestand", args=[ronde.pk]) + zoek)))
    assert [rij["Dossier"] for rij in gevonden] == op_de_pagina != []
    for rij in gevonden:
        blok = pagina.split(f"/dossiers/{rij['Dossier']}/")[1].split("</tr>")[0]
        assert f"{rij['Status']}</td>" in blok
        assert f"{rij['Scorebladen ingediend']} van {rij['Scorebladen toegewezen']}</td>" in blok
        assert f"{rij['Gevraagd']:,.0f}".replace(",", ".") + ",00</td>" in blok


@pytest.mark.parametrize("wie", ZIEN_HAAR_NIET)
def test_who_does_not_see_the_round_gets_no_file(rijk: RijkeWereld, wie: str):
    pk = rijk.ronde("vlaanderen", 1).pk
    for naam in ("ronde", "ronde_bestand", "ronde_scores"):
        assert client_van(rijk.mensen[wie]).get(reverse(naam, args=[pk])).status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(rijk: RijkeWereld):
    for naam in ("ronde_bestand", "ronde_scores"):
        url = reverse(naam, args=[rijk.ronde("vlaanderen", 1).pk])
        antwoord = Client().get(f"{url}?status=ingediend")
        assert antwoord.status_code == 302 and "status%3Dingediend" in antwoord["Location"]
        assert client_van(rijk.bea).post(url).status_code == 405


def test_the_links_keep_the_filter(rijk: RijkeWereld):
    url = reverse("ronde", args=[rijk.ronde("vlaanderen", 4).pk])
    pagina = client_van(rijk.bea).get(f"{url}?status=ontvankelijk&pagina=1").content.decode()
    assert f'href="{url}bestand/?status=ontvankelijk&amp;formaat=xlsx"' in pagina
    assert f'href="{url}bestand/?status=ontvankelijk&amp;formaat=csv"' in pagina
    assert "alle scores" in pagina
    assert "alle scores" not in client_van(rijk.bart).get(url).content.decode()


def test_the_explanation_names_round_and_state(rijk: RijkeWereld):
    url = reverse("ronde_bestand", args=[rijk.ronde("vlaanderen", 4).pk])
    antwoord = client_van(rijk.bea).get(f"{url}?status=ontvankelijk")
    naam = 'attachment; filename="dossiers-zorgzame-buurten-vlaanderen-ronde-4-2022-05-02.xlsx"'
    assert antwoord["Content-Disposition"] == naam
    uitleg = toelichting(inhoud(antwoord))
    assert (uitleg["Ronde"], uitleg["Status"]) == ("Zorgzame buurten: Vlaanderen, ronde 4", "Ontvankelijk")
    assert toelichting(inhoud(client_van(rijk.bea).get(f"{url}?status=onzin")))["Status"] == "alle ingediende"


def test_csv_has_the_same_rows(rijk: RijkeWereld):
    url = reverse("ronde_bestand", args=[rijk.ronde("vlaanderen", 1).pk])
    gevonden = csv_rijen(inhoud(client_van(rijk.bea).get(f"{url}?formaat=csv")))
    assert [(rij["Dossier"], rij["Toegekend"], rij["Score"], rij["Ingediend"]) for rij in gevonden] == [
        (nr(rijk, 1, "aartselaar"), "100.000,00", "90,00", "2021-10-04 10:00:00"),
        (nr(rijk, 1, "boom"), "100.000,00", "80,00", "2021-10-04 10:00:00"),
        (nr(rijk, 1, "vzw"), "", "30,00", "2021-10-04 10:00:00"),
    ]


@pytest.mark.parametrize("wie", ["bea", "vic", "aude", "behandelaar_vlaanderen", "voorzitter_vlaanderen"])
def test_scores_are_those_of_all_sheets_that_are_in(rijk: RijkeWereld, wie: str):
    ronde = rijk.ronde("vlaanderen", 4)
    gevonden = rijen(inhoud(client_van(rijk.mensen[wie]).get(reverse("ronde_scores", args=[ronde.pk]))))
    bladen = Scoreblad.objects.filter(dossier__ronde=ronde)
    assert bladen.count() == 7 and bladen.filter(status="ingediend").count() == 3
    assert len(gevonden) == 15  # three sheets in, five criteria
    verwacht = [
        (s.scoreblad.dossier.nummer, "Jef Proef", s.criterium.naam, s.criterium.gewicht, 8, 10, "Goed uitgewerkt.")
        for s in Score.objects.filter(scoreblad__dossier__ronde=ronde, scoreblad__status="ingediend")
        .select_related("scoreblad__dossier", "criterium")
        .order_by("scoreblad__dossier_id", "criterium__volgorde")
    ]
    koppen = ("Dossier", "Jurylid", "Criterium", "Gewicht", "Punten", "Maximum", "Motivering")
    assert [tuple(rij[kop] for kop in koppen) for rij in gevonden] == verwacht


@pytest.mark.parametrize("wie", ["bart", "bo", "budgethouder_vlaanderen"])
def test_who_sees_the_round_but_not_all_sheets_gets_no_scores(rijk: RijkeWereld, wie: str):
    url = reverse("ronde_scores", args=[rijk.ronde("vlaanderen", 4).pk])
    assert client_van(rijk.mensen[wie]).get(url).status_code == 403


def test_the_number_of_queries_does_not_grow(rijk: RijkeWereld):
    ronde = rijk.ronde("vlaanderen", 6)
    for i in range(8):
        org = bouw.organisatie(f"Dorp {i}", None, "gemeente", "lokaal_bestuur", rijk.an)
        dossier = dossierservices.start_dossier(ronde, organisatie=org, door=rijk.an, ontvangen_op=klok.nu())
        hulp.vul_in(dossier, 1_000_00, rijk.an)
        dossierservices.dien_in(dossier, door=rijk.an, ontvangen_op=klok.nu())
    pks = list(alle().values_list("pk", flat=True))
    assert len(pks) == 52
    for aantal in (1, 3, 40):
        qs = alle().filter(pk__in=pks[:aantal])
        assert vragen(lambda qs=qs: bytes_van(dossiersblad(qs, gebruiker=rijk.bea))) == 1
        assert vragen(lambda qs=qs: bytes_van(dossiersblad(qs, gebruiker=None))) == 1
    aantallen = {}
    for nummer in (4, 6, 7):
        aantal = dossiers_van_ronde(rijk.ronde("vlaanderen", nummer)).count()
        url = reverse("ronde_bestand", args=[rijk.ronde("vlaanderen", nummer).pk])
        client = client_van(rijk.bea)
        aantallen[aantal] = vragen(lambda client=client, url=url: inhoud(client.get(url)))
    assert aantallen == {1: 4, 3: 4, 9: 4}


def test_the_number_of_queries_for_scores_does_not_grow(rijk: RijkeWereld):
    aantallen = {}
    for nummer in (4, 5, 7):
        url = reverse("ronde_scores", args=[rijk.ronde("vlaanderen", nummer).pk])
        client, uit = client_van(rijk.bea), []
        vragen_nu = vragen(lambda client=client, url=url, uit=uit: uit.extend(rijen(inhoud(client.get(url)))))
        aantallen[len(uit)] = vragen_nu
    assert aantallen == {0: 5, 5: 5, 15: 5}


def test_a_title_that_looks_like_a_formula_stays_text(rijk: RijkeWereld):
    ronde = rijk.ronde("vlaanderen", 6)
    org = bouw.organisatie('=HYPERLINK("x")', None, "gemeente", "lokaal_bestuur", rijk.an)
    dossier = dossierservices.start_dossier(ronde, organisatie=org, door=rijk.an, ontvangen_op=klok.nu())
    hulp.vul_in(dossier, 1_000_00, rijk.an)
    dossierservices.dien_in(dossier, door=rijk.an, ontvangen_op=klok.nu())
    url = reverse("ronde_bestand", args=[ronde.pk])
    laatste = rijen(inhoud(client_van(rijk.bea).get(url)))[-1]
    assert laatste["Organisatie"] == '=HYPERLINK("x")'
    assert csv_rijen(inhoud(client_van(rijk.bea).get(f"{url}?formaat=csv")))[-1]["Organisatie"] == '\'=HYPERLINK("x")'


@pytest.mark.parametrize("wie", ["bea", "aude", "dora", "behandelaar_ander"])
def test_the_file_of_the_list_has_its_rows_in_its_order(rijk: RijkeWereld, wie: str):
    client = client_van(rijk.mensen[wie])
    for zoek in ("", "?status=ontvankelijk", "?zoek=boom&sorteer=-gevraagd", "?zoek=nergens", "?pagina=2&status=onzin"):
        pagina = client.get(reverse("dossiers") + zoek).content.decode()
        op_de_pagina = re.findall(r'<th scope="row"><a href="/dossiers/([A-Z]+-\d+)/"', pagina)
        gevonden = rijen(inhoud(client.get(reverse("dossiers_bestand") + zoek)))
        assert [rij["Dossier"] for rij in gevonden] == op_de_pagina


def test_the_list_keeps_its_filter_in_the_link_and_tells_it(rijk: RijkeWereld):
    zoek = "?zoek=boom&luik=&status=ontvankelijk&provincie=&sorteer=-gevraagd"
    pagina = client_van(rijk.bea).get(reverse("dossiers") + zoek).content.decode()
    link = next(link for link in re.findall(r'href="(/dossiers/bestand/[^"]*)"', pagina) if "xlsx" in link)
    ruw = inhoud(client_van(rijk.bea).get(html.unescape(link)))
    assert {(rij["Organisatie"], rij["Status"]) for rij in rijen(ruw)} == {("Boom", "Ontvankelijk")}
    filter_ = toelichting(ruw)["Filter"]
    assert filter_ == "Zoek op nummer, titel of aanvrager: boom; Status: Ontvankelijk"
