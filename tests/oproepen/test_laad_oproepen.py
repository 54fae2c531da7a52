"""The eight calls: seven announced with what their sources say, one in full with its budget; all files or none."""

import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from betalingen import rechten as geldrechten
from betalingen.grootboek import stand_van
from betalingen.laden import laad_oproepen
from betalingen.models import Krediet, Stand
from kern import klok
from oproepen import rechten, services
from oproepen.laad_plan import BESTAND, laad_plan
from oproepen.laden import GEGEVENS
from oproepen.models import AangekondigdeRonde, AangekondigdeSchijf, Aanname, Bron, Luik, Oproep, Taak
from organisaties.models import Gebruiker
from tests import bouw
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, ongewijzigd, weigering, weigert, zin_status
from tests.onthouden import onthoudt

BESTANDEN = {pad.stem: json.loads(pad.read_text(encoding="utf-8")) for pad in sorted(GEGEVENS.glob("*.json"))}
AANGEKONDIGD = sorted(set(BESTANDEN) - {"zorgzame-buurten"})


@pytest.fixture
def systeem(db):
    klok.zet(klok.brussel(2021, 6, 1, 9))
    return Gebruiker.objects.systeem()


@pytest.fixture
@onthoudt
def geladen(systeem):
    laad_oproepen(door=systeem)
    return systeem


@pytest.fixture
def map_(tmp_path):
    """Give a copy of the folder, to be changed."""
    return shutil.copytree(GEGEVENS, tmp_path / "oproepen")


def draai(naam, *args, **opties):
    uit = StringIO()
    call_command(naam, *args, stdout=uit, **opties)
    return uit.getvalue()


def vervang(map_, slug, oud, nieuw):
    """Change one piece of a file; return the line it stood on."""
    tekst = (map_ / f"{slug}.json").read_text(encoding="utf-8")
    assert tekst.count(oud) == 1, oud
    (map_ / f"{slug}.json").write_text(tekst.replace(oud, nieuw), encoding="utf-8")
    return tekst[: tekst.index(oud)].count("\n") + 1


def test_every_call_is_loaded(systeem):
    with geschiedenis() as nieuw:
        uitkomsten = laad_oproepen(door=systeem)
    assert [(u.oproep.slug, u.nieuw) for u in uitkomsten] == [(slug, True) for slug in BESTANDEN]
    assert dict(Oproep.objects.values_list("slug", "status")) == {
        **dict.fromkeys(AANGEKONDIGD, "aangekondigd"),
        "zorgzame-buurten": "ontwerp",
    }
    assert set(Oproep.objects.values_list("actie_nr", flat=True)) == {2, 3, 4, 6, 9, 18, 29, 31}
    gbo = Oproep.objects.get(slug="gbo-nabestaanden")
    assert nieuw.feiten[:3] == [
        feit(gbo, "oproep.maak_op", systeem, naar="ontwerp", inhoud={"slug": "gbo-nabestaanden"}),
        feit(gbo, "oproep.kondig_aan", systeem, "ontwerp", "aangekondigd"),
        feit(gbo, "oproep.stel_budget_in", systeem, inhoud={"budget_cent": 300_000_00, "per_luik": {}}),
    ]
    assert nieuw.mails == []
    alles_klopt()


@pytest.mark.parametrize("slug", AANGEKONDIGD)
def test_an_announced_call_keeps_what_its_file_says(geladen, slug):
    bestand, oproep = BESTANDEN[slug], Oproep.objects.get(slug=slug)
    for veld, naam in (
        *(("code", "code"), ("titel", "titel"), ("actie_nr", "actie"), ("samenvatting", "samenvatting")),
        *(("verstrekker", "verstrekker"), ("voor_wie", "doelgroep"), ("looptijd_maanden", "looptijd_maanden")),
        *(("budget_toelichting", "budget_toelichting"), ("aangekondigde_aanvragers", "voor_wie")),
    ):
        assert getattr(oproep, veld) == bestand[naam]
    assert oproep.aangekondigde_selectie == (bestand["selectieregel"] or "")
    for cent, basis, bedrag, wat in (
        (oproep.aangekondigd_budget_cent, oproep.budget_basis, bestand["budget"], bestand["budget_basis"]),
        (oproep.aangekondigd_maximum_cent, oproep.maximum_basis, bestand["max_per_project"], bestand["max_basis"]),
    ):
        assert cent == (None if bedrag is None else int(bedrag.replace(".", "")))
        assert basis == (wat or "")
    aannames = Aanname.objects.filter(oproep=oproep).values_list("veld", "waarde", "waarom")
    assert list(aannames) == [(a["veld"], a["waarde"] or "", a["waarom"]) for a in bestand["aannames"]]
    bronnen = Bron.objects.filter(oproep=oproep).values_list("titel", "uitgever", "wat")
    assert list(bronnen) == [(b["titel"], b["uitgever"], b["wat"]) for b in bestand["bronnen"]]
    rondes = AangekondigdeRonde.objects.filter(oproep=oproep)
    assert [(r.nummer, r.opent_op and klok.nu().fromisoformat(r.opent_op.isoformat()), r.sluit_op) for r in rondes] == [
        (r["nr"], *(klok.nu().fromisoformat(m) if m else None for m in (r["opent"], r["sluit"])))
        for r in bestand["rondes"]
    ]
    schijven = AangekondigdeSchijf.objects.filter(oproep=oproep).values_list("nummer", "procent", "wanneer")
    assert list(schijven) == [(s["nr"], int(s["percentage"]), s["wanneer"]) for s in bestand["schijven"]]
    assert not oproep.luiken.exists()


def test_some_rows_to_the_letter(geladen):
    mwj = Oproep.objects.get(slug="mentaal-welzijn-kinderen-en-jongeren")
    assert (mwj.aangekondigd_budget_cent, mwj.budget_basis) == (3_000_000_00, "totaal")
    assert (mwj.aangekondigd_maximum_cent, mwj.maximum_basis) == (40_000_00, "totaal")
    assert mwj.aangekondigde_selectie == "volgorde_van_ontvangst"
    assert [r.sluit_op for r in mwj.aangekondigde_rondes.all()] == [
        klok.brussel(2021, 4, 24),
        klok.brussel(2021, 5, 15),
        klok.brussel(2021, 6, 5),
        klok.brussel(2021, 6, 26),
    ]
    assert next((s.procent, s.wanneer) for s in mwj.aangekondigde_schijven.all()) == (
        80,
        "na de vastlegging van de subsidie",
    )
    zorgzaam = Oproep.objects.get(slug="zorgzame-buurten")
    assert (zorgzaam.aannames.count(), zorgzaam.bronnen.count()) == (10, 4)
    aanname = zorgzaam.aannames.get(veld="rondes.minimumscore")
    assert (aanname.waarde, aanname.waarom) == ("60 op 100", "Staat niet in de bronnen.")


def test_only_a_total_budget_becomes_a_limit(geladen):
    limieten = {o.slug: stand_van(o).limiet_cent for o in Oproep.objects.all()}
    assert limieten == {
        "gbo-nabestaanden": 300_000_00,
        "huizen-van-het-kind": None,
        "mentaal-welzijn-kinderen-en-jongeren": 3_000_000_00,
        "overkop": 200_000_00,
        "proeftuinen-geintegreerde-zorg": None,
        "verbindingsambassadeurs": 1_350_000_00,
        "werkbaar-telewerk": 3_000_000_00,
        "zorgzame-buurten": 13_500_000_00,
    }
    assert {x.slug: stand_van(x).limiet_cent for x in Luik.objects.all()} == {
        "vlaanderen": 12_300_000_00,
        "brussel": 1_200_000_00,
    }
    kredieten = {k.jaar: stand_van(k) for k in Krediet.objects.all()}
    assert {jaar: (s.limiet_cent, s.betaalkrediet_cent) for jaar, s in kredieten.items()} == {
        2022: (13_500_000_00, 7_000_000_00),
        2023: (500_000_00, 5_000_000_00),
        2024: (500_000_00, 2_000_000_00),
    }


def test_the_budget_position_shows_all_eight_calls(geladen):
    stand = json.loads(draai("budgetstand", formaat="json"))
    budgetten = {rij["oproep"]: (rij["budget"], rij["beschikbaar"]) for rij in stand["oproepen"]}
    assert len(budgetten) == 8
    assert budgetten["proeftuinen-geintegreerde-zorg"] == budgetten["huizen-van-het-kind"] == (None, None)
    assert budgetten["verbindingsambassadeurs"] == ("1350000.00", "1350000.00")
    assert stand["totaal"]["budget"] == "21350000.00"


def test_nothing_can_be_awarded_on_action_29(geladen):
    oproep = Oproep.objects.get(actie_nr=29)
    assert not Stand.objects.filter(soort="oproep", sleutel=oproep.pk).exists()
    behandelaar = bouw.mens("bea")
    services.geef_taak(oproep, gebruiker=behandelaar, rol=Taak.Rol.BEHANDELAAR, door=geladen)
    zin = "De oproep heeft nog geen ronde met een openings- en sluitingsmoment."
    with weigert("oproep_onvolledig", zin):
        services.leg_oproep_voor(oproep, door=behandelaar)
    Luik.objects.create(
        oproep=oproep,
        slug="alles",
        naam="Alles",
        max_per_jaar_cent=1,
        aantal_jaren=1,
        project_van="2022-03-01",
        project_tot="2023-02-28",
        beslisser="de minister",
        begrotingsartikel="WELZIJN-EENZAAMHEID",
    )
    # Even a dossier on it could not be committed: without a limit the database itself refuses a cent.
    stand = stand_van(oproep)
    stand.save()
    with pytest.raises(Exception, match="stand_binnen_limiet"):
        Stand.objects.filter(pk=stand.pk).update(vastgelegd_cent=1)


def test_loading_twice_changes_nothing_and_says_so(systeem):
    eerste = draai("laad_oproepen")
    assert "overkop: geladen als aangekondigd.\n" in eerste
    assert eerste.endswith("zorgzame-buurten: geladen als ontwerp.\n")
    with ongewijzigd():
        tweede = draai("laad_oproepen")
    assert tweede == "".join(f"{slug}: was al geladen, niets gewijzigd.\n" for slug in BESTANDEN)


def test_a_call_that_was_published_and_got_another_budget_is_still_the_same(geladen):
    from betalingen.services import stel_budget_in

    oproep = Oproep.objects.get(slug="zorgzame-buurten")
    bea, bart = bouw.mens("bea"), bouw.mens("bart")
    services.geef_taak(oproep, gebruiker=bea, rol=Taak.Rol.BEHANDELAAR, door=geladen)
    services.geef_taak(oproep, gebruiker=bart, rol=Taak.Rol.BUDGETHOUDER, door=geladen)
    services.leg_oproep_voor(oproep, door=bea)
    services.publiceer(oproep, door=bart)
    stel_budget_in(oproep, budget_cent=14_000_000_00, per_luik={}, door=bart)
    with ongewijzigd():
        assert not any(u.nieuw for u in laad_oproepen(door=geladen))


def test_only_new_files_are_loaded(systeem, map_, tmp_path):
    apart = tmp_path / "apart"
    apart.mkdir()
    (map_ / "overkop.json").rename(apart / "overkop.json")
    assert sum(u.nieuw for u in laad_oproepen(map_, door=systeem)) == 7
    (apart / "overkop.json").rename(map_ / "overkop.json")
    assert [u.oproep.slug for u in laad_oproepen(map_, door=systeem) if u.nieuw] == ["overkop"]


def test_who_may_load_announce_and_set_the_budget(geladen):
    oproep = Oproep.objects.get(slug="overkop")
    mensen = {naam: bouw.mens(naam) for naam in (*bouw.ROLLEN, "an")}
    for naam, rol in bouw.ROLLEN.items():
        services.geef_taak(oproep, gebruiker=mensen[naam], rol=rol, door=geladen)
    mensen |= {"beheer": bouw.mens("beheer", is_staff=True), "systeem": geladen}
    ja = {naam for naam, mens in mensen.items() if rechten.mag_aankondigen(mens, oproep)}
    assert ja == {"bea", "beheer", "systeem"}
    ja = {naam for naam, mens in mensen.items() if geldrechten.mag_budget_instellen(mens, oproep)}
    assert ja == {"bart", "beheer", "systeem"}
    ziet = {naam for naam, mens in mensen.items() if rechten.mag_oproep_beheren(mens, oproep)}
    assert ziet == {"bea", "bart", "bo", "aude", "beheer", "systeem"}
    for naam, mens in mensen.items():
        assert rechten.beheerbaar_voor(Oproep.objects.filter(pk=oproep.pk), mens).exists() is (naam in ziet)
    from oproepen.laden import lees_bestand, maak_oproep_op

    nieuw = lees_bestand(GEGEVENS / "overkop.json") | {"slug": "nieuw", "code": "NW"}
    eis_alleen(mensen, {"beheer", "systeem"}, lambda mens: maak_oproep_op(mens, gegevens=nieuw, door=mens))
    ontwerp = maak_oproep_op(geladen, gegevens=nieuw, door=geladen)
    eis_alleen(mensen, {"beheer", "systeem"}, lambda mens: services.kondig_aan(ontwerp, door=mens))


def test_an_announced_call_can_be_presented_but_not_announced_again(geladen):
    oproep = Oproep.objects.get(slug="overkop")
    with weigert("verkeerde_status", zin_status(oproep)):
        services.kondig_aan(oproep, door=geladen)
    assert rechten.openbaar(Oproep.objects.all()).count() == 7


@pytest.fixture
def fout(systeem, map_):
    """Give a check that loading the changed folder is refused, names file and line, and stores nothing."""

    def check(code, zin):
        with weigert(code, zin):
            laad_oproepen(map_, door=systeem)
        assert not Oproep.objects.exists()

    return check


def test_a_missing_folder_or_file(systeem, tmp_path):
    with weigert("bestand_ontbreekt", "weg: deze map bestaat niet."):
        laad_oproepen(tmp_path / "weg", door=systeem)
    (tmp_path / "leeg").mkdir()
    with weigert("bestand_ontbreekt", "leeg: er staan geen oproepen in deze map."):
        laad_oproepen(tmp_path / "leeg", door=systeem)
    with pytest.raises(CommandError, match=r"^weg: deze map bestaat niet\.$"):
        draai("laad_oproepen", tmp_path / "weg")


@pytest.mark.parametrize(
    ("slug", "oud", "nieuw", "code", "zin"),
    [
        (
            "overkop",
            '"code": "OVK",',
            '"code" "OVK",',
            "bestand_onleesbaar",
            "overkop.json, regel {}: geen geldige JSON.",
        ),
        (
            "overkop",
            '"budget_toelichting"',
            '"toelichting"',
            "veld_ontbreekt",
            "overkop.json: het veld 'budget_toelichting' ontbreekt.",
        ),
        (
            "werkbaar-telewerk",
            '"budget": "3000000.00"',
            '"budget": "3.000.000,00"',
            "bedrag_onleesbaar",
            (
                "werkbaar-telewerk.json, regel {} (budget): het bedrag '3.000.000,00' kan niet gelezen worden; "
                'schrijf het als "50000.00".'
            ),
        ),
        (
            "werkbaar-telewerk",
            '"budget": "3000000.00"',
            '"budget": null',
            "waarde_ongeldig",
            "werkbaar-telewerk.json, regel {} (budget): een budget heeft een budget_basis, en alleen dan.",
        ),
        (
            "overkop",
            '"max_basis": "per_jaar"',
            '"max_basis": "per_maand"',
            "waarde_ongeldig",
            "overkop.json: oproep: maximum_basis: Waarde 'per_maand' is geen geldige keuze.",
        ),
        (
            "overkop",
            '"sluit": "2021-04-08T00:00:00+02:00"',
            '"sluit": "8 april"',
            "waarde_ongeldig",
            (
                "overkop.json, regel 25 (rondes[0]): ronde 1: '8 april' is geen moment; "
                "schrijf het als 2021-11-08T09:00:00+01:00."
            ),
        ),
        (
            "mentaal-welzijn-kinderen-en-jongeren",
            '"percentage": "20"',
            '"percentage": "30"',
            "waarde_ongeldig",
            (
                "mentaal-welzijn-kinderen-en-jongeren.json, regel 15 (schijven): de schijven tellen "
                "op tot 110 procent, "
                "niet 100."
            ),
        ),
        (
            "overkop",
            '"uitgever": "Bataljong"',
            '"uitgever": ""',
            "waarde_ongeldig",
            "overkop.json, regel 84 (bronnen[2]): bron 3: uitgever: Dit veld kan niet leeg zijn.",
        ),
        (
            "zorgzame-buurten",
            '"budget": "12300000.00"',
            '"budget": "12300000.01"',
            "waarde_ongeldig",
            (
                "zorgzame-buurten.json, regel 11 (luiken): de luiken hebben samen 13.500.000,01 "
                "euro, meer dan het budget van "
                "13.500.000,00 euro."
            ),
        ),
        (
            "zorgzame-buurten",
            '"max_per_jaar": "100000.00"',
            '"max_per_jaar": "100.000"',
            "bedrag_onleesbaar",
            (
                "zorgzame-buurten.json, regel {} (luiken[1].max_per_jaar): het bedrag '100.000' kan "
                "niet gelezen worden; "
                'schrijf het als "50000.00".'
            ),
        ),
        (
            "zorgzame-buurten",
            '"betaalkrediet": "2000000.00"',
            '"betaalkrediet": 2000000',
            "bedrag_onleesbaar",
            (
                "zorgzame-buurten.json, regel {} (kredieten[2].betaalkrediet): het bedrag 2000000 "
                "kan niet gelezen worden; "
                'schrijf het als "50000.00".'
            ),
        ),
    ],
)
def test_a_wrong_file_is_refused_and_no_call_is_loaded(fout, map_, slug, oud, nieuw, code, zin):
    regel = vervang(map_, slug, oud, nieuw)
    fout(code, zin.format(regel))


def test_a_code_in_use(fout, map_):
    regel = vervang(map_, "overkop", '"code": "OVK"', '"code": "GBN"')
    fout("oproep_bestaat", f"overkop.json, regel {regel} (code): de code 'GBN' is al in gebruik.")


@pytest.mark.parametrize(
    ("slug", "oud", "nieuw", "zin"),
    [
        (
            "overkop",
            '"budget": "200000.00"',
            '"budget": "250000.00"',
            (
                "overkop.json: oproep: aangekondigd_budget is hier 250.000,00 euro, maar eerder is "
                "200.000,00 euro geladen."
            ),
        ),
        (
            "zorgzame-buurten",
            '"minimumscore": 60',
            '"minimumscore": 55',
            (
                "zorgzame-buurten.json, regel 48 (rondes[0]): ronde 1: minimumscore is hier '55', maar "
                "eerder is '60' geladen."
            ),
        ),
        (
            "zorgzame-buurten",
            '"gewicht": 30}',
            '"gewicht": 30, "max_punten": 5}',
            (
                "zorgzame-buurten.json, regel {} (criteria[0]): criterium 1: max_punten is hier '5', "
                "maar eerder is '10' "
                "geladen."
            ),
        ),
        (
            "zorgzame-buurten",
            '"sleutel": "bewoners"',
            '"sleutel": "mensen"',
            "zorgzame-buurten.json, regel {} (vragen[4]): vraag 5: dit staat niet in wat eerder geladen is.",
        ),
    ],
)
def test_a_file_that_contradicts_what_is_loaded_is_refused(geladen, map_, slug, oud, nieuw, zin):
    regel = vervang(map_, slug, oud, nieuw)
    with weigert("gegevens_in_strijd", zin.format(regel)):
        laad_oproepen(map_, door=geladen)


def test_a_source_that_is_gone_contradicts(geladen, map_):
    gegevens = BESTANDEN["overkop"] | {"bronnen": BESTANDEN["overkop"]["bronnen"][:3]}
    (map_ / "overkop.json").write_text(json.dumps(gegevens, indent=1), encoding="utf-8")
    with pytest.raises(Exception, match=r"\(bronnen\): het bestand heeft 3 bronnen, maar eerder zijn er 4 geladen\."):
        laad_oproepen(map_, door=geladen)


def test_a_credit_that_was_set_otherwise_contradicts(systeem, map_):
    laad_oproepen(door=systeem)
    anders = BESTANDEN["zorgzame-buurten"] | {"slug": "zorgzaam-2", "code": "ZB2"}
    anders["kredieten"] = [BESTANDEN["zorgzame-buurten"]["kredieten"][0] | {"betaalkrediet": "1.00"}]
    (map_ / "zorgzaam-2.json").write_text(json.dumps(anders, indent=1), encoding="utf-8")
    with (
        ongewijzigd(),
        pytest.raises(Exception, match=r"\(kredieten\[0\]\): het krediet van WELZIJN-EENZAAMHEID in 2022"),
    ):
        laad_oproepen(map_, door=systeem)


def test_a_call_that_the_loaded_plan_gives_to_another_action(systeem, map_):
    laad_plan(BESTAND, door=systeem)
    regel = vervang(map_, "overkop", '"actie": 4', '"actie": 5')
    with weigert(
        "gegevens_in_strijd", f"overkop.json, regel {regel} (actie): actie 5 van het geladen plan noemt geen oproep."
    ):
        laad_oproepen(map_, door=systeem)
    vervang(map_, "overkop", '"actie": 5', '"actie": 4')
    assert len(laad_oproepen(map_, door=systeem)) == 8
    with ongewijzigd():
        laad_plan(BESTAND, door=systeem)


def test_a_decimal_string_only(systeem):
    from oproepen.laden import bedrag

    for tekst in ("1e5", "1_000.00", " 5.00", "٥.00", "+5.00"):
        zin = f'x: het bedrag {tekst!r} kan niet gelezen worden; schrijf het als "50000.00".'
        with weigering("bedrag_onleesbaar", zin):
            bedrag(tekst, "x")


def test_pages_of_announced_calls(geladen, client):
    beheer = bouw.mens("beheer", is_staff=True)
    lijst = client.get("/oproepen/").content.decode()
    for oproep in Oproep.objects.filter(status="aangekondigd"):
        assert f'href="/oproepen/{oproep.slug}/"' in lijst
    pagina = client.get("/oproepen/proeftuinen-geintegreerde-zorg/").content.decode()
    assert "U kunt nog niet aanvragen." in pagina
    assert "nog te bepalen" in pagina
    assert "Criterium" not in pagina and "Dossier starten" not in pagina
    client.force_login(beheer, "allauth.account.auth_backends.AuthenticationBackend")
    for slug, bestand in BESTANDEN.items():
        pagina = client.get(f"/beheer/oproepen/{slug}/").content.decode()
        for aanname in bestand["aannames"]:
            assert f'<th scope="row">{aanname["veld"]}</th>' in pagina
        assert pagina.count('data-label="Uitgever"') == len(bestand["bronnen"])
        assert ("Aankondigen" in pagina) is (slug == "zorgzame-buurten")
