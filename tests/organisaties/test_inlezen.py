"""The list of organisations, out and back in."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kern import werkblad
from kern.inlezen import handelingen
from kern.models import Inlezing
from organisaties import services
from organisaties.models import Categorie, Gebruiker, Organisatie, Rechtsvorm
from organisaties.resources import organisatieblad
from tests.hulp import alles_klopt, basis, eis_alleen, feit, geschiedenis, ongewijzigd, weigering, weigert, wereld

__all__ = ["basis", "wereld"]
pytestmark = pytest.mark.django_db
KOPPEN = ["Nummer", "Naam", "Categorie", "Rechtsvorm", "Ondernemingsnummer", "Gemeente"]


@pytest.fixture
def w(wereld):
    """The three organisations of the cast, with a legal form each."""
    Organisatie.objects.exclude(pk=wereld.vzw.pk).update(juridische_vorm="gemeente")
    Organisatie.objects.filter(pk=wereld.vzw.pk).update(juridische_vorm="vzw")
    return wereld


def lijst() -> list[list[str]]:
    uit = BytesIO()
    werkblad.schrijf_csv(organisatieblad(Organisatie.objects.all()), uit)
    return list(csv.reader(StringIO(uit.getvalue().decode("utf-8-sig")), delimiter=";"))


def rij_van(regels: list[list[str]], naam: str) -> int:
    return next(i for i, rij in enumerate(regels) if rij[1] == naam)


def zet(regels: list[list[str]], naam: str, **cellen: str) -> list[list[str]]:
    rij = regels[rij_van(regels, naam)]
    for kop, waarde in cellen.items():
        rij[regels[0].index(kop)] = waarde
    return regels


def bestand(regels: list[list[str]]) -> SimpleUploadedFile:
    uit = StringIO()
    csv.writer(uit).writerows(regels)
    return SimpleUploadedFile("organisaties.csv", uit.getvalue().encode())


def uitkomsten(regels: list[list[str]], door: Any) -> dict[str, tuple[str, str]]:
    with ongewijzigd():
        overzicht = handelingen.lees_bestand("organisaties", bestand(regels), door=door)
    return {v.wat.split(" (")[0]: (v.uitkomst.value, v.zin) for v in overzicht.voorstellen}


def lees_in(regels: list[list[str]], door: Any) -> None:
    inlezing = handelingen.lees_upload("organisaties", bestand(regels), door=door)
    handelingen.bevestig(inlezing, gezien=handelingen.bekijk(inlezing, door=door).vingerafdruk, door=door)


def test_our_own_list_changes_nothing(w):
    assert {u for u, _ in uitkomsten(lijst(), w.beheer).values()} == {"ongewijzigd"}


def test_changed_and_new_organisations_come_back(w):
    regels = zet(lijst(), "De Warme Straat", Naam="=De Warme Straat", Ondernemingsnummer="0400.378.485", Gemeente="Mol")
    regels.append(["", "Nieuwe vzw", "Andere organisatie", "vzw", "", "Geel"] + [""] * (len(regels[0]) - 6))
    vzw = w.vzw
    gevonden = uitkomsten(regels, w.beheer)
    assert gevonden["De Warme Straat"] == (
        "gewijzigd",
        (
            "Naam: De Warme Straat wordt =De Warme Straat; Ondernemingsnummer: (leeg) wordt 0400378485; "
            "Gemeente: De Warme Straat wordt Mol."
        ),
    )
    assert gevonden["Nieuwe vzw"] == ("nieuw", "Nieuwe organisatie, ondernemingsnummer (leeg).")
    with geschiedenis() as nieuw:
        lees_in(regels, w.beheer)
    gemaakt = Organisatie.objects.get(naam="Nieuwe vzw")
    wordt = {"naam": "=De Warme Straat", "kbo": "0400378485", "gemeente": "Mol"}
    was = {"naam": "De Warme Straat", "kbo": None, "gemeente": "De Warme Straat"}
    velden = {"naam": "Nieuwe vzw", "categorie": "andere", "kbo": None, "gemeente": "Geel", "juridische_vorm": "vzw"}
    assert nieuw.feiten[1:3] == [
        feit(vzw, "organisatie.wijzig", w.beheer, inhoud={"was": was, "wordt": wordt}),
        feit(gemaakt, "organisatie.voeg_toe", w.beheer, inhoud=velden),
    ]
    assert (gemaakt.rechtsvorm, gemaakt.lidmaatschappen.count()) == (Rechtsvorm.PRIVAAT, 0)
    vers = Organisatie.objects.get(pk=vzw.pk)
    assert (vers.naam, vers.kbo, vers.gemeente) == ("=De Warme Straat", "0400378485", "Mol")
    assert (Inlezing.objects.get().nieuw, Inlezing.objects.get().gewijzigd) == (1, 1)
    assert {u for u, _ in uitkomsten(regels, w.beheer).values()} == {"ongewijzigd"}
    alles_klopt()


def test_a_row_without_number_is_found_by_its_enterprise_number(w):
    regels = [KOPPEN, ["", "Aartselaar", "Gemeente", "gemeente", "0207.508.932", "Aartselaar"]]
    assert uitkomsten(regels, w.beheer) == {"Aartselaar": ("ongewijzigd", "")}


FOUT = {
    "geen naam": ({"Naam": ""}, "Cel B{rij}: vul de naam in."),
    "te lange naam": ({"Naam": "x" * 201}, "Cel B{rij}: deze tekst is langer dan 200 tekens."),
    "kbo fout": (
        {"Ondernemingsnummer": "0207.508.933"},
        "Cel E{rij}: dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789.",
    ),
    "kbo van een ander": (
        {"Ondernemingsnummer": "0207.508.932"},
        "Cel E{rij}: Aartselaar (nummer {aartselaar}) heeft dit ondernemingsnummer al.",
    ),
    "onbekend nummer": ({"Nummer": "999999"}, "Cel A{rij}: er is geen organisatie met nummer 999999."),
    "geen nummer": ({"Nummer": "x"}, "Cel A{rij}: 'x' is geen geheel getal."),
    "rechtsvorm weg": ({"Rechtsvorm": ""}, "Cel D{rij}: kies een rechtsvorm."),
    "kolom die vaststaat": (
        {"Provincie": "Antwerpen"},
        "Cel G{rij}: deze kolom wijzigt u hier niet; in het loket staat (leeg).",
    ),
    "dag die vaststaat": (
        {"Bestaat vanaf": "2022-01-01"},
        "Cel J{rij}: deze kolom wijzigt u hier niet; in het loket staat (leeg).",
    ),
}


@pytest.mark.parametrize("geval", FOUT)
def test_a_row_that_cannot_be_taken_says_why(w, geval):
    cellen, zin = FOUT[geval]
    regels = lijst()
    rij = rij_van(regels, "De Warme Straat") + 1
    zet(regels, "De Warme Straat", **cellen)
    zin = zin.format(rij=rij, aartselaar=w.aartselaar.pk)
    assert ("geweigerd", zin) in uitkomsten(regels, w.beheer).values()


def test_a_category_that_is_not_in_the_list(w):
    regels = zet(lijst(), "De Warme Straat", Categorie="Vzw")
    (zin,) = [zin for uitkomst, zin in uitkomsten(regels, w.beheer).values() if uitkomst == "geweigerd"]
    assert zin.endswith(f"'Vzw' staat niet in de lijst. Kies uit: {', '.join(Categorie.labels)}.")


def test_two_rows_that_ask_the_same_number(w):
    regels = zet(lijst(), "De Warme Straat", Ondernemingsnummer="0400.378.485")
    leeg = [""] * (len(regels[0]) - 6)
    regels.append(["", "Nieuwe vzw", "Andere organisatie", "vzw", "0400378485", "Geel", *leeg])
    eerste = rij_van(regels, "De Warme Straat") + 1
    zin = f"Cel E{len(regels)}: dit ondernemingsnummer staat ook op rij {eerste}."
    assert ("geweigerd", zin) in uitkomsten(regels, w.beheer).values()


def test_municipalities_are_not_changed_here(w):
    Organisatie.objects.filter(pk=w.boom.pk).update(nis="11005")
    regels = zet(lijst(), "Boom", Naam="Bomen")
    zin = "de gegevens van gemeenten en OCMW's komen uit hun gegevensbestand en worden hier niet gewijzigd."
    assert [z.split(": ")[1] for u, z in uitkomsten(regels, w.beheer).values() if u == "geweigerd"] == [zin]


def test_only_administrators_bring_organisations_back(w):
    for wie in (w.an, w.bea, w.bart, w.bo):
        with weigering("geen_recht"), ongewijzigd():
            handelingen.lees_upload("organisaties", bestand(lijst()), door=wie)
    mensen = {**w.mensen, "systeem": Gebruiker.objects.systeem()}
    velden = {"naam": "X", "categorie": "andere", "juridische_vorm": "vzw", "kbo": None, "gemeente": ""}
    eis_alleen(mensen, {"beheer", "systeem"}, lambda wie: services.voeg_organisatie_toe(wie, **velden, door=wie))
    anders = {"naam": "Anders"}
    eis_alleen(mensen, {"beheer", "systeem"}, lambda wie: services.wijzig_organisatie(w.vzw, velden=anders, door=wie))


def test_the_acts_refuse_by_themselves(w):
    def wijzig(organisatie: Organisatie, **velden: Any) -> Any:
        return services.wijzig_organisatie(organisatie, velden=velden, door=w.beheer)

    Organisatie.objects.filter(pk=w.boom.pk).update(nis="11005")
    uit_bestand = "De gegevens van gemeenten en OCMW's komen uit hun gegevensbestand en worden hier niet gewijzigd."
    with weigert("uit_gegevensbestand", uit_bestand):
        wijzig(w.boom, naam="Bomen")
    with weigert("kbo_bestaat", services.KBO_BESTAAT, "kbo"):
        wijzig(w.vzw, kbo="0207508932")
    with weigert("onbekende_rechtsvorm", "Kies een rechtsvorm uit de lijst.", "juridische_vorm"):
        wijzig(w.vzw, juridische_vorm="x")
    with weigert("niets_gewijzigd", "Er is niets gewijzigd."):
        wijzig(w.vzw, naam=w.vzw.naam)
    with pytest.raises(ValueError, match="niet wijzigbaar"), ongewijzigd():
        wijzig(w.vzw, nis="11005")
    with weigert("kbo_bestaat", services.KBO_BESTAAT, "kbo"):
        services.voeg_organisatie_toe(
            w.beheer,
            naam="X",
            categorie="andere",
            juridische_vorm="vzw",
            kbo="0207508932",
            gemeente="",
            door=w.beheer,
        )
    assert wijzig(w.vzw, juridische_vorm="gemeente").rechtsvorm == Rechtsvorm.LOKAAL_BESTUUR
