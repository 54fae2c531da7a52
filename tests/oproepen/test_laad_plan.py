"""The plan in the database: every action and amount of the file, and nothing of a file that is wrong."""

import hashlib
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from betalingen.laden import laad_oproepen
from kern import klok
from oproepen.laad_plan import BESTAND, laad_plan
from oproepen.models import Actie, Actiebudget, Oproep, Plan, Planbron, Speerpunt
from organisaties.models import Gebruiker
from tests import bouw
from tests.hulp import alles_klopt, feit, geschiedenis, ongewijzigd, weigert
from tests.oproepen.test_plangegevens import ACTIES, PASSAGES, bedragen

TEKST = BESTAND.read_text(encoding="utf-8")
REGELS = TEKST.splitlines()


@pytest.fixture
def systeem(db):
    return Gebruiker.objects.systeem()


@pytest.fixture
def geladen(systeem):
    laad_plan(BESTAND, door=systeem)
    return systeem


def draai(naam, *args, **opties):
    uit = StringIO()
    call_command(naam, *args, stdout=uit, **opties)
    return uit.getvalue()


def regel_van(fragment, na=""):
    """Return the number of the first line that holds `fragment`, after the line that holds `na`."""
    begin = next(i for i, regel in enumerate(REGELS) if na in regel)
    return next(i for i, regel in enumerate(REGELS, start=1) if i > begin and fragment in regel)


def anders(pad, *wijzigingen):
    """Write the file of the plan with other text: (old, new), each found exactly once."""
    tekst = TEKST
    for oud, nieuw in wijzigingen:
        assert tekst.count(oud) == 1, oud
        tekst = tekst.replace(oud, nieuw)
    (pad / "plan.json").write_text(tekst, encoding="utf-8")
    return pad / "plan.json"


def test_the_plan_is_stored_whole(systeem):
    klok.zet(klok.brussel(2021, 6, 1, 9))
    with geschiedenis() as nieuw:
        plan, is_nieuw = laad_plan(BESTAND, door=systeem)
    assert is_nieuw
    assert (plan.slug, plan.van, plan.tot) == ("eenzaamheidsplan-2021-2024", date(2021, 1, 1), date(2024, 12, 31))
    assert [s.nr for s in Speerpunt.objects.all()] == [1, 2, 3]
    assert list(Actie.objects.values_list("nr", flat=True)) == list(range(1, 34))
    assert Counter(Actie.objects.values_list("speerpunt__nr", flat=True)) == {1: 17, 2: 12, 3: 4}
    assert Counter(Actie.objects.values_list("status", flat=True)) == {
        "in_uitvoering": 27,
        "afgerond": 5,
        "op_te_starten": 1,
    }
    assert Planbron.objects.get(soort="bron").sha256.startswith("6f53259a2e97fc9f")
    assert Actiebudget.objects.count() == 41
    assert sum(b.bedrag_cent or 0 for b in Actiebudget.objects.all()) == 52_749_426_69
    assert sum(b.bedrag_cent or 0 for b in Actiebudget.objects.filter(telt_mee=True)) == 50_972_999_88
    som = hashlib.sha256(BESTAND.read_bytes()).hexdigest()
    inhoud = {"slug": plan.slug, "bestand": "eenzaamheidsplan.json", "sha256": som}
    assert nieuw.feiten == [feit(plan, "plan.laad", systeem, inhoud=inhoud)]
    alles_klopt()


def test_some_rows_to_the_letter(geladen):
    actie = Actie.objects.values().get(nr=4)
    assert {**actie, "id": 0, "plan_id": 0, "speerpunt_id": 0} == {
        "id": 0,
        "plan_id": 0,
        "speerpunt_id": 0,
        "nr": 4,
        "titel": "we streven naar meer sociale cohesie en een inclusieve leefomgeving voor jongeren in onze "
        'superdiverse samenleving via het Project "OVERKOP ~ +divers-sensitief & inclusief"',
        "ministers": [
            "Vlaamse minister van Binnenlands Bestuur, Bestuurszaken, Inburgering en Gelijke Kansen",
            "minister van Welzijn, Volksgezondheid, Gezin en Armoedebestrijding",
            "Vlaamse Regering",
        ],
        "ministers_tekst": ACTIES[3]["ministers_tekst"],
        "administraties": ["agentschap Binnenlands Bestuur", "agentschap Opgroeien"],
        "administraties_tekst": "het agentschap Binnenlands Bestuur en het agentschap Opgroeien",
        "timing": "1 januari 2021 – 28 februari 2022",
        "van": date(2021, 1, 1),
        "tot": date(2022, 2, 28),
        "timing_nauwkeurigheid": "dag",
        "timing_opmerking": "",
        "status": "in_uitvoering",
        "oproep_slug": "overkop",
        "geen_bedrag_omdat": "",
    }
    velden = ("volgorde", "soort", "bedrag_cent", "jaar", "omschrijving", "telt_mee", "bronfragment")
    assert list(Actiebudget.objects.filter(actie__nr=29).values_list(*velden)) == [
        (1, "eenmalig", 24_933_33, None, "Vooronderzoek", True, "vooronderzoek: 24.933,33 euro"),
        (2, "eenmalig", None, None, "Projectsubsidie van de oproep", True, "projectsubsidie: nog te bepalen"),
    ]
    assert Actie.objects.get(nr=14).geen_bedrag_omdat == "Geen extra budget voorzien."


def test_plan_as_json_says_the_amounts_of_the_source_text(geladen):
    acties = json.loads(draai("plan", formaat="json"))
    assert [actie["nr"] for actie in acties] == list(range(1, 34))
    for actie in acties:
        assert list(actie) == ["nr", "speerpunt", "titel", "status", "oproep", "budgetten"]
        assert all(list(budget) == ["soort", "bedrag", "omschrijving"] for budget in actie["budgetten"])
        gelezen = Counter(Decimal(budget["bedrag"]) for budget in actie["budgetten"])
        assert gelezen == Counter(bedragen(PASSAGES[str(actie["nr"])])), actie["nr"]
    assert acties[28] == {
        "nr": 29,
        "speerpunt": 2,
        "titel": "We creëren proeftuinen geïntegreerde zorg voor volwassenen en ouderen met een langdurige zorg- en "
        "ondersteuningsnood",
        "status": "in_uitvoering",
        "oproep": "proeftuinen-geintegreerde-zorg",
        "budgetten": [{"soort": "eenmalig", "bedrag": "24933.33", "omschrijving": "Vooronderzoek"}],
    }
    assert (acties[0]["oproep"], acties[0]["budgetten"]) == (None, [])
    assert acties[10]["budgetten"][0] == {
        "soort": "jaarlijks",
        "bedrag": "2940000.00",
        "omschrijving": "Werking van Tele-Onthaal",
    }


def test_plan_as_a_table(geladen):
    tabel = draai("plan")
    assert "     Jaarlijks         193.331,89  Subsidie voor preventieve gezinsondersteuning\n" in tabel
    assert "     Eenmalig      nog te bepalen  Projectsubsidie van de oproep\n" in tabel
    assert " 18  In uitvoering      We stimuleren" in tabel


def test_without_a_plan_there_is_nothing_to_show(db):
    assert json.loads(draai("plan", formaat="json")) == []
    with pytest.raises(CommandError, match=r"^Er is nog geen plan geladen. Laad het met: manage.py laad_plan$"):
        draai("plan")


def test_loading_twice_changes_nothing_and_says_so(systeem):
    naam = "Vlaams Eenzaamheidsplan 2021 – 2024"
    assert draai("laad_plan") == f"{naam}: 3 speerpunten en 33 acties geladen.\n"
    with ongewijzigd():
        assert draai("laad_plan") == f"{naam}: was al geladen, niets gewijzigd.\n"
        assert draai("laad_plan", BESTAND) == f"{naam}: was al geladen, niets gewijzigd.\n"


def test_only_an_administrator_or_the_system_loads(systeem):
    an, beheer = bouw.mens("an"), bouw.mens("beheer", is_staff=True)
    with weigert("geen_recht"):
        laad_plan(BESTAND, door=an)
    assert laad_plan(BESTAND, door=beheer)[1]


def test_a_missing_file(systeem, tmp_path):
    with weigert("bestand_ontbreekt", "geen.json: dit bestand bestaat niet."):
        laad_plan(tmp_path / "geen.json", door=systeem)
    with pytest.raises(CommandError, match=r"^geen\.json: dit bestand bestaat niet\.$"):
        draai("laad_plan", tmp_path / "geen.json")


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        (b'{\n "plan": {},\n "acties" []}', "plan.json, regel 3: geen geldige JSON."),
        (b'{"plan": NaN}', "plan.json: geen geldige JSON."),
        (b"[" * 100_000, "plan.json: geen geldige JSON."),
        (b'{"plan": 1' + b"0" * 5000 + b"}", "plan.json: geen geldige JSON."),
        (b'{\n"plan":\n"\xe9"}', "plan.json, regel 3: dit bestand is geen UTF-8."),
        (b'{\n"plan": {},\n"plan": {}}', "plan.json, regel 3: het veld 'plan' staat hier voor de tweede keer."),
    ],
)
def test_an_unreadable_file(systeem, tmp_path, inhoud, zin):
    (tmp_path / "plan.json").write_bytes(inhoud)
    with weigert("bestand_onleesbaar", zin):
        laad_plan(tmp_path / "plan.json", door=systeem)


BEDRAG = '"bedrag": "193331.89"'
REGEL_BEDRAG = regel_van(BEDRAG)
PLAATS_BEDRAG = f"plan.json, regel {REGEL_BEDRAG} (acties[4].budgetten[0].bedrag)"
NR_4, NR_5 = regel_van('"nr": 4,'), regel_van('"nr": 5,')
ZORG_5 = regel_van('"agentschap Zorg en Gezondheid"', '"nr": 5,')
OVERKOP, OPROEP_5 = regel_van('"overkop"'), regel_van('"oproep"', '"nr": 5,')
AMBTENAREN = '"agentschap Opgroeien",\n        "agentschap Zorg en Gezondheid"'


def bedrag_zin(waarde):
    return f'{PLAATS_BEDRAG}: het bedrag {waarde} kan niet gelezen worden; schrijf het als "50000.00".'


FOUTEN = [
    *(
        ((BEDRAG, f'"bedrag": {waarde}'), "bedrag_onleesbaar", bedrag_zin(waarde))
        for waarde in (
            *('"193.331,89"', '"193331,89"', '"193331.9"', '"193331.890"', '"193331"', '"€ 193331.89"', '""'),
            *('"-193331.89"', '" 193331.89"', '"1_000.00"', '"1e5"', '"١٩٣٣٣١.٨٩"', "193331.89", "193331", "true"),
            *('["193331.89"]', '"99999999999999.00"'),
        )
    ),
    (
        (BEDRAG, '"bedrag": "0.00"'),
        "waarde_ongeldig",
        f"{PLAATS_BEDRAG}: een bedrag is meer dan nul; leeg (null) is nog te bepalen.",
    ),
    (
        (f"{BEDRAG},\n", ""),
        "veld_ontbreekt",
        f"plan.json, regel {REGEL_BEDRAG - 2} (acties[4].budgetten[0]): het veld 'bedrag' ontbreekt.",
    ),
    (
        (BEDRAG, f'{BEDRAG}, "munt": "EUR"'),
        "waarde_ongeldig",
        f"plan.json, regel {REGEL_BEDRAG} (acties[4].budgetten[0].munt): het veld 'munt' is niet bekend.",
    ),
    (
        ('"nr": 5,\n      "speerpunt": 1', '"nr": 5,\n      "speerpunt": 4'),
        "waarde_ongeldig",
        f"plan.json, regel {NR_5 + 1} (acties[4].speerpunt): er is geen speerpunt 4.",
    ),
    (
        ('"nr": 5,', '"nr": 4,'),
        "waarde_ongeldig",
        f"plan.json, regel {NR_5} (acties[4].nr): actie 4 staat hier voor de tweede keer.",
    ),
    (
        ('"nr": 5,', '"nr": "5",'),
        "waarde_ongeldig",
        f"plan.json, regel {NR_5} (acties[4].nr): nr moet een geheel getal zijn.",
    ),
    (
        (AMBTENAREN, '"agentschap Opgroeien",\n        5'),
        "waarde_ongeldig",
        f"plan.json, regel {ZORG_5} (acties[4].administraties[1]): hier hoort een tekst.",
    ),
    (
        ('"status": "op_te_starten"', '"status": "gestart"'),
        "waarde_ongeldig",
        (
            f"plan.json, regel {regel_van('op_te_starten')} (acties[0].status): status 'gestart' is onbekend; "
            "kies uit: op_te_starten, in_uitvoering, afgerond."
        ),
    ),
    (
        ('"tot": "2022-02-28"', '"tot": "28/02/2022"'),
        "waarde_ongeldig",
        (
            f"plan.json, regel {regel_van('2022-02-28')} (acties[3].tot): '28/02/2022' is geen datum; schrijf ze als "
            "2022-03-01."
        ),
    ),
    (
        ('"tot": "2022-02-28"', '"tot": "2020-02-28"'),
        "waarde_ongeldig",
        f"plan.json, regel {regel_van('2022-02-28')} (acties[3].tot): de actie eindigt voor haar begin.",
    ),
    (
        ('"oproep": "overkop"', '"oproep": "over kop"'),
        "waarde_ongeldig",
        (
            f"plan.json, regel {NR_4 - 1} (acties[3]): oproep_slug: Voer een geldige ‘slug’ in, bestaande "
            "uit letters, cijfers, liggende streepjes en verbindingsstreepjes."
        ),
    ),
    (
        ('"soort": "jaarlijks",\n          "bedrag": "193331.89"', '"soort": "dagelijks",\n          "bedrag": "1.00"'),
        "waarde_ongeldig",
        (
            f"plan.json, regel {REGEL_BEDRAG - 1} (acties[4].budgetten[0].soort): soort 'dagelijks' is onbekend; "
            "kies uit: eenmalig, jaarlijks, recurrent."
        ),
    ),
    (
        ('"timing": "1 januari 2021 – 28 februari 2022"', '"timing": "\\u0000"'),
        "waarde_ongeldig",
        (
            f"plan.json, regel {regel_van('28 februari 2022')} (acties[3].timing): De tekst bevat een teken dat niet "
            "bewaard kan worden. Verwijder het en probeer opnieuw."
        ),
    ),
]


@pytest.mark.parametrize(("wijziging", "code", "zin"), FOUTEN, ids=lambda waarde: str(waarde)[:60])
def test_a_wrong_file_is_refused_with_its_line_and_stores_nothing(systeem, tmp_path, wijziging, code, zin):
    with weigert(code, zin):
        laad_plan(anders(tmp_path, wijziging), door=systeem)
    assert not Plan.objects.exists()


STRIJDIG = [
    (
        (BEDRAG, '"bedrag": "193331.88"'),
        f"{PLAATS_BEDRAG}: bedrag is hier 193.331,88 euro, maar eerder is 193.331,89 euro geladen.",
    ),
    (
        ('"oproep": "overkop"', '"oproep": null'),
        f"plan.json, regel {OVERKOP} (acties[3].oproep): oproep_slug is hier leeg, maar eerder is 'overkop' geladen.",
    ),
    (
        ('"timing": "1 januari 2021 – 28 februari 2022"', '"timing": "2021"'),
        (
            f"plan.json, regel {regel_van('28 februari 2022')} (acties[3].timing): timing is hier "
            "'2021', maar eerder is "
            "'1 januari 2021 – 28 februari 2022' geladen."
        ),
    ),
    (
        ('"nr": 5,', '"nr": 50,'),
        f"plan.json, regel {NR_5 - 1} (acties[4]): dit staat niet in wat eerder geladen is.",
    ),
    (
        ('"tot": "2024-12-31",\n    "bron"', '"tot": "2025-12-31",\n    "bron"'),
        (
            f"plan.json, regel {regel_van('2024-12-31')} (plan.tot): tot is hier '2025-12-31', maar "
            "eerder is '2024-12-31' "
            "geladen."
        ),
    ),
]


@pytest.mark.parametrize(("wijziging", "zin"), STRIJDIG, ids=lambda waarde: str(waarde)[:60])
def test_a_file_that_contradicts_what_is_loaded_is_refused(geladen, tmp_path, wijziging, zin):
    with weigert("gegevens_in_strijd", zin):
        laad_plan(anders(tmp_path, wijziging), door=geladen)


def test_a_row_that_is_gone_contradicts_too(geladen, tmp_path):
    gegevens = json.loads(TEKST)
    gegevens["acties"].pop()
    (tmp_path / "plan.json").write_text(json.dumps(gegevens, indent=1), encoding="utf-8")
    with pytest.raises(Exception, match=r"plan\.json, regel \d+ \(acties\): het bestand heeft 32 acties, maar eerder "):
        laad_plan(tmp_path / "plan.json", door=geladen)


def test_a_plan_and_the_calls_agree_on_their_actions(systeem, tmp_path):
    laad_oproepen(door=systeem)
    gegevens = json.loads(TEKST)
    gegevens["acties"][3]["oproep"], gegevens["acties"][4]["oproep"] = None, "overkop"
    pad = tmp_path / "plan.json"
    pad.write_text(json.dumps(gegevens, ensure_ascii=False, indent=2), encoding="utf-8")
    zin = (
        f"plan.json, regel {OPROEP_5} (acties[4].oproep): de oproep 'overkop' is geladen bij actie 4, niet bij actie 5."
    )
    with weigert("gegevens_in_strijd", zin):
        laad_plan(pad, door=systeem)
    assert Oproep.objects.count() == 8
