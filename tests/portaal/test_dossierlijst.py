"""The list of dossiers: columns, kept filters, and what is done with the dossiers that were ticked."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from dossiers.models import Dossier
from organisaties.models import BewaardeFilter, Gebruiker
from portaal import bewaard
from tests import bouw
from tests.hulp import ongewijzigd
from tests.onthouden import onthoudt
from tests.portaal.pagina import Pagina, keur

pytestmark = pytest.mark.django_db
NIETS = ("error", "Kies eerst minstens één dossier.")


def lijst(client: Client, zoek: str = "") -> Pagina:
    """Return the page of the list."""
    return keur(client.get(reverse("dossiers") + zoek))


def tabel(p: Pagina) -> list[list[str]]:
    """Return the table, heading and totals included, without the column of boxes."""
    rijen = [[cel.tekst.replace("\xa0", " ") for cel in rij.alle("th", "td")] for rij in p.alle("tr")]
    return [rij[1:] for rij in rijen]


def blad(client: Client, zoek: str) -> list[list[Any]]:
    """Return the rows of the sheet."""
    antwoord = client.get(f"{reverse('dossiers_bestand')}?{zoek}")
    assert antwoord.status_code == 200
    rijen = load_workbook(io.BytesIO(antwoord.getvalue()), data_only=False).worksheets[0].iter_rows(values_only=True)
    return [list(rij) for rij in rijen]


@pytest.fixture
@onthoudt
def twee(wereld: bouw.Wereld) -> tuple[bouw.Wereld, list[Dossier]]:
    """Give two dossiers that are handed in."""
    eerste = [bouw.ingediend(wereld, wie, gevraagd_cent=60_000_00, titel=f"Project {wie}") for wie in ("an", "ben")]
    return wereld, [bouw.opnieuw(rij) for rij in eerste]


def browser(wie: Gebruiker) -> Client:
    """Return a browser in which somebody has signed in."""
    client = Client()
    client.force_login(wie)
    return client


def test_the_usual_columns(twee: tuple[bouw.Wereld, list[Dossier]]):
    w, rijen = twee
    een, ander = (rij.nummer for rij in rijen)
    assert tabel(lijst(browser(w.bea))) == [
        ["Dossier", "Organisatie", "Ingediend", "Gevraagd", "Toegekend", "Status"],
        [f"{een} Project an", "Aartselaar", "4 oktober 2021", "€ 60.000,00", "", "Ingediend"],
        [f"{ander} Project ben", "Boom", "4 oktober 2021", "€ 60.000,00", "", "Ingediend"],
        ["Totaal van 2", "", "", "€ 120.000,00", "", ""],
    ]


def test_chosen_columns_in_their_own_order_on_screen_and_in_the_sheet(twee: tuple[bouw.Wereld, list[Dossier]]):
    w, rijen = twee
    een, ander = (rij.nummer for rij in rijen)
    client = browser(w.bea)
    zoek = "kolommen=bladen&kolommen=gevraagd&kolommen=luik&kolommen=onzin&kolommen=nummer&sorteer=-nummer"
    p = lijst(client, "?" + zoek)
    assert tabel(p) == [
        ["Dossier", "Luik", "Gevraagd", "Scorebladen toegewezen"],
        [f"{ander} Project ben", "Vlaanderen", "€ 60.000,00", "0"],
        [f"{een} Project an", "Vlaanderen", "€ 60.000,00", "0"],
        ["Totaal van 2", "", "€ 120.000,00", ""],
    ]
    assert [v.attrs["value"] for v in p.velden("kolommen") if "checked" in v.attrs] == ["luik", "gevraagd", "bladen"]
    (link,) = [link for link in p.links if "formaat=xlsx" in link]
    assert link == f"{reverse('dossiers_bestand')}?{zoek}&formaat=xlsx"
    assert blad(client, link.split("?")[1])[:3] == [
        ["Dossier", "Titel", "Luik", "Gevraagd", "Scorebladen toegewezen"],
        [ander, "Project ben", "Vlaanderen", 60000, 0],
        [een, "Project an", "Vlaanderen", 60000, 0],
    ]


def test_keeping_using_and_throwing_away(twee: tuple[bouw.Wereld, list[Dossier]]):
    w, _ = twee
    client = browser(w.bea)
    p = lijst(client, "?zoek=ben&kolommen=gevraagd&sorteer=-nummer&pagina=1&x=1")
    (link,) = [e.attrs["href"] for e in p.alle("a") if e.tekst == "Deze filter bewaren"]
    vraag = "zoek=ben&sorteer=-nummer&kolommen=gevraagd"
    assert link == f"{reverse('dossiers_filters')}?{vraag}"
    p = keur(client.get(link))
    assert "Filter: Zoek op nummer, titel of aanvrager: ben." in p.tekst
    antwoord = client.post(reverse("dossiers_filters"), {"naam": "Van Ben", "vraag": p.waarde("vraag")})
    assert (antwoord.status_code, antwoord["Location"]) == (302, f"{reverse('dossiers')}?{vraag}")
    p = keur(client.get(antwoord["Location"]))
    assert p.meldingen == [("success", "De filter 'Van Ben' is bewaard.")]
    (link_naar,) = [e for e in p.alle("a") if e.tekst == "Van Ben"]
    assert (link_naar.attrs["href"], link_naar.attrs["aria-current"]) == (f"{reverse('dossiers')}?{vraag}", "true")
    assert "aria-current" not in next(e for e in lijst(client).alle("a") if e.tekst == "Van Ben").attrs
    rij = BewaardeFilter.objects.get()
    antwoord = client.post(reverse("dossiers_filter_verwijder", args=[rij.pk]))
    p = keur(client.get(antwoord["Location"]))
    assert p.meldingen == [("success", "De filter 'Van Ben' is verwijderd.")]
    assert "U hebt nog geen filters bewaard" in p.tekst


def test_a_filter_belongs_to_one_person(twee: tuple[bouw.Wereld, list[Dossier]]):
    w, _ = twee
    rij = bewaard.bewaar_filter(w.bea, naam="Van Bea", vraag="status=ingediend")
    assert "Van Bea" not in lijst(browser(w.bart)).tekst
    client = browser(w.bart)
    with ongewijzigd():
        assert client.post(reverse("dossiers_filter_verwijder", args=[rij.pk])).status_code == 404


def test_the_same_name_replaces(twee: tuple[bouw.Wereld, list[Dossier]]):
    w, _ = twee
    for vraag in ("status=ingediend", "status=ontvankelijk"):
        browser(w.bea).post(reverse("dossiers_filters"), {"naam": "Mijn lijst", "vraag": vraag})
    bewaard.bewaar_filter(w.bart, naam="Mijn lijst", vraag="")
    assert list(bewaard.bewaarde_filters(w.bea).values_list("naam", "vraag")) == [("Mijn lijst", "status=ontvankelijk")]


@pytest.mark.parametrize(
    ("naam", "zin"),
    [
        ("", "Dit veld is verplicht."),
        ("x" * 61, "Zorg dat deze waarde niet meer dan 60 tekens bevat (het zijn er nu 61)."),
        ("a\x00b", "De tekst bevat een teken dat niet bewaard kan worden. Verwijder het en probeer opnieuw."),
    ],
)
def test_a_name_that_cannot_be(twee: tuple[bouw.Wereld, list[Dossier]], naam: str, zin: str):
    w, _ = twee
    client = browser(w.bea)
    with ongewijzigd():
        antwoord = client.post(reverse("dossiers_filters"), {"naam": naam, "vraag": "status=ingediend"})
    p = keur(antwoord)
    assert antwoord.status_code == 422
    assert p.fouten("naam") == [zin]
    assert p.waarde("vraag") == "status=ingediend"
    assert "Filter: Status: Ingediend." in p.tekst


def test_thirty_filters_and_not_one_more(twee: tuple[bouw.Wereld, list[Dossier]]):
    w, _ = twee
    for nummer in range(bewaard.MEESTE):
        bewaard.bewaar_filter(w.bea, naam=f"Filter {nummer}", vraag="")
    client = browser(w.bea)
    with ongewijzigd():
        antwoord = client.post(reverse("dossiers_filters"), {"naam": "Nog een", "vraag": ""})
    p = keur(antwoord)
    assert antwoord.status_code == 422
    assert p.overzicht == [("U hebt al 30 bewaarde filters. Verwijder er eerst een.", "")]
    assert p.waarde("naam") == "Nog een"
    assert client.post(reverse("dossiers_filters"), {"naam": "Filter 3", "vraag": ""}).status_code == 302


def test_what_is_kept_is_only_what_the_list_reads(twee: tuple[bouw.Wereld, list[Dossier]]):
    w, _ = twee
    ruw = "zoek=%00&status=onzin&javascript=1&kolommen=" + "&kolommen=".join("x" * 200 for _ in range(99))
    browser(w.bea).post(reverse("dossiers_filters"), {"naam": "Raar", "vraag": ruw})
    rij = BewaardeFilter.objects.get()
    assert rij.vraag.startswith("zoek=%00&status=onzin&kolommen=xxx")
    assert len(rij.vraag) < 30 * 120
    assert len(tabel(lijst(browser(w.bea), f"?{rij.vraag}"))) == 4
    keur(browser(w.bea).get(reverse("dossiers_filters")))


def test_the_sheet_of_what_was_ticked(twee: tuple[bouw.Wereld, list[Dossier]]):
    w, rijen = twee
    client = browser(w.bea)
    zoek = f"keuze=1&kolommen=gevraagd&dossiers={rijen[1].pk}&formaat=xlsx"
    assert [rij[0] for rij in blad(client, zoek)] == ["Dossier", rijen[1].nummer, "Totaal"]
    csv = client.get(f"{reverse('dossiers_bestand')}?{zoek.replace('xlsx', 'csv')}")
    assert (
        csv.getvalue().decode("utf-8-sig") == f"Dossier;Titel;Gevraagd\r\n{rijen[1].nummer};Project ben;60.000,00\r\n"
    )


@pytest.mark.parametrize("naam", ["dossiers_bestand", "dossiers_stukken", "dossiers_toewijzen"])
@pytest.mark.parametrize("keuze", ["", "&dossiers=x", "&dossiers=²", "&dossiers=-1", "&dossiers=" + "9" * 40])
def test_nothing_ticked(twee: tuple[bouw.Wereld, list[Dossier]], naam: str, keuze: str):
    w, _ = twee
    client = browser(w.bea)
    antwoord = client.get(f"{reverse(naam)}?keuze=1&status=ingediend&kolommen=gevraagd{keuze}")
    assert (antwoord.status_code, antwoord["Location"]) == (302, "/dossiers/?status=ingediend&kolommen=gevraagd")
    assert keur(client.get(antwoord["Location"])).meldingen == [NIETS]
