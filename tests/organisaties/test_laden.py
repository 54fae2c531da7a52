"""The municipalities and OCMWs in the database: both years, their mergers, and nothing of files that are wrong."""

import hashlib
import shutil
import time
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kern import klok
from organisaties import rechtsvormen
from organisaties.forms import OrganisatieForm
from organisaties.laden import FUSIES, GEGEVENS, NU, VROEGER, laad_organisaties
from organisaties.models import Categorie, Gebruiker, Organisatie, Rechtsvorm
from organisaties.services import registreer_organisatie
from tests import bouw
from tests.hulp import alles_klopt, feit, geschiedenis, ongewijzigd, weigering, weigert

DAG = date(2025, 1, 1)


@pytest.fixture
def systeem(db):
    klok.zet(klok.brussel(2021, 6, 1, 9))
    return Gebruiker.objects.systeem()


@pytest.fixture
def geladen(systeem):
    laad_organisaties(door=systeem)
    return systeem


@pytest.fixture
def map_(tmp_path):
    """Give a copy of the data files, to be changed."""
    return shutil.copytree(GEGEVENS, tmp_path / "gegevens")


def draai(*args):
    uit = StringIO()
    call_command("laad_organisaties", *args, stdout=uit)
    return uit.getvalue()


def vervang(map_, naam, oud, nieuw):
    """Change one piece of a file; return the line it stood on."""
    tekst = (map_ / naam).read_text(encoding="utf-8")
    assert tekst.count(oud) == 1, oud
    (map_ / naam).write_text(tekst.replace(oud, nieuw), encoding="utf-8")
    return tekst[: tekst.index(oud)].count("\n") + 1


def test_everything_is_loaded_in_one_act(systeem):
    with geschiedenis() as nieuw:
        uitkomst = laad_organisaties(door=systeem)
    assert (uitkomst.nieuw, uitkomst.bestaand) == (662, 0)
    for categorie in (Categorie.GEMEENTE, Categorie.OCMW):
        rijen = Organisatie.objects.filter(categorie=categorie)
        toen = rijen.exclude(geldig_van=DAG)
        nu = rijen.filter(geldig_tot=None)
        brussel = {"provincie": "Brussels Hoofdstedelijk Gewest"}
        assert (toen.exclude(**brussel).count(), toen.filter(**brussel).count()) == (300, 19)
        assert (nu.exclude(**brussel).count(), nu.filter(**brussel).count()) == (285, 19)
        geeindigd = rijen.filter(geldig_tot=DAG)
        assert geeindigd.count() == 27
        assert all(rij.opvolger is not None and rij.opvolger.categorie == categorie for rij in geeindigd)
        assert rijen.filter(geldig_van=DAG).count() == 12
    assert Organisatie.objects.filter(geldig_tot=None, opvolger__isnull=False).count() == 0
    assert set(Organisatie.objects.values_list("rechtsvorm", flat=True)) == {"lokaal_bestuur"}
    assert set(Organisatie.objects.values_list("categorie", "juridische_vorm")) == {
        ("gemeente", "gemeente"),
        ("ocmw", "ocmw"),
    }
    sommen = {naam: hashlib.sha256((GEGEVENS / naam).read_bytes()).hexdigest() for naam in (VROEGER, NU, FUSIES)}
    inhoud = {"aantal": 662, "bestanden": sommen}
    assert nieuw.feiten == [feit(systeem, "organisatie.laad", systeem, inhoud=inhoud)]
    alles_klopt()


VELDEN = ("naam", "kbo", "ovo", "gemeente", "provincie", "geldig_van", "geldig_tot", "opvolger__nis")


@pytest.mark.parametrize(
    ("nis", "categorie", "verwacht"),
    [
        ("11001", "gemeente", ("Aartselaar", "0207508932", "OVO001995", "Aartselaar", "Antwerpen", None, None, None)),
        ("11001", "ocmw", ("OCMW Aartselaar", "0212234812", "OVO002349", "Aartselaar", "Antwerpen", None, None, None)),
        # Antwerpen took Borsbeek in and stayed the same row.
        ("11002", "gemeente", ("Antwerpen", "0207500123", "OVO001999", "Antwerpen", "Antwerpen", None, None, None)),
        ("11007", "gemeente", ("Borsbeek", "0207509229", "OVO002030", "Borsbeek", "Antwerpen", None, DAG, "11002")),
        ("11007", "ocmw", ("OCMW Borsbeek", "0212242928", "OVO002353", "Borsbeek", "Antwerpen", None, DAG, "11002")),
        # Tielt has a new NIS code and the number it had.
        ("37015", "gemeente", ("Tielt", "0207438458", "OVO002249", "Tielt", "West-Vlaanderen", None, DAG, "37022")),
        ("37022", "gemeente", ("Tielt", "0207438458", "OVO002249", "Tielt", "West-Vlaanderen", DAG, None, None)),
        # Brussels: what is empty in the source stays empty, and the one number of all nineteen is not theirs.
        ("21004", "gemeente", ("Brussel", None, "", "Brussel", "Brussels Hoofdstedelijk Gewest", None, None, None)),
        ("21004", "ocmw", ("OCMW Brussel", None, "", "Brussel", "Brussels Hoofdstedelijk Gewest", None, None, None)),
    ],
)
def test_some_rows_to_the_letter(geladen, nis, categorie, verwacht):
    assert list(Organisatie.objects.filter(nis=nis, categorie=categorie).values_list(*VELDEN)) == [verwacht]


def test_a_number_is_unique_among_the_living(geladen):
    levend = Counter(Organisatie.objects.filter(geldig_tot=None, kbo__isnull=False).values_list("kbo", flat=True))
    assert set(levend.values()) == {1}
    dubbel = Counter(Organisatie.objects.filter(kbo__isnull=False).values_list("kbo", flat=True))
    assert {kbo for kbo, aantal in dubbel.items() if aantal > 1} >= {"0207438458", "0216772234"}
    assert Organisatie.objects.filter(kbo=None).count() == 38
    with pytest.raises(Exception, match=r"(?i)unique"):
        Organisatie.objects.create(naam="X", categorie="ocmw", rechtsvorm="lokaal_bestuur", kbo="0207438458")


def test_loading_twice_changes_nothing_and_says_so(systeem):
    begin = time.monotonic()
    assert draai() == "662 gemeenten en OCMW's geladen.\n"
    assert time.monotonic() - begin < 10
    with ongewijzigd():
        assert draai() == "De 662 gemeenten en OCMW's waren al geladen, niets gewijzigd.\n"


def test_only_an_administrator_or_the_system_loads(systeem):
    an, beheer = bouw.mens("an"), bouw.mens("beheer", is_staff=True)
    with weigert("geen_recht"):
        laad_organisaties(door=an)
    assert laad_organisaties(door=beheer).nieuw == 662


@pytest.mark.parametrize("naam", [VROEGER, NU, FUSIES])
def test_a_missing_file(systeem, map_, naam):
    (map_ / naam).unlink()
    with weigert("bestand_ontbreekt", f"{naam}: dit bestand bestaat niet."):
        laad_organisaties(map_, door=systeem)
    with pytest.raises(CommandError, match=f"^{naam}: dit bestand bestaat niet.$"):
        draai(map_)


@pytest.mark.parametrize(
    ("naam", "kolom"), [(VROEGER, "kbo_ocmw"), (VROEGER, "nis"), (NU, "provincie"), (FUSIES, "nis_nieuw")]
)
def test_a_missing_column(systeem, map_, naam, kolom):
    pad = map_ / naam
    kop, rest = pad.read_text(encoding="utf-8").split("\n", 1)
    kop = ",".join("anders" if cel.strip() == kolom else cel for cel in kop.split(","))
    pad.write_text(f"{kop}\n{rest}", encoding="utf-8")
    with weigert("kolom_ontbreekt", f"{naam}, regel 1: de kolom '{kolom}' ontbreekt."):
        laad_organisaties(map_, door=systeem)


AARTSELAAR = "11001,Aartselaar,Antwerpen,11000,OVO001995,0207508932,OVO002349,0212234812"
FOUTEN = [
    (
        FUSIES,
        "11007,Borsbeek",
        "99999,Borsbeek",
        "onbekende_gemeente",
        f"de gemeente Borsbeek (99999) staat niet in {VROEGER}.",
    ),
    (
        FUSIES,
        "11007,Borsbeek",
        "11007,Borsbeke",
        "onbekende_gemeente",
        f"de gemeente Borsbeke (11007) staat niet in {VROEGER}.",
    ),
    (
        FUSIES,
        "11007,Borsbeek,11002,Antwerpen",
        "11007,Borsbeek,11099,Nergens",
        "onbekende_gemeente",
        f"de gemeente Nergens (11099) staat niet in {NU}.",
    ),
    (
        FUSIES,
        "11007,Borsbeek,11002,Antwerpen,2025-01-01",
        "11007,Borsbeek,11002,Antwerpen,1/1/2025",
        "waarde_ongeldig",
        "'1/1/2025' is geen datum; schrijf ze als 2025-01-01.",
    ),
    (
        FUSIES,
        "37007,Meulebeke,37022,Tielt,2025-01-01",
        "37007,Meulebeke,37022,Tielt,2026-01-01",
        "waarde_ongeldig",
        None,
    ),
    (
        FUSIES,
        "11007,Borsbeek,",
        "11001,Aartselaar,",
        "waarde_ongeldig",
        f"Aartselaar (11001) eindigt hier, maar staat nog in {NU}.",
    ),
    (FUSIES, "37018,Wingene", "37015,Tielt", "waarde_ongeldig", "Tielt staat hier voor de tweede keer."),
    (VROEGER, "0207508932", "0207508933", "kbo_ongeldig", "'0207508933' is geen geldig ondernemingsnummer."),
    (VROEGER, "0207508932", "207508932", "kbo_ongeldig", "schrijf het ondernemingsnummer '207508932' als 0207508932."),
    (NU, "0207508932", "aartselaar", "kbo_ongeldig", "'aartselaar' is geen geldig ondernemingsnummer."),
    (VROEGER, "OVO001995", "OVO1995", "waarde_ongeldig", "'OVO1995' is geen OVO-nummer."),
    (VROEGER, "11001,Aartselaar", "1101,Aartselaar", "waarde_ongeldig", "'1101' is geen NIS-code van vijf cijfers."),
    (
        VROEGER,
        "11002,Antwerpen",
        "11001,Antwerpen",
        "waarde_ongeldig",
        "de NIS-code 11001 staat hier voor de tweede keer.",
    ),
    (
        VROEGER,
        "11001,Aartselaar,Antwerpen",
        "11001,,Antwerpen",
        "waarde_ongeldig",
        "de naam of de provincie ontbreekt.",
    ),
    (
        VROEGER,
        "11001,Aartselaar,Antwerpen",
        "11001,Aartsel,Antwerpen",
        "waarde_ongeldig",
        f"Aartsel heeft als naam 'Aartsel', maar in {NU} 'Aartselaar'.",
    ),
    (
        VROEGER,
        "0207508932",
        "0207500123",
        "waarde_ongeldig",
        f"Aartselaar heeft als kbo_gemeente '0207500123', maar in {NU} '0207508932'.",
    ),
    (VROEGER, AARTSELAAR, f"{AARTSELAAR},x", "rij_ongeldig", "9 kolommen in plaats van 8."),
    (VROEGER, "11001,Aartselaar", '11001,"Aart"selaar', "bestand_onleesbaar", "deze rij kan niet gelezen worden."),
    (
        VROEGER,
        "11001,Aartselaar",
        "11001,Aart\x00selaar",
        "rij_ongeldig",
        "de rij bevat een teken dat niet bewaard kan worden.",
    ),
]


@pytest.mark.parametrize(("naam", "oud", "nieuw", "code", "zin"), FOUTEN, ids=lambda waarde: str(waarde)[:40])
def test_a_wrong_file_is_refused_with_its_line_and_stores_nothing(systeem, map_, naam, oud, nieuw, code, zin):
    regel = vervang(map_, naam, oud, nieuw)
    if zin is None:  # the second of two rows about Tielt is where the difference shows
        naam, regel, zin = FUSIES, 9, "Tielt begint op twee verschillende dagen."
    with weigert(code, f"{naam}, regel {regel}: {zin}"):
        laad_organisaties(map_, door=systeem)
    assert not Organisatie.objects.exists()


def test_a_municipality_that_is_in_one_year_only_and_not_in_the_mergers(systeem, map_):
    regel = vervang(map_, FUSIES, "11007,Borsbeek,11002,Antwerpen,2025-01-01,opslorping\n", "")
    assert regel == 2
    zin = f"Borsbeek staat niet meer in {NU} en ook niet in {FUSIES}."
    with weigering("onbekende_gemeente", f"{VROEGER}, regel 6: {zin}"):
        laad_organisaties(map_, door=systeem)


def test_a_municipality_that_comes_from_nowhere(systeem, map_):
    regel = vervang(map_, NU, "11001,Aartselaar", "11099,Nieuwstad,Antwerpen,11000,Vlaams Gewest,,,,\n11001,Aartselaar")
    zin = f"{NU}, regel {regel}: Nieuwstad (11099) bestond niet in {VROEGER} en niet in {FUSIES}."
    with weigering("onbekende_gemeente", zin):
        laad_organisaties(map_, door=systeem)


def test_the_same_number_twice(systeem, map_):
    for naam in (VROEGER, NU):
        vervang(map_, naam, "0212234812", "0207508932")
    zin = f"{NU}, regel 2: het ondernemingsnummer 0207508932 staat ook op regel 2 (Aartselaar)."
    with weigering("kbo_dubbel", zin):
        laad_organisaties(map_, door=systeem)


@pytest.mark.parametrize("veld", ["ovo", "naam"])
def test_files_that_contradict_what_is_loaded_are_refused(geladen, map_, veld):
    oud, nieuw = {"ovo": ("OVO001995", "OVO009995"), "naam": ("11001,Aartselaar", "11001,Aartsel")}[veld]
    vervang(map_, VROEGER, oud, nieuw)
    regel = vervang(map_, NU, oud, nieuw)
    was, is_ = {"ovo": ("OVO001995", "OVO009995"), "naam": ("Aartselaar", "Aartsel")}[veld]
    zin = f"{NU}, regel {regel}: Aartselaar: {veld} is hier '{is_}', maar eerder is '{was}' geladen."
    with weigert("gegevens_in_strijd", zin):
        laad_organisaties(map_, door=geladen)


def test_another_successor_contradicts(geladen, map_):
    vervang(map_, FUSIES, "11007,Borsbeek,11002,Antwerpen", "11007,Borsbeek,11001,Aartselaar")
    zin = f"{VROEGER}, regel 6: Borsbeek: opvolger is hier '11001', maar eerder is '11002' geladen."
    with weigert("gegevens_in_strijd", zin):
        laad_organisaties(map_, door=geladen)


def test_a_municipality_that_is_gone_contradicts(geladen, map_):
    for naam in (VROEGER, NU):
        regels = (map_ / naam).read_text(encoding="utf-8").splitlines(keepends=True)
        (map_ / naam).write_text("".join(r for r in regels if not r.startswith("11001,")), encoding="utf-8")
    zin = f"{NU}: Aartselaar (11001) werd eerder geladen, maar staat niet meer in dit bestand."
    with weigert("gegevens_in_strijd", zin):
        laad_organisaties(map_, door=geladen)


def test_an_organisation_that_somebody_registered_with_the_same_number_contradicts(systeem):
    bouw.organisatie("Wij van Aartselaar", "0207508932", Categorie.ANDERE, Rechtsvorm.PRIVAAT, bouw.mens("an"))
    zin = f"{NU}, regel 2: het ondernemingsnummer 0207508932 heeft de organisatie 'Wij van Aartselaar' al."
    with weigert("gegevens_in_strijd", zin):
        laad_organisaties(door=systeem)


def test_new_rows_are_added_to_what_is_there(geladen, map_):
    nieuw = "99001,Nieuwstad,Antwerpen,11000,{}OVO999999,,,\n"
    for naam, gewest in ((VROEGER, ""), (NU, "Vlaams Gewest,")):
        with (map_ / naam).open("a", encoding="utf-8") as bestand:
            bestand.write(nieuw.format(gewest))
    uitkomst = laad_organisaties(map_, door=geladen)
    assert (uitkomst.nieuw, uitkomst.bestaand) == (2, 662)
    assert set(Organisatie.objects.filter(nis="99001").values_list("naam", flat=True)) == {
        "Nieuwstad",
        "OCMW Nieuwstad",
    }


# Legal forms.


def test_every_legal_form_has_a_group():
    groepen = Counter(vorm.groep for vorm in rechtsvormen.vormen().values())
    assert groepen.keys() == set(Rechtsvorm.values)
    assert sum(groepen.values()) == len(rechtsvormen.keuzes()) == 25
    per_code = {code: vorm.groep for code, vorm in rechtsvormen.vormen().items()}
    assert {code for code, groep in per_code.items() if groep == "lokaal_bestuur"} == {
        *("gemeente", "ocmw", "welzijnsvereniging"),
    }
    assert per_code["agb"] == "autonoom_gemeentebedrijf"
    assert per_code["avi"] == "autonome_verzorgingsinstelling"
    assert per_code["vzw"] == per_code["bv"] == "private_rechtspersoon"
    assert per_code["geen_rechtspersoonlijkheid"] == "feitelijke_vereniging"
    assert rechtsvormen.label("vzw") == "Vereniging zonder winstoogmerk"
    assert rechtsvormen.label("") == ""


@pytest.mark.parametrize(
    ("rij", "zin"),
    [
        ("vzw,Vereniging,1,uri,club", "onbekende groep 'club'."),
        ("vzw,,1,uri,private_rechtspersoon", "de code of het label ontbreekt, of de code stond er al."),
        ("vzw,Vereniging,eerste,uri,private_rechtspersoon", "volgorde 'eerste' is geen geheel getal."),
    ],
)
def test_a_wrong_list_of_legal_forms(tmp_path, rij, zin):
    pad = tmp_path / "rechtsvormen.csv"
    pad.write_text(f"code,label,volgorde,uri,groep\n{rij}\n", encoding="utf-8")
    with weigering("waarde_ongeldig", f"rechtsvormen.csv, regel 2: {zin}"):
        rechtsvormen.lees_vormen(pad)


@pytest.mark.parametrize(("code", "groep"), [("vzw", "private_rechtspersoon"), ("agb", "autonoom_gemeentebedrijf")])
def test_registering_asks_the_legal_form_and_derives_the_group(wereld, code, groep):
    gegevens = {
        "naam": "Wij",
        "categorie": "welzijnsorganisatie",
        "juridische_vorm": code,
        "kbo": "",
        "gemeente": "Boom",
    }
    form = OrganisatieForm(gegevens)
    assert form.is_valid()
    assert len(list(form.fields["juridische_vorm"].choices)) == 25
    rij = registreer_organisatie(wereld.stan, **form.cleaned_data, door=wereld.stan)
    assert (rij.juridische_vorm, rij.rechtsvorm) == (code, groep)
    assert not OrganisatieForm(gegevens | {"juridische_vorm": groep}).is_valid()
    with weigert("onbekende_rechtsvorm", "Kies een rechtsvorm uit de lijst.", "juridische_vorm"):
        registreer_organisatie(wereld.stan, **gegevens | {"juridische_vorm": groep}, door=wereld.stan)
