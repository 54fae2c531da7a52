"""Matching: a batch comes back whole, and damaged in every way that we could think of."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from betalingen.bank import mededeling
from betalingen.bank.camt import lees
from betalingen.bank.koppel import ZONDER_PERSOON, Grond, Koppeling, Openstaand, Post, Soort, koppel
from betalingen.bank.mededeling import Reeks
from tests.betalingen.bank.afschrift import (
    Boeking,
    betaling,
    boekingen,
    iban,
    maak_afschrift,
    ontvangst,
    opdracht,
    openstaand,
    schrijf,
    terug,
)

BATCH = opdracht(3)
LIJST = boekingen(BATCH)
OPEN = openstaand(BATCH)
BETAALD = openstaand(BATCH, betaald=True)
DUBBEL = "Deze betaling was al betaald of teruggekomen; mogelijk is ze twee keer uitgevoerd."
MEER = "Er is meer dan één mogelijkheid."
BEDRAG_EN_REKENING = "Alleen het bedrag en de rekening komen overeen."


def terugvordering(sleutel: int = 1, cent: int = 250_00, **anders: object) -> Openstaand:
    velden = {"iban": iban(1), "ogm": mededeling.maak(sleutel, Reeks.TERUGVORDERING)}
    return Openstaand(Post.TERUGVORDERING, sleutel, cent, **(velden | anders))


def uitkomsten(regels: list[Boeking], open_posten: list[Openstaand]) -> list[Koppeling]:
    """Through the file, as in reality."""
    gelezen = lees(schrijf(regels)).regels
    koppelingen = koppel(gelezen, open_posten)
    assert [k.regel for k in koppelingen] == list(gelezen)
    return koppelingen


def kort(koppelingen: list[Koppeling]) -> list[tuple]:
    return [(k.soort.value, [p.sleutel for p in k.posten], k.grond.value) for k in koppelingen]


def een(regel: Boeking, open_posten: list[Openstaand]) -> Koppeling:
    (koppeling,) = uitkomsten([regel], open_posten)
    return koppeling


# Whole.


@pytest.mark.parametrize("wijze", ["per_betaling", "gesplitst"])
@pytest.mark.parametrize("versie", ["02", "04", "08"])
@pytest.mark.parametrize("aantal", [1, 3, 1000])
def test_elke_betaling_op_haar_kenmerk(wijze, versie, aantal):
    batch = opdracht(aantal)
    koppelingen = koppel(lees(maak_afschrift(batch, wijze=wijze, versie=versie)).regels, openstaand(batch))
    assert kort(koppelingen) == [("betaald", [i], "end_to_end_id") for i in range(1, aantal + 1)]
    assert all((k.verschil_cent, k.wordt, k.uitleg) == (0, None, "") for k in koppelingen)


@pytest.mark.parametrize("versie", ["02", "08"])
def test_heel_de_opdracht_in_een_bedrag(versie):
    batch = opdracht(1000)
    koppelingen = koppel(lees(maak_afschrift(batch, wijze="verzameld", versie=versie)).regels, openstaand(batch))
    assert kort(koppelingen) == [("betaald", list(range(1, 1001)), "opdracht")]


@pytest.mark.parametrize("weg", ["blok_id", "bericht_id"])
def test_opdracht_op_een_van_beide_kenmerken(weg):
    (heel,) = boekingen(BATCH, "verzameld")
    assert kort([een(replace(heel, **{weg: ""}), OPEN)]) == [("betaald", [1, 2, 3], "opdracht")]


def test_twee_opdrachten_door_elkaar():
    ander = opdracht(2, nummer="BO-2026-00008", eerste=4)
    regels = [*boekingen(ander, "verzameld"), *LIJST]
    assert kort(uitkomsten(regels, OPEN + openstaand(ander))) == [
        ("betaald", [4, 5], "opdracht"),
        *(("betaald", [i], "end_to_end_id") for i in (1, 2, 3)),
    ]


def test_niets_verwacht_niets_gevonden():
    assert koppel([], OPEN) == []
    assert kort(uitkomsten(LIJST, [])) == [("niet_gevonden", [], "")] * 3


# Damaged, one by one.


def beschadigd(**anders: object) -> Koppeling:
    """Damage the second of three; the others stay what they are."""
    eerste, tweede, derde = uitkomsten([LIJST[0], replace(LIJST[1], **anders), LIJST[2]], OPEN)
    assert kort([eerste, derde]) == [("betaald", [1], "end_to_end_id"), ("betaald", [3], "end_to_end_id")]
    return tweede


def test_zonder_kenmerk_op_de_mededeling():
    assert kort([beschadigd(end_to_end_id="")]) == [("betaald", [2], "mededeling")]
    assert kort([beschadigd(end_to_end_id="IETS-ANDERS")]) == [("betaald", [2], "mededeling")]


def test_mededeling_in_vrije_tekst():
    tekst = mededeling.schrijf(LIJST[1].ogm)
    assert kort([beschadigd(end_to_end_id="", ogm="", tekst=tekst)]) == [("betaald", [2], "mededeling")]


def test_zonder_kenmerk_en_mededeling_alleen_een_voorstel():
    k = beschadigd(end_to_end_id="", ogm="")
    assert kort([k]) == [("voorstel", [2], "bedrag_en_rekening")]
    assert (k.wordt, k.uitleg) == (Soort.BETAALD, BEDRAG_EN_REKENING)


def test_zonder_kenmerk_mededeling_en_goede_rekening():
    assert kort([beschadigd(end_to_end_id="", ogm="", iban=iban(99))]) == [("niet_gevonden", [], "")]
    # Without an account it may be what is left of the batch: a proposal on the amount alone.
    assert kort([beschadigd(end_to_end_id="", ogm="", iban="")]) == [("voorstel", [2], "bedrag")]


def test_kenmerk_gaat_voor_mededeling():
    k = beschadigd(ogm=LIJST[0].ogm)
    assert kort([k]) == [("betaald", [2], "end_to_end_id")]


@pytest.mark.parametrize(("cent", "verschil"), [(-900_00, -100_02), (-1000_03, 1)])
def test_ander_bedrag_is_deels(cent, verschil):
    k = beschadigd(bedrag_cent=cent)
    assert kort([k]) == [("deels", [2], "end_to_end_id")]
    bedrag = "900,00" if cent == -900_00 else "1.000,03"
    assert (k.verschil_cent, k.wordt, k.uitleg) == (
        verschil,
        Soort.BETAALD,
        f"Het bedrag van de bank is {bedrag} euro, dat van de betaling 1.000,02 euro.",
    )


def test_andere_rekening_vraagt_een_persoon():
    k = beschadigd(iban=iban(99))
    assert kort([k]) == [("voorstel", [2], "end_to_end_id")]
    assert (k.wordt, k.uitleg) == (Soort.BETAALD, "De rekening is een andere dan die van de betaling.")


def test_rekening_anders_geschreven_is_dezelfde():
    anders = [replace(p, iban=f"{p.iban[:4].lower()} {p.iban[4:]}") for p in OPEN]
    assert kort(uitkomsten(LIJST, anders)) == [("betaald", [i], "end_to_end_id") for i in (1, 2, 3)]


def test_dubbel_uitgevoerd():
    koppelingen = uitkomsten([LIJST[0], LIJST[0]], OPEN)
    assert kort(koppelingen) == [("betaald", [1], "end_to_end_id"), ("niet_gevonden", [1], "end_to_end_id")]
    assert koppelingen[1].uitleg == DUBBEL


def test_al_betaald_op_een_vorig_afschrift():
    koppelingen = uitkomsten(LIJST, BETAALD)
    assert {(k.soort, k.uitleg) for k in koppelingen} == {(Soort.NIET_GEVONDEN, DUBBEL)}


def test_vreemde_regel_blijft_zichtbaar():
    vreemd = Boeking(-12_50, tekst="Kosten rekening", bankreferentie="KOST")
    assert kort(uitkomsten([*LIJST, vreemd], OPEN))[-1] == ("niet_gevonden", [], "")


def test_volgorde_maakt_niet_uit():
    assert kort(uitkomsten(LIJST[::-1], OPEN)) == [("betaald", [i], "end_to_end_id") for i in (3, 2, 1)]


def test_voorlopig_geboekt_is_nog_niets():
    assert kort([beschadigd(status="PDNG")]) == [("niet_geboekt", [2], "end_to_end_id")]
    assert kort(uitkomsten([Boeking(-1, status="INFO", tekst="x")], OPEN)) == [("niet_geboekt", [], "")]


# Two candidates.


def test_zelfde_mededeling_voor_twee_betalingen():
    ogm = mededeling.maak(77)
    posten = [replace(p, ogm=ogm) for p in OPEN[:2]]
    k = een(replace(LIJST[0], end_to_end_id="", ogm=ogm), posten)
    assert kort([k]) == [("voorstel", [1, 2], "mededeling")]
    assert (k.wordt, k.uitleg) == (Soort.BETAALD, MEER)


def test_zelfde_mededeling_waarvan_een_al_betaald_is():
    ogm = mededeling.maak(77)
    posten = [replace(OPEN[0], ogm=ogm), replace(BETAALD[1], ogm=ogm)]
    assert kort([een(replace(LIJST[0], end_to_end_id="", ogm=ogm), posten)]) == [("betaald", [1], "mededeling")]


def test_zelfde_kenmerk_voor_twee_betalingen():
    posten = [replace(p, end_to_end_id="X") for p in OPEN[:2]]
    assert kort([een(replace(LIJST[0], end_to_end_id="X"), posten)]) == [("voorstel", [1, 2], "end_to_end_id")]


def test_zelfde_bedrag_en_rekening_voor_twee_betalingen():
    posten = [replace(p, bedrag_cent=1000_01, iban=iban(1)) for p in OPEN[:2]]
    k = een(replace(LIJST[0], end_to_end_id="", ogm=""), posten)
    assert kort([k]) == [("voorstel", [1, 2], "bedrag_en_rekening")]
    assert k.uitleg == MEER


def test_wat_zeker_is_wordt_niet_ook_voorgesteld():
    posten = [replace(p, bedrag_cent=1000_01, iban=iban(1)) for p in OPEN[:2]]
    raadsel = replace(LIJST[0], end_to_end_id="", ogm="")
    assert kort(uitkomsten([raadsel, LIJST[0]], posten)) == [
        ("voorstel", [2], "bedrag_en_rekening"),
        ("betaald", [1], "end_to_end_id"),
    ]


# The whole batch, damaged.


def test_opdracht_met_een_ander_totaal():
    (heel,) = boekingen(BATCH, "verzameld")
    k = een(replace(heel, bedrag_cent=-2000_03), OPEN)
    assert kort([k]) == [("deels", [1, 2, 3], "opdracht")]
    assert (k.verschil_cent, k.wordt, k.uitleg) == (
        -1000_03,
        Soort.BETAALD,
        "Het bedrag van de bank is 2.000,03 euro, open in opdracht BO-2026-00007 staat 3.000,06 euro.",
    )


def test_opdracht_twee_keer():
    (heel,) = boekingen(BATCH, "verzameld")
    een_, twee = uitkomsten([heel, heel], OPEN)
    assert kort([een_, twee]) == [("betaald", [1, 2, 3], "opdracht"), ("niet_gevonden", [], "opdracht")]
    assert twee.uitleg == "Alle betalingen van opdracht BO-2026-00007 waren al betaald of teruggekomen."


def test_opdracht_zonder_kenmerk_is_een_voorstel():
    (heel,) = boekingen(BATCH, "verzameld")
    naamloos = replace(heel, bericht_id="", blok_id="", tekst="Verzamelopdracht")
    k = een(naamloos, OPEN)
    assert kort([k]) == [("voorstel", [1, 2, 3], "bedrag")]
    assert (k.wordt, k.uitleg) == (Soort.BETAALD, "Dit is het open totaal van opdracht BO-2026-00007.")
    tweeling = [replace(p, opdracht="BO-2026-00008", sleutel=p.sleutel + 10, end_to_end_id="", ogm="") for p in OPEN]
    assert kort([een(naamloos, OPEN + tweeling)]) == [("niet_gevonden", [], "")]


def test_opdracht_zonder_de_geweigerde_betaling():
    (heel,) = boekingen(BATCH, "verzameld")
    geweigerd = replace(LIJST[1], status="INFO", reden="AC01")
    assert kort(uitkomsten([replace(heel, bedrag_cent=-2000_04), geweigerd], OPEN)) == [
        ("betaald", [1, 3], "opdracht"),
        ("geweigerd", [2], "end_to_end_id"),
    ]


def test_opdracht_waarvan_een_betaling_al_los_betaald_is():
    (heel,) = boekingen(BATCH, "verzameld")
    assert kort([een(replace(heel, bedrag_cent=-2000_05), [BETAALD[0], *OPEN[1:]])]) == [
        ("betaald", [2, 3], "opdracht")
    ]


def test_deel_van_een_opdracht_zonder_kenmerken_is_niet_heel_de_opdracht():
    (heel,) = boekingen(BATCH, "gesplitst")
    kaal = replace(heel.delen[1], end_to_end_id="", ogm="")
    zonder = replace(heel.delen[1], end_to_end_id="", ogm="", iban="")
    for deel, verwacht in (
        (kaal, ("voorstel", [2], "bedrag_en_rekening")),
        (zonder, ("niet_gevonden", [], "")),
    ):
        delen = (heel.delen[0], deel, heel.delen[2])
        assert kort(uitkomsten([replace(heel, delen=delen)], OPEN))[1] == verwacht


# Coming back.


def test_terug_op_hetzelfde_afschrift():
    regels = [terug(LIJST[0]), *LIJST]
    koppelingen = uitkomsten(regels, OPEN)
    assert kort(koppelingen) == [
        ("teruggestort", [1], "end_to_end_id"),
        *(("betaald", [i], "end_to_end_id") for i in (1, 2, 3)),
    ]
    assert koppelingen[0].regel.reden == "AC04"


def test_terug_na_een_verzamelboeking():
    regels = [*boekingen(BATCH, "verzameld"), terug(LIJST[2])]
    assert kort(uitkomsten(regels, OPEN)) == [
        ("betaald", [1, 2, 3], "opdracht"),
        ("teruggestort", [3], "end_to_end_id"),
    ]


@pytest.mark.parametrize(
    ("anders", "grond"),
    [
        ({}, "end_to_end_id"),
        ({"omgekeerd": False}, "end_to_end_id"),
        ({"omgekeerd": False, "reden": ""}, "end_to_end_id"),
        ({"end_to_end_id": ""}, "mededeling"),
    ],
)
def test_terug_van_een_vorig_afschrift(anders, grond):
    assert kort([een(terug(LIJST[0], **anders), BETAALD)]) == [("teruggestort", [1], grond)]


def test_terug_zonder_kenmerken_is_een_voorstel():
    k = een(terug(LIJST[0], end_to_end_id="", ogm=""), BETAALD)
    assert (kort([k]), k.wordt) == ([("voorstel", [1], "bedrag_en_rekening")], Soort.TERUGGESTORT)


def test_gewone_storting_met_de_mededeling_van_een_betaling_is_een_voorstel():
    k = een(ontvangst(1000_01, ogm=LIJST[0].ogm, iban=iban(50)), BETAALD)
    assert (kort([k]), k.wordt) == ([("voorstel", [1], "mededeling")], Soort.TERUGGESTORT)
    assert k.uitleg == "De mededeling is die van een betaling; de bank noemt dit geen terugstorting."


def test_terug_met_een_ander_bedrag_is_deels():
    k = een(terug(LIJST[0], bedrag_cent=990_01), BETAALD)
    assert (kort([k]), k.wordt, k.verschil_cent) == ([("deels", [1], "end_to_end_id")], Soort.TERUGGESTORT, -10_00)


def test_twee_keer_terug():
    koppelingen = uitkomsten([terug(LIJST[0]), terug(LIJST[0])], BETAALD)
    assert kort(koppelingen) == [("teruggestort", [1], "end_to_end_id"), ("voorstel", [1], "end_to_end_id")]
    assert koppelingen[1].uitleg == "Deze betaling was al teruggekomen."


def test_terug_terwijl_de_afschrijving_nog_niet_gelezen_is():
    k = een(terug(LIJST[0]), OPEN)
    assert (kort([k]), k.wordt) == ([("voorstel", [1], "end_to_end_id")], Soort.TERUGGESTORT)
    assert k.uitleg == "De afschrijving van deze betaling is nog niet ingelezen."


def test_heel_de_opdracht_terug():
    (heel,) = boekingen(BATCH, "verzameld")
    assert kort(uitkomsten([heel, terug(heel)], OPEN)) == [
        ("betaald", [1, 2, 3], "opdracht"),
        ("teruggestort", [1, 2, 3], "opdracht"),
    ]


def test_heel_de_opdracht_twee_keer_of_anders_terug():
    (heel,) = boekingen(BATCH, "verzameld")
    terug_, nog_eens = uitkomsten([terug(heel), terug(heel)], BETAALD)
    assert kort([terug_, nog_eens]) == [("teruggestort", [1, 2, 3], "opdracht"), ("niet_gevonden", [], "")]
    assert kort([een(terug(heel, bedrag_cent=3000_05), BETAALD)]) == [("niet_gevonden", [], "")]


def test_geweigerd_zonder_boeking():
    k = een(replace(LIJST[0], status="INFO", reden="AC01"), OPEN)
    assert (kort([k]), k.regel.reden) == ([("geweigerd", [1], "end_to_end_id")], "AC01")
    for anders in ({"status": "PDNG"}, {"status": "INFO", "omgekeerd": True}):
        aangekondigd = replace(LIJST[0], reden="AC01", **anders)
        assert kort([een(aangekondigd, OPEN)]) == [("niet_geboekt", [1], "end_to_end_id")]
    # What already left cannot be refused any more: only the booking of its return counts.
    assert kort([een(replace(LIJST[0], status="INFO", reden="AC01"), BETAALD)]) == [
        ("niet_geboekt", [1], "end_to_end_id")
    ]


def test_ontvangst_die_teruggedraaid_wordt():
    k = een(Boeking(-250_00, ogm=terugvordering().ogm, omgekeerd=True, reden="AM04"), [terugvordering(), *OPEN])
    assert kort([k]) == [("niet_gevonden", [], "")]
    assert k.uitleg == "De bank draait een ontvangst of een andere boeking terug."


# Recoveries.


@pytest.mark.parametrize(("cent", "verschil"), [(250_00, 0), (100_00, -150_00)])
def test_ontvangst_op_een_terugvordering(cent, verschil):
    k = een(ontvangst(cent, ogm=terugvordering().ogm, iban=iban(40)), [*OPEN, terugvordering()])
    assert (kort([k]), k.verschil_cent, k.posten[0].post) == (
        [("ontvangst", [1], "mededeling")],
        verschil,
        Post.TERUGVORDERING,
    )


def test_ontvangst_in_stukken_en_een_stuk_te_veel():
    stuk = ontvangst(125_00, ogm=terugvordering().ogm)
    koppelingen = uitkomsten([stuk, stuk, stuk], [terugvordering()])
    assert [(k.soort, k.verschil_cent) for k in koppelingen] == [
        (Soort.ONTVANGST, -125_00),
        (Soort.ONTVANGST, 0),
        (Soort.DEELS, 125_00),
    ]
    assert koppelingen[2].uitleg == "Er is 125,00 euro meer ontvangen dan verschuldigd is."


def test_ontvangst_zonder_mededeling_is_een_voorstel():
    k = een(ontvangst(250_00, iban=iban(1)), [terugvordering()])
    assert (kort([k]), k.wordt) == ([("voorstel", [1], "bedrag_en_rekening")], Soort.ONTVANGST)


def test_terugvordering_wordt_niet_betaald_door_ons():
    uit = Boeking(-250_00, iban=iban(1), naam="Vzw De Warme Buurt")
    terug_ = ontvangst(250_00, iban=iban(1), omgekeerd=True)
    assert kort(uitkomsten([uit, terug_], [terugvordering()])) == [("niet_gevonden", [], "")] * 2
    stuk = ontvangst(250_00, ogm=terugvordering().ogm)
    gelijk = ontvangst(250_00, iban=iban(1))
    assert kort(uitkomsten([stuk, gelijk], [terugvordering()]))[1] == ("niet_gevonden", [], "")


def test_ontvangst_of_terugstorting_kiest_niemand():
    post = replace(BETAALD[0], bedrag_cent=250_00)
    k = een(ontvangst(250_00, iban=iban(1)), [terugvordering(), post])
    assert (kort([k]), k.wordt, k.uitleg) == ([("voorstel", [1, 1], "bedrag_en_rekening")], None, MEER)


def test_zelfde_mededeling_voor_twee_terugvorderingen():
    ogm = terugvordering().ogm
    k = een(ontvangst(250_00, ogm=ogm), [terugvordering(), terugvordering(2, ogm=ogm)])
    assert (kort([k]), k.wordt) == ([("voorstel", [1, 2], "mededeling")], Soort.ONTVANGST)


def test_betaling_en_terugvordering_met_dezelfde_sleutel():
    regels = [LIJST[0], ontvangst(250_00, ogm=terugvordering(1).ogm)]
    assert kort(uitkomsten(regels, [*OPEN, terugvordering(1)])) == [
        ("betaald", [1], "end_to_end_id"),
        ("ontvangst", [1], "mededeling"),
    ]


# At random.

SOORTEN_SCHADE = {
    "heel": lambda b: [b],
    "weg": lambda b: [],
    "dubbel": lambda b: [b, b],
    "terug": lambda b: [b, terug(b)],
    "alleen terug": lambda b: [terug(b)],
    "geweigerd": lambda b: [replace(b, status="INFO", reden="AC01")],
    "voorlopig": lambda b: [replace(b, status="PDNG")],
    "bedrag": lambda b: [replace(b, bedrag_cent=b.bedrag_cent - 1)],
    "rekening": lambda b: [replace(b, iban=iban(5000))],
    "kenmerk": lambda b: [replace(b, end_to_end_id="")],
    "kenmerk en mededeling": lambda b: [replace(b, end_to_end_id="", ogm="")],
    "naamloos": lambda b: [replace(b, end_to_end_id="", ogm="", iban="", naam="")],
}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(sorted(SOORTEN_SCHADE)), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_bij_elke_schade_klopt_het_geld(schade, toeval):
    batch = opdracht(len(schade))
    regels = [
        b for boeking, soort in zip(boekingen(batch), schade, strict=True) for b in SOORTEN_SCHADE[soort](boeking)
    ]
    toeval.shuffle(regels)
    koppelingen = uitkomsten(regels, openstaand(batch))

    zeker = [k for k in koppelingen if k.soort in ZONDER_PERSOON]
    for k in zeker:
        assert sum(p.bedrag_cent for p in k.posten) == abs(k.regel.bedrag_cent)
    betaald = [p.sleutel for k in zeker if k.soort == Soort.BETAALD for p in k.posten]
    terug_ = [p.sleutel for k in zeker if k.soort == Soort.TERUGGESTORT for p in k.posten]
    geweigerd = [p.sleutel for k in zeker if k.soort == Soort.GEWEIGERD for p in k.posten]
    assert len(betaald) == len(set(betaald)) and len(terug_) == len(set(terug_))
    assert set(terug_) <= set(betaald) and not set(geweigerd) & set(betaald)

    for sleutel, soort in enumerate(schade, 1):
        assert (sleutel in betaald) == (soort in {"heel", "dubbel", "terug", "kenmerk"}), soort
        assert (sleutel in terug_) == (soort == "terug")
        assert (sleutel in geweigerd) == (soort == "geweigerd")


@given(st.lists(st.sampled_from([0, 1, 2]), max_size=6), st.lists(st.integers(1, 30000), max_size=6))
def test_een_terugvordering_ontvangt_nooit_meer_dan_verschuldigd(welke, centen):
    posten = [terugvordering(i + 1) for i in range(3)]
    regels = [ontvangst(cent, ogm=posten[i].ogm) for i, cent in zip(welke, centen, strict=False)]
    for post in posten:
        ontvangen = [
            k.regel.bedrag_cent for k in uitkomsten(regels, posten) if k.soort == Soort.ONTVANGST and post in k.posten
        ]
        assert sum(ontvangen) <= post.bedrag_cent


def test_twee_betalingen_met_alles_gelijk_behalve_hun_kenmerk():
    batch = replace(opdracht(2), overschrijvingen=(betaling(1), betaling(2, bedrag_cent=1000_01, iban=iban(1))))
    assert kort(uitkomsten(boekingen(batch), openstaand(batch))) == [
        ("betaald", [1], "end_to_end_id"),
        ("betaald", [2], "end_to_end_id"),
    ]
    assert {k.grond for k in uitkomsten(boekingen(batch), openstaand(batch))} == {Grond.END_TO_END_ID}
