"""The municipalities of 2021 and 2025, the mergers between them, and the legal forms: complete and consistent."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from stdnum.be import vat

GEGEVENS = Path(__file__).resolve().parents[2] / "organisaties" / "gegevens"
KOLOMMEN_2021 = ["nis", "naam", "provincie", "arrondissement", "ovo", "kbo_gemeente", "ovo_ocmw", "kbo_ocmw"]
KOLOMMEN_2025 = ["nis", "naam", "provincie", "arrondissement", "gewest", "ovo", "kbo_gemeente", "ovo_ocmw", "kbo_ocmw"]
NUMMERS = ["ovo", "kbo_gemeente", "ovo_ocmw", "kbo_ocmw"]
# The source gives this one number to all nineteen Brussels municipalities of 2021; see HERKOMST.md.
KBO_VAN_GEEN_GEMEENTE = "0207449544"


def lees(naam: str) -> tuple[list[str], list[dict[str, str]]]:
    with (GEGEVENS / naam).open(encoding="utf-8", newline="") as bestand:
        lezer = csv.DictReader(bestand)
        rijen = list(lezer)
        return list(lezer.fieldnames or []), rijen


def brussels(rij: dict[str, str]) -> bool:
    return rij["nis"].startswith("21")


RIJEN_2021 = lees("gemeenten_2021.csv")[1]
RIJEN_2025 = lees("gemeenten_2025.csv")[1]
FUSIES = lees("fusies.csv")[1]
OUD = {rij["nis"]: rij for rij in RIJEN_2021}
NIEUW = {rij["nis"]: rij for rij in RIJEN_2025}


def ongewijzigd(rij: dict[str, str]) -> bool:
    """The same municipality in both years: NIS, name and, outside Brussels, every number."""
    ander = NIEUW.get(rij["nis"])
    if ander is None or ander["naam"] != rij["naam"]:
        return False
    return brussels(rij) or all(ander[kolom] == rij[kolom] for kolom in NUMMERS)


@pytest.mark.parametrize(
    ("naam", "kolommen", "vlaams"),
    [("gemeenten_2021.csv", KOLOMMEN_2021, 300), ("gemeenten_2025.csv", KOLOMMEN_2025, 285)],
)
def test_gemeenten(naam, kolommen, vlaams):
    gelezen, rijen = lees(naam)
    assert gelezen == kolommen
    assert Counter(brussels(rij) for rij in rijen) == {False: vlaams, True: 19}
    assert all(re.fullmatch(r"\d{5}", rij["nis"]) and rij["naam"] == rij["naam"].strip() != "" for rij in rijen)
    assert len({rij["nis"] for rij in rijen}) == len({rij["naam"] for rij in rijen}) == len(rijen)
    assert all(rij["naam"] and None not in rij and None not in rij.values() for rij in rijen)


@pytest.mark.parametrize("rijen", [RIJEN_2021, RIJEN_2025], ids=["2021", "2025"])
def test_nummers_geldig_of_leeg(rijen):
    for rij in rijen:
        for kolom in ("kbo_gemeente", "kbo_ocmw"):
            assert rij[kolom] == "" or (vat.is_valid(rij[kolom]) and re.fullmatch(r"[01]\d{9}", rij[kolom])), rij
        for kolom in ("ovo", "ovo_ocmw"):
            assert re.fullmatch(r"(OVO\d{6})?", rij[kolom]), rij
        assert brussels(rij) or all(rij[kolom] for kolom in NUMMERS), rij


@pytest.mark.parametrize("rijen", [RIJEN_2021, RIJEN_2025], ids=["2021", "2025"])
def test_geen_nummer_staat_bij_twee_organisaties(rijen):
    vlaams = [rij for rij in rijen if not brussels(rij)]
    for kolommen in (("kbo_gemeente", "kbo_ocmw"), ("ovo", "ovo_ocmw")):
        nummers = [rij[kolom] for rij in vlaams for kolom in kolommen]
        assert len(nummers) == len(set(nummers))


def test_brussel_heeft_geen_bruikbaar_nummer():
    """Whoever reads the file must treat the shared number as empty; it belongs to no Flemish body either."""
    waarden = {rij[kolom] for rij in RIJEN_2021 + RIJEN_2025 if brussels(rij) for kolom in NUMMERS}
    assert waarden == {"", KBO_VAN_GEEN_GEMEENTE}
    assert all(KBO_VAN_GEEN_GEMEENTE not in rij.values() for rij in RIJEN_2021 + RIJEN_2025 if not brussels(rij))


def test_fusies_zijn_volledig():
    kolommen, rijen = lees("fusies.csv")
    assert kolommen == ["nis_oud", "naam_oud", "nis_nieuw", "naam_nieuw", "datum", "soort"]
    per_oude = Counter(rij["nis_oud"] for rij in rijen)
    for rij in RIJEN_2021:
        assert per_oude[rij["nis"]] == (0 if ongewijzigd(rij) else 1), rij
    assert set(per_oude) <= set(OUD)
    doelen = {rij["nis_nieuw"] for rij in rijen}
    gelijk_gebleven = {rij["nis"] for rij in RIJEN_2021 if ongewijzigd(rij)}
    for rij in RIJEN_2025:
        assert rij["nis"] in gelijk_gebleven | doelen, rij
    assert doelen <= set(NIEUW)


def test_fusies_noemen_dezelfde_namen():
    for rij in FUSIES:
        assert rij["naam_oud"] == OUD[rij["nis_oud"]]["naam"]
        assert rij["naam_nieuw"] == NIEUW[rij["nis_nieuw"]]["naam"]
        assert rij["datum"] == "2025-01-01"


def test_dertien_fusies_van_achtentwintig_gemeenten():
    delen = defaultdict(set)
    for rij in FUSIES:
        delen[rij["nis_nieuw"]].add(rij["nis_oud"])
    # Antwerpen keeps its NIS, name and numbers; it has no row of its own and is the 28th.
    assert len(delen) == 13
    assert len(FUSIES) + 1 == 28
    assert delen["11002"] == {"11007"}
    assert all(len(oude) in {2, 3} for nieuw, oude in delen.items() if nieuw != "11002")
    assert len(RIJEN_2021) - len(FUSIES) + 12 == len(RIJEN_2025)


def test_soort_volgt_uit_het_kbo_nummer():
    oude_nummers = {rij["kbo_gemeente"] for rij in RIJEN_2021}
    for rij in FUSIES:
        nummer = NIEUW[rij["nis_nieuw"]]["kbo_gemeente"]
        if nummer not in oude_nummers:
            verwacht = "samenvoeging"
        elif nummer == OUD[rij["nis_oud"]]["kbo_gemeente"]:
            verwacht = "voortzetting"
        else:
            verwacht = "opslorping"
        assert rij["soort"] == verwacht, rij


def test_nieuwe_nummers_van_2025_komen_alleen_door_een_fusie():
    oude_nummers = {rij[kolom] for rij in RIJEN_2021 for kolom in NUMMERS}
    doelen = {rij["nis_nieuw"] for rij in FUSIES if rij["soort"] == "samenvoeging"}
    met_nieuw_nummer = {
        rij["nis"] for rij in RIJEN_2025 for kolom in NUMMERS if rij[kolom] and rij[kolom] not in oude_nummers
    }
    assert met_nieuw_nummer == doelen


def test_rechtsvormen():
    kolommen, rijen = lees("rechtsvormen.csv")
    assert kolommen == ["code", "label", "volgorde", "uri", "groep"]
    assert [int(rij["volgorde"]) for rij in rijen] == list(range(1, 26))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", rij["code"]) and rij["label"] for rij in rijen)
    assert all(rij["uri"].startswith("http://lblod.data.gift/concepts/") for rij in rijen)
    for kolom in ("code", "label", "volgorde", "uri"):
        assert len({rij[kolom] for rij in rijen}) == 25
