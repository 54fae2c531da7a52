"""The sheet of an outside system and the list of differences: what is booked, kept, refused, missing and explained."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from beoordeling.models import Besluit
from betalingen import services
from betalingen.bank.pain import end_to_end_id
from betalingen.models import Betaling, Buitenfeit, Verschilverklaring
from betalingen.queries.verschillen import verschillen
from dossiers.models import Dossier
from kern.inlezen import handelingen
from portaal.werklijst import werklijst
from tests import bouw
from tests.bladen import csv_rijen
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, ongewijzigd, weigert
from tests.onthouden import onthoudt
from tests.portaal.pagina import keur
from tests.proef import cijfers

pytestmark = pytest.mark.django_db

K = 1_000_00
DAG = bouw.BESLIST.date()
ANDERS = "Het bedrag van de vastlegging is hier 100.000,00 euro."
ALLEEN = "Dit dossier is hier niet gekend; het staat alleen in de boekhouding."
KOP = "Soort;Dossier;Vastleggingsnummer;Stuknummer;Referentie;Bedrag;Datum"


@pytest.fixture
@onthoudt
def w(wereld):
    """Two signed awards of 100.000 euro that wait for their commitment elsewhere."""
    services.stel_boekhouding_in(
        wereld.beheer, verstrekker=wereld.oproep.verstrekker, wijze="extern", reden="Orafin.", door=wereld.beheer
    )
    bouw.beslist(wereld, {"an": 9, "ben": 8})
    return wereld


def nummers():
    return list(Dossier.objects.order_by("nummer").values_list("nummer", flat=True))


def bestand(*regels):
    return SimpleUploadedFile("feiten.csv", "\r\n".join([KOP, *regels]).encode())


def vast(dossier, nummer, bedrag="100000,00", datum=DAG):
    return f"vastlegging;{dossier};{nummer};;;{bedrag};{datum.isoformat()}"


def bekijk(w, *regels):
    return handelingen.lees_bestand("boekhouding", bestand(*regels), door=w.bo)


def lees_in(w, *regels):
    overzicht = bekijk(w, *regels)
    inlezing = handelingen.lees_upload("boekhouding", bestand(*regels), door=w.bo)
    return handelingen.bevestig(inlezing, gezien=overzicht.vingerafdruk, door=w.bo)


def zinnen(wie):
    return [(v.soort, v.dossiernummer, v.zin, v.hier_cent, v.daar_cent) for v in verschillen(wie) if not v.verklaring]


def niet(dossier, soort="vastlegging", cent=100 * K):
    return (soort, dossier, f"De {soort} is nog niet gemeld.", cent, None)


def test_the_preview_says_what_each_line_would_do_and_changes_nothing(w):
    een, twee = nummers()
    regels = [
        vast(een, "V-1"),
        vast(twee, "V-2", "90000,00"),
        vast("XX-1999-1", "V-3"),
        f"vastlegging;{twee};;;;1,00;{DAG}",
        f"storting;{twee};V-4;;;1,00;{DAG}",
        vast(twee, "V-5", datum=DAG + timedelta(days=1)),
    ]
    with ongewijzigd():
        overzicht = bekijk(w, *regels)
    assert [(v.uitkomst.value, v.zin) for v in overzicht.voorstellen] == [
        ("nieuw", "Vastlegging van 100.000,00 euro op 1 februari 2022: wordt geboekt."),
        (
            "nieuw",
            f"Vastlegging van 90.000,00 euro op 1 februari 2022: {ANDERS} Wordt bewaard, niet geboekt.",
        ),
        (
            "nieuw",
            f"Vastlegging van 100.000,00 euro op 1 februari 2022: {ALLEEN} Wordt bewaard, niet geboekt.",
        ),
        ("geweigerd", "Cel C5: bij een vastlegging hoort: vastleggingsnummer."),
        ("geweigerd", "Cel A6: kies uit: vastlegging, vereffening, betaling."),
        ("geweigerd", "Cel G7: vul een datum in die niet in de toekomst ligt."),
    ]
    assert overzicht.blokkade.code == "rij_geweigerd"


def test_what_agrees_is_booked_and_the_same_file_twice_changes_nothing(w):
    een, twee = nummers()
    regels = [vast(een, "V-1"), vast(twee, "V-2", "90000,00"), vast("XX-1999-1", "V-3")]
    assert zinnen(w.bo) == [niet(een), niet(twee)]
    lees_in(w, *regels)
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K, "gereserveerd": 100 * K}
    verwacht = [
        ("vastlegging", twee, ANDERS, 100 * K, 90 * K),
        ("vastlegging", "XX-1999-1", ALLEEN, None, 100 * K),
    ]
    assert zinnen(w.bo) == zinnen(w.aude) == sorted(verwacht, key=lambda rij: rij[1])
    assert zinnen(w.bea) == []
    assert bekijk(w, *regels).blokkade.code == "niets_te_doen"
    lees_in(w, vast(twee, "V-2"))
    assert cijfers(w.oproep) == {"vastgelegd": 200 * K}
    assert zinnen(w.bo) == [("vastlegging", "XX-1999-1", ALLEEN, None, 100 * K)]
    assert Buitenfeit.objects.count() == 4
    alles_klopt()


def test_a_number_of_another_dossier_is_a_difference(w):
    een, twee = nummers()
    lees_in(w, vast(een, "V-1"), vast(twee, "V-1"))
    zin = "Dit vastleggingsnummer staat hier bij een ander dossier."
    assert zinnen(w.bo) == [("vastlegging", twee, zin, 100 * K, 100 * K)]
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K, "gereserveerd": 100 * K}


def test_another_year_is_a_difference(w):
    een, twee = nummers()
    with bouw.op(bouw.BESLIST + timedelta(days=400)):
        lees_in(w, vast(een, "V-1", datum=DAG + timedelta(days=365)))
        assert zinnen(w.bo)[0][2] == "Het jaar van de vastlegging is hier 2022."
    assert cijfers(w.oproep) == {"gereserveerd": 200 * K}
    assert zinnen(w.bo)[1] == niet(twee)


def verstuur(w):
    lees_in(w, *[vast(nummer, f"V-{nummer}") for nummer in nummers()])
    bouw.beoordeling.geef_kennis(Besluit.objects.get(), door=w.bea)
    rijen = list(Betaling.objects.filter(schijf__volgorde=1).order_by("dossier__nummer"))
    for rij in rijen:
        services.stel_betaling_op(rij, door=w.bea)
        services.keur_betaling_goed(rij, door=w.bart)
    opdracht = services.verstuur_betalingen(w.oproep, betalingen=[rij.pk for rij in rijen], door=w.bo)
    return [end_to_end_id(opdracht.nummer, rij.pk) for rij in rijen]


def test_charge_and_payment_come_back_in_one_file(w):
    een, twee = nummers()
    ref, ander = verstuur(w)
    open_ = [niet(d, soort, 50 * K) for d in (een, twee) for soort in ("vereffening", "betaling")]
    assert zinnen(w.bo) == open_
    lees_in(
        w,
        f"vereffening;{een};V-{een};S-1;{ref};50000;{DAG}",
        f"betaling;{een};V-{een};B-1;{ref};50000;{DAG}",
        f"betaling;{twee};;B-2;{ander};49999,99;{DAG}",
    )
    assert cijfers(w.oproep) == {"vastgelegd": 200 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    zin = "Het bedrag van de betaling is hier 50.000,00 euro."
    assert zinnen(w.bo) == [niet(twee, "vereffening", 50 * K), ("betaling", twee, zin, 50 * K, 49_999_99)]
    lees_in(w, f"betaling;{een};V-{een};B-9;{ref};50000;{DAG}")  # paid twice there
    assert zinnen(w.bo)[0] == ("betaling", een, "Dit is ook gemeld met stuknummer B-1.", 50 * K, 50 * K)
    alles_klopt()


def test_a_difference_is_explained_with_a_reason(w):
    rij = verschillen(w.bo)[0]
    velden = {"verstrekker": rij.verstrekker, "sleutel": rij.sleutel, "reden": "Komt volgende week."}
    with geschiedenis() as nieuw:
        gemaakt = services.verklaar_verschil(w.bo, **velden, door=w.bo)
    inhoud = {"sleutel": rij.sleutel, "reden": "Komt volgende week."}
    assert nieuw.feiten == [feit(gemaakt, "verschil.verklaar", w.bo, inhoud=inhoud)]
    assert zinnen(w.bo) == [niet(nummers()[1])]
    with ongewijzigd(), weigert("al_verklaard", "Dit verschil is al verklaard."):
        services.verklaar_verschil(w.bo, **velden, door=w.bo)
    with ongewijzigd(), weigert("reden_ontbreekt", "Schrijf waarom dit verschil mag blijven.", "reden"):
        services.verklaar_verschil(w.bo, **velden | {"reden": " "}, door=w.bo)
    weg = "Dit verschil is er niet meer, of de cijfers ervan zijn gewijzigd."
    with ongewijzigd(), weigert("verschil_weg", weg):
        services.verklaar_verschil(w.bo, **velden | {"sleutel": "x"}, door=w.bo)
    eis_alleen(w.mensen, {"bo"}, lambda wie: services.verklaar_verschil(wie, **_tweede(w), door=wie))
    lees_in(w, vast(rij.dossiernummer, "V-1", "1,00"))  # other figures: it shows again
    assert [zin[1] for zin in zinnen(w.bo)] == nummers()
    assert Verschilverklaring.objects.count() == 1


def _tweede(w):
    rij = verschillen(w.bo)[1]
    return {"verstrekker": rij.verstrekker, "sleutel": rij.sleutel, "reden": "Ook."}


def test_the_accountant_sees_that_a_decision_waits(w):
    punten = [p.tekst for groep in werklijst(w.bo) for p in groep["punten"]]
    assert punten == [f"Het {Besluit.objects.get()} wacht op zijn vastlegging"]
    lees_in(w, *[vast(nummer, f"V-{nummer}") for nummer in nummers()])
    assert werklijst(w.bo) == []


def test_the_commands_write_what_is_to_commit_and_to_pay(w, tmp_path: Path):
    een, twee = nummers()
    uit = tmp_path / "vast.csv"
    call_command(
        "exporteer", "boekhouding-vastleggingen", oproep=w.oproep.slug, jaar=2022, uit=str(uit), stdout=StringIO()
    )
    rijen = csv_rijen(uit.read_bytes())
    koppen = ("Besluit", "Dossier", "KBO-nummer", "Artikel", "Jaar", "Bedrag")
    assert [tuple(rij[kop] for kop in koppen) for rij in rijen][:2] == [
        ("MB-2022-1", een, "0207508932", "WELZIJN-EENZAAMHEID", "2022", "100.000,00"),
        ("MB-2022-1", twee, "0207506952", "WELZIJN-EENZAAMHEID", "2022", "100.000,00"),
    ]
    ref, _ = verstuur(w)
    uit = tmp_path / "betaal.csv"
    call_command("exporteer", "boekhouding-betalingen", uit=str(uit), stdout=StringIO())
    rij = csv_rijen(uit.read_bytes())[0]
    assert (rij["Dossier"], rij["Vastleggingsnummer"], rij["Bedrag"], rij["Referentie"]) == (
        een,
        f"V-{een}",
        "50.000,00",
        ref,
    )


def test_the_command_reads_the_sheet_too(w, tmp_path: Path):
    pad = tmp_path / "feiten.csv"
    pad.write_bytes(bestand(vast(nummers()[0], "V-1")).read())
    call_command("lees_in", "boekhouding", str(pad), bevestig=True, door=w.bo.email, stdout=StringIO())
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K, "gereserveerd": 100 * K}


def test_the_commitment_is_registered_on_its_page(w):
    client = Client()
    client.force_login(w.bo)
    antwoord = client.get(reverse("boekhouding"))
    keur(antwoord)
    assert antwoord.content.decode().count(">Vastlegging registreren<") == 2
    een = Dossier.objects.order_by("nummer")[0]
    antwoord = client.post(
        reverse("dossier_vastleggingsnummer", args=[een.nummer]), {"nummer": "V-7", "datum": DAG.isoformat()}
    )
    assert antwoord.status_code == 302
    assert "Vastleggingsnummer: V-7" in client.get(reverse("dossier", args=[een.nummer])).content.decode()
