"""The Subsidieregister: exact rows, signed per year, in whole euros, and nothing under embargo."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from beoordeling import services as beoordeling
from beoordeling.models import Besluit
from betalingen import services as betalingen
from dossiers.models import Dossier
from kern import klok
from oproepen.models import Luik, Oproep, Ronde
from organisaties.models import Categorie, Organisatie
from portaal.publicatie.bron import Beweging, Soort, Toekenning
from portaal.publicatie.subsidieregister import rijen
from tests import bouw
from tests.bladen import csv_rijen, toelichting

pytestmark = pytest.mark.django_db

KOP = (
    "Beleidsdomein;Thema;Subthema;Verstrekker;KBO-nr;Vestiging;Naam subsidieontvanger;Postcode;Gemeente;Land;Jaar;"
    "Toegekend (EUR);Betaald (EUR)"
)
DEPARTEMENT = "Vlaamse overheid, Departement Welzijn, Volksgezondheid en Gezin"


@pytest.fixture(scope="module")
def basis() -> None:
    """Share no world: one of these tests wants an empty database."""


def exporteer(*woorden: Any) -> str:
    uit = StringIO()
    call_command("exporteer", "subsidieregister", *map(str, woorden), stdout=uit)
    return uit.getvalue()


def regels(pad: Path) -> list[str]:
    return pad.read_bytes().decode("utf-8-sig").split("\r\n")


def regel(luik: str, organisatie: Organisatie, jaar: int, toegekend: str, betaald: str) -> str:
    vast = f"Welzijn, Volksgezondheid en Gezin;Zorgzame buurten;{luik};{DEPARTEMENT}"
    wie = f"{organisatie.kbo or ''};;{organisatie.naam};;{organisatie.gemeente};België"
    return f"{vast};{wie};{jaar};{toegekend};{betaald}"


def test_nothing_of_a_decision_before_its_notification(wereld: bouw.Wereld, tmp_path: Path):
    pad = tmp_path / "r.csv"
    besluit = bouw.beslist(wereld)
    assert exporteer("--uit", pad) == f"0 rijen geschreven naar {pad}.\n"
    assert regels(pad) == [KOP, ""]
    beoordeling.geef_kennis(besluit, door=wereld.bea)
    exporteer("--uit", pad)
    assert regels(pad)[1:] == [regel("Vlaanderen", wereld.aartselaar, 2022, "100,000", "0"), ""]


def test_award_payment_and_cancellation_stand_in_their_own_year(wereld: bouw.Wereld, tmp_path: Path):
    betaling = bouw.verstuurde_betaling(wereld)
    klok.zet(klok.brussel(2023, 3, 1, 9))
    betalingen.meld_uitbetaald(betaling, datum=date(2023, 2, 27), door=wereld.bo)
    betalingen.zet_stop(Dossier.objects.get(), reden="Het project startte niet.", door=wereld.bart)
    later = [
        regel("Vlaanderen", wereld.aartselaar, 2023, "0", "50,000"),
        regel("Vlaanderen", wereld.aartselaar, 2023, "-50,000", "0"),
        "",
    ]
    pad = tmp_path / "r.csv"
    exporteer("--uit", pad)
    assert regels(pad) == [KOP, regel("Vlaanderen", wereld.aartselaar, 2022, "100,000", "0"), *later]
    exporteer("--jaar", 2023, "--oproep", "zorgzame-buurten", "--uit", pad)
    assert regels(pad) == [KOP, *later]
    assert exporteer("--jaar", 2030, "--uit", pad) == f"0 rijen geschreven naar {pad}.\n"
    assert regels(pad) == [KOP, ""]


def test_a_sheet_has_numbers_and_text_and_says_what_it_shows(wereld: bouw.Wereld, tmp_path: Path):
    bouw.kennisgegeven(wereld)
    pad = tmp_path / "r.xlsx"
    exporteer("--jaar", 2022, "--oproep", "zorgzame-buurten", "--uit", pad)
    kop, rij = openpyxl.load_workbook(pad).worksheets[0].iter_rows()
    assert ";".join(str(cel.value) for cel in kop) == KOP
    assert [(cel.value, cel.data_type) for cel in (rij[4], rij[10], rij[11], rij[12])] == [
        ("0207508932", "s"),
        (2022, "n"),
        (100000, "n"),
        (0, "n"),
    ]
    assert rij[11].number_format == "#,##0"
    assert [toelichting(pad.read_bytes())[wat] for wat in ("Oproep", "Jaar")] == ["Zorgzame buurten", "2022"]
    exporteer("--uit", pad)
    assert [toelichting(pad.read_bytes())[wat] for wat in ("Oproep", "Jaar")] == ["alle oproepen", "alle jaren"]


@pytest.mark.parametrize("teken", "=+-@")
def test_a_text_is_no_formula(wereld: bouw.Wereld, tmp_path: Path, teken: str):
    bouw.kennisgegeven(wereld)
    Oproep.objects.update(titel=f"{teken}1+1")
    Organisatie.objects.filter(pk=wereld.aartselaar.pk).update(naam=f'{teken}2+2;"x"')
    csv, xlsx = tmp_path / "r.csv", tmp_path / "r.xlsx"
    exporteer("--uit", csv)
    exporteer("--uit", xlsx)
    (rij,) = csv_rijen(csv.read_bytes())
    assert (rij["Thema"], rij["Naam subsidieontvanger"]) == (f"'{teken}1+1", f'\'{teken}2+2;"x"')
    _, cellen = openpyxl.load_workbook(xlsx).worksheets[0].iter_rows()
    assert [(c.value, c.data_type) for c in (cellen[1], cellen[6])] == [
        (f"{teken}1+1", "s"),
        (f'{teken}2+2;"x"', "s"),
    ]


def test_granters_are_left_out_and_an_organisation_without_number_is_not(wereld: bouw.Wereld, tmp_path: Path):
    bouw.kennisgegeven(wereld, {"an": 8, "ben": 8})
    pad = tmp_path / "r.csv"
    Organisatie.objects.filter(pk=wereld.aartselaar.pk).update(categorie=Categorie.VERSTREKKER)
    Organisatie.objects.filter(pk=wereld.boom.pk).update(kbo=None)
    exporteer("--uit", pad)
    assert [(r["KBO-nr"], r["Naam subsidieontvanger"]) for r in csv_rijen(pad.read_bytes())] == [("", "Boom")]


def _toekenning(sleutel: int, *bewegingen: tuple[int, str, int], organisatie: int = 1) -> Toekenning:
    luik = Luik(naam="Luik", oproep=Oproep(pk=1, titel="Oproep", verstrekker="Verstrekker"))
    dossier = Dossier(pk=sleutel, ronde=Ronde(luik=luik), organisatie=Organisatie(pk=organisatie, naam="Org"))
    geboekt = tuple(Beweging(i, soort, cent, date(jaar, 6, 1)) for i, (jaar, soort, cent) in enumerate(bewegingen))
    return Toekenning(dossier, Besluit(), geboekt, klok.nu())


def _bedragen(*toekenningen: Toekenning) -> list[tuple[int, int, int]]:
    return [(r["jaar"], r["toegekend"], r["betaald"]) for r in rijen(toekenningen, "x")]


def test_rounding_keeps_the_sum_over_the_years():
    derden = [(jaar, Soort.UITBETALING, 33_33) for jaar in (2022, 2023)]
    een = _toekenning(1, (2022, Soort.VASTLEGGING, 100_00), *derden, (2024, Soort.UITBETALING, 33_34))
    assert _bedragen(een) == [(2022, 100, 33), (2023, 0, 34), (2024, 0, 33)]
    # Two awards of one beneficiary share the remainder; another beneficiary does not.
    half = (2022, Soort.VASTLEGGING, 100_50)
    assert _bedragen(_toekenning(1, half), _toekenning(2, half)) == [(2022, 101, 0), (2022, 100, 0)]
    assert _bedragen(_toekenning(1, half), _toekenning(2, half, organisatie=2)) == [(2022, 101, 0), (2022, 101, 0)]
    # What was awarded and cancelled leaves nothing, and a row of nothing is not written.
    weg = _toekenning(1, half, (2023, Soort.ANNULERING, -100_50))
    assert _bedragen(weg) == [(2022, 101, 0), (2023, -101, 0)]
    assert _bedragen(_toekenning(1, (2022, Soort.VASTLEGGING, 49))) == []


BOEKING = st.tuples(st.integers(2020, 2026), st.sampled_from([Soort.VASTLEGGING, Soort.UITBETALING]))


@given(st.lists(st.tuples(BOEKING, st.integers(1, 10**9)), max_size=30))
def test_a_total_is_the_exact_sum_rounded_and_a_published_year_stays(boekingen: list[Any]):
    alle = [(jaar, soort, cent) for (jaar, soort), cent in boekingen]
    rijen_ = _bedragen(_toekenning(1, *alle[::2]), _toekenning(2, *alle[1::2]))
    for kolom, soort in ((1, Soort.VASTLEGGING), (2, Soort.UITBETALING)):
        exact = sum(cent for _, s, cent in alle if s == soort)
        assert abs(sum(rij[kolom] for rij in rijen_) * 100 - exact) <= 50
    vroeger = [b for b in alle if b[0] <= 2023]
    deel = [[b for b in alle[i::2] if b in vroeger] for i in (0, 1)]
    assert _bedragen(_toekenning(1, *deel[0]), _toekenning(2, *deel[1])) == [r for r in rijen_ if r[0] <= 2023]


@pytest.mark.parametrize(
    ("woorden", "zin"),
    [
        (
            ("organisaties", "--jaar", "2022"),
            (
                "Met organisaties kan --jaar niet; wel met budget, kredieten, vastleggingen, encours, grootboek, "
                "dossiers, betalingen, kostenstaten, terugvorderingen, controlespoor, deminimis, belemmeringen, "
                "scores, boekhouding-vastleggingen, boekhouding-betalingen, subsidieregister, 360giving, oslo."
            ),
        ),
        (("subsidieregister", "--jaar", "22"), "22 is geen jaar."),
        (("subsidieregister", "--jaar", "99999"), "99999 is geen jaar."),
        (("subsidieregister", "--oproep", "weg"), "Er is geen oproep 'weg'. Bekend: geen enkele."),
        (("360giving",), "De naam r.csv eindigt niet op .json."),
        (("oslo",), "De naam r.csv eindigt niet op .jsonld."),
    ],
)
def test_words_that_cannot_be(tmp_path: Path, woorden: tuple[str, ...], zin: str):
    with pytest.raises(CommandError) as fout:
        call_command("exporteer", *woorden, "--uit", str(tmp_path / "r.csv"))
    assert str(fout.value) == zin
    assert list(tmp_path.iterdir()) == []
