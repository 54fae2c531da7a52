"""The list of dossiers in the rich world: every column, and what is done with the dossiers that were ticked."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from beoordeling import services as beoordeling
from beoordeling.models import Scoreblad
from dossiers.models import IndieningInhoud
from portaal.kolommen import KEUZES
from tests import bouw
from tests.hulp import geschiedenis, ongewijzigd, teruggedraaid
from tests.portaal.pagina import keur
from tests.portaal.test_dossierlijst import blad, lijst, tabel
from tests.portaal.toneel import Toneel


def test_every_column_can_be_shown_and_sorts_only_where_it_says(toneel: Toneel):
    client = toneel.browser(toneel.w.bea)
    alles = "&".join(f"kolommen={naam}" for naam, _ in KEUZES)
    p = lijst(client, "?" + alles)
    assert tabel(p)[0] == ["Dossier", *(kop for _, kop in KEUZES)]
    rijen = blad(client, alles)
    assert rijen[0] == ["Dossier", "Titel", *(kop for _, kop in KEUZES)]
    assert [rij[0] for rij in rijen[1:-1]] == [rij[0].split()[0] for rij in tabel(p)[1:-1]]
    volgordes = set()
    for naam in [kop.attrs["href"] for kop in p.alle("thead")[0].alle("a")]:
        volgordes.add(tuple(rij[0] for rij in tabel(lijst(client, naam))))
    assert len(volgordes) > 5


def test_the_totals_are_of_all_pages(toneel: Toneel, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portaal.views.lijsten.PER_PAGINA", 2)
    client = toneel.browser(toneel.w.bea)
    zoek = "?kolommen=gevraagd&kolommen=toegekend&kolommen=vastgelegd&kolommen=uitbetaald"
    eerste, tweede = lijst(client, zoek), lijst(client, zoek + "&pagina=2")
    assert len(tabel(eerste)) == len(tabel(tweede)) == 4
    assert tabel(eerste)[-1] == tabel(tweede)[-1]
    assert tabel(eerste)[1] != tabel(tweede)[1]


def test_who_belongs_to_an_applicant_does_not_find_its_dossiers_here(toneel: Toneel):
    # dora handles the Brussels track and belongs to Boom: a filter on the state would tell her before the notification.
    client = toneel.browser(toneel.w.dora)
    organisaties = {rij[1] for rij in tabel(lijst(client))[1:-1]}
    assert organisaties == {"Aartselaar", "De Warme Straat"}
    assert {rij[1] for rij in tabel(lijst(client, "?zoek=Boom"))} <= {"Organisatie"}


def test_all_documents_in_one_zip(toneel: Toneel):
    dossiers = [toneel.dossier(4), toneel.dossier(4, "boom"), toneel.dossier(6)]  # the last one is a draft
    zoek = "&".join(f"dossiers={d.pk}" for d in dossiers)
    with teruggedraaid(), ongewijzigd():
        antwoord = toneel.browser(toneel.w.bea).get(f"{reverse('dossiers_stukken')}?{zoek}")
    assert antwoord["Content-Disposition"] == 'attachment; filename="dossiers-2022-05-02.zip"'
    with zipfile.ZipFile(io.BytesIO(antwoord.getvalue())) as archief:
        assert archief.namelist() == [f"dossier-{d.nummer}.pdf" for d in dossiers[:2]]
        assert all(archief.read(naam).startswith(b"%PDF-") for naam in archief.namelist())


def test_an_erased_dossier_is_named_in_the_zip(toneel: Toneel):
    dossier, heel = toneel.dossier(4), toneel.dossier(4, "boom")
    with teruggedraaid():
        IndieningInhoud.objects.filter(indiening__dossier=dossier).delete()
        adres = f"{reverse('dossiers_stukken')}?dossiers={dossier.pk}&dossiers={heel.pk}"
        antwoord = toneel.browser(toneel.w.bea).get(adres)
    with zipfile.ZipFile(io.BytesIO(antwoord.getvalue())) as archief:
        assert archief.namelist() == [f"dossier-{heel.nummer}.pdf", "gewist.txt"]
        tekst = archief.read("gewist.txt").decode()
    assert tekst == f"De inhoud van deze dossiers is gewist:\n{dossier.nummer}\n"


def test_a_juror_for_several_dossiers_and_a_report_for_each(toneel: Toneel):
    w, kim = toneel.w, toneel.w.kim
    goed, al, fout = toneel.dossier(4, "vzw"), toneel.dossier(4), toneel.dossier(5)
    client = toneel.browser(w.bea)
    adres = f"{reverse('dossiers_toewijzen')}?" + "&".join(f"dossiers={d.pk}" for d in (goed, al, fout))
    with teruggedraaid():
        beoordeling.wijs_toe(al, jurylid=kim, door=w.bea)
        p = keur(client.get(adres))
        getoond = [v.attrs["value"] for v in p.velden("dossiers") if "checked" in v.attrs]
        assert getoond == [str(d.pk) for d in sorted((goed, al, fout), key=lambda d: d.pk)]
        with geschiedenis() as nieuw:
            antwoord = client.post(adres, {"jurylid": kim.pk, "dossiers": getoond})
        p = keur(antwoord)
        assert antwoord.status_code == 200
        assert [feit[2] for feit in nieuw.feiten] == ["scoreblad.wijs_toe"]
        assert [(aan, onderwerp) for aan, onderwerp, _ in nieuw.mails] == [
            (kim.email, f"Een dossier om te beoordelen: {goed.nummer}")
        ]
        assert Scoreblad.objects.filter(dossier=goed, jurylid=kim).count() == 1
    uitkomst = {rij.alle("a")[0].tekst: [cel.tekst for cel in rij.alle("td")] for rij in p.alle("tr")[1:]}
    assert uitkomst == {
        goed.nummer: ["Toegewezen", ""],
        al.nummer: ["Niet toegewezen", "Dit jurylid heeft dit dossier al."],
        fout.nummer: ["Niet toegewezen", "Alleen een ontvankelijk dossier gaat naar de jury."],
    }


def test_a_dossier_of_somebody_else_is_refused_by_itself(toneel: Toneel):
    # behBr handles the Brussels track only; the auditor of everything may see, but not assign.
    w = toneel.w
    dossier = w.dossier("brussel", 4, "vzw")
    client = toneel.browser(w.mensen["behandelaar_brussel"])
    vlaams = toneel.dossier(4, "vzw")
    with teruggedraaid():
        antwoord = client.post(
            f"{reverse('dossiers_toewijzen')}?dossiers={dossier.pk}&dossiers={vlaams.pk}",
            {"jurylid": w.joke.pk, "dossiers": [dossier.pk, vlaams.pk]},
        )
        p = keur(antwoord)
    assert antwoord.status_code == 422
    (zin,) = p.fouten("dossiers")
    assert zin.startswith("Selecteer een geldige keuze.")
    assert [v.attrs["value"] for v in p.velden("dossiers")] == [str(dossier.pk)]


def test_no_juror_chosen_loses_nothing(toneel: Toneel):
    een, twee = toneel.dossier(4), toneel.dossier(4, "boom")
    client = toneel.browser(toneel.w.bea)
    adres = f"{reverse('dossiers_toewijzen')}?dossiers={een.pk}&dossiers={twee.pk}"
    with ongewijzigd():
        antwoord = client.post(adres, {"jurylid": "", "dossiers": [een.pk]})
    p = keur(antwoord)
    assert antwoord.status_code == 422
    assert p.fouten("jurylid") == ["Dit veld is verplicht."]
    assert [(v.attrs["value"], "checked" in v.attrs) for v in p.velden("dossiers")] == [
        (str(een.pk), True),
        (str(twee.pk), False),
    ]


def test_signed_out_while_choosing(toneel: Toneel):
    een = toneel.dossier(4)
    client = Client()
    antwoord = client.post(reverse("dossiers_toewijzen"), {"jurylid": toneel.w.kim.pk, "dossiers": [een.pk]})
    assert antwoord["Location"].startswith(reverse("account_login"))
    client.post(
        reverse("account_login"),
        {"login": toneel.w.bea.email, "password": bouw.WACHTWOORD, "next": reverse("dossiers_toewijzen")},
    )
    p = keur(client.get(reverse("dossiers_toewijzen")))
    assert p.waarde("jurylid") == str(toneel.w.kim.pk)
    assert p.waarde("dossiers") == str(een.pk)


def test_only_a_handler_is_offered_to_assign(toneel: Toneel):
    for wie, aanbod in (("bea", True), ("aude", False), ("bart", False)):
        p = lijst(toneel.browser(toneel.w.mensen[wie]))
        assert ("Toewijzen aan een jurylid" in p.knoppen) is aanbod
        assert {"Dossiers als pdf (zip)", "Rekenblad", "Csv"} <= set(p.knoppen)
