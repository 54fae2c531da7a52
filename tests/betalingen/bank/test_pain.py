"""The payment file: exact content, schema, refusals, and any text that a person can type."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from betalingen.bank import pain
from betalingen.bank.pain import Adres, bankbestand_tekst, maak_bestand
from kern.weigering import Weigering
from tests.betalingen.bank.afschrift import betaling, iban, opdracht

VERSIES = ("09", "03")
# A valid account in each country of SEPA that a beneficiary may well have, and some outside.
BUITENLAND = ["NL91ABNA0417164300", "DE89370400440532013000", "CH9300762011623852957", "RS35260005601001611379"]
BUITEN_SEPA = ["BR1800360305000010009795493C1", "TR330006100519786457841326", "UA213223130000026007233566001"]


def boom(inhoud: bytes) -> Element:
    return ElementTree.fromstring(inhoud, forbid_dtd=True)


def teksten(inhoud: bytes, naam: str) -> list[str]:
    return [element.text or "" for element in boom(inhoud).iter() if element.tag.rpartition("}")[2] == naam]


def kaal(inhoud: bytes) -> str:
    return "".join(regel.strip() for regel in inhoud.decode().splitlines()[1:])


@pytest.mark.parametrize("versie", VERSIES)
@pytest.mark.parametrize("aantal", [1, 3, 1000])
def test_geldig_volgens_het_schema(versie, aantal):
    batch = opdracht(aantal)
    inhoud = maak_bestand(batch, versie=versie)
    assert list(pain.fouten(inhoud, versie)) == []
    som = f"{sum(1000_00 + i for i in range(1, aantal + 1)) / 100:.2f}"
    assert teksten(inhoud, "NbOfTxs") == [str(aantal)] * 2
    assert teksten(inhoud, "CtrlSum") == [som] * 2
    assert teksten(inhoud, "EndToEndId") == [f"BO-2026-00007-{i}" for i in range(1, aantal + 1)]


def test_schema_weigert_echt():
    inhoud = maak_bestand(opdracht(1)).replace(b"<PmtMtd>TRF</PmtMtd>", b"<PmtMtd>XXX</PmtMtd>")
    assert len(list(pain.fouten(inhoud, "09"))) == 1
    assert list(pain.fouten(maak_bestand(opdracht(1), versie="03"), "09"))


def test_heel_het_bestand():
    batch = replace(
        opdracht(2),
        overschrijvingen=(
            betaling(1),
            betaling(2, ogm="", tekst="Schijf 1, dossier ZB-00002", adres=None, bic="gebabebb", bedrag_cent=5),
        ),
    )
    assert kaal(maak_bestand(batch)) == (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>'
        "<GrpHdr><MsgId>BO-2026-00007</MsgId><CreDtTm>2026-11-21T09:30:15</CreDtTm><NbOfTxs>2</NbOfTxs>"
        "<CtrlSum>1000.06</CtrlSum><InitgPty><Nm>Vlaamse overheid</Nm><Id><OrgId><Othr><Id>0316380841</Id>"
        "<Issr>KBO-BCE</Issr></Othr></OrgId></Id></InitgPty></GrpHdr>"
        "<PmtInf><PmtInfId>BO-2026-00007</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>"
        "<NbOfTxs>2</NbOfTxs><CtrlSum>1000.06</CtrlSum><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>"
        "<ReqdExctnDt><Dt>2026-11-24</Dt></ReqdExctnDt>"
        "<Dbtr><Nm>Vlaamse overheid</Nm><PstlAdr><TwnNm>Brussel</TwnNm><Ctry>BE</Ctry></PstlAdr>"
        "<Id><OrgId><Othr><Id>0316380841</Id><Issr>KBO-BCE</Issr></Othr></OrgId></Id></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{iban(0)}</IBAN></Id></DbtrAcct>"
        "<DbtrAgt><FinInstnId><BICFI>KREDBEBB</BICFI></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>"
        "<CdtTrfTxInf><PmtId><EndToEndId>BO-2026-00007-1</EndToEndId></PmtId>"
        '<Amt><InstdAmt Ccy="EUR">1000.01</InstdAmt></Amt>'
        "<Cdtr><Nm>Vzw De Warme Buurt 1</Nm><PstlAdr><StrtNm>Koopvaardijlaan</StrtNm><BldgNb>12</BldgNb>"
        "<PstCd>9000</PstCd><TwnNm>Gent</TwnNm><Ctry>BE</Ctry></PstlAdr></Cdtr>"
        f"<CdtrAcct><Id><IBAN>{iban(1)}</IBAN></Id></CdtrAcct>"
        "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr></Tp>"
        "<Ref>100000000135</Ref></CdtrRefInf></Strd></RmtInf></CdtTrfTxInf>"
        "<CdtTrfTxInf><PmtId><EndToEndId>BO-2026-00007-2</EndToEndId></PmtId>"
        '<Amt><InstdAmt Ccy="EUR">0.05</InstdAmt></Amt>'
        "<CdtrAgt><FinInstnId><BICFI>GEBABEBB</BICFI></FinInstnId></CdtrAgt>"
        "<Cdtr><Nm>Vzw De Warme Buurt 2</Nm></Cdtr>"
        f"<CdtrAcct><Id><IBAN>{iban(2)}</IBAN></Id></CdtrAcct>"
        "<RmtInf><Ustrd>Schijf 1, dossier ZB-00002</Ustrd></RmtInf></CdtTrfTxInf>"
        "</PmtInf></CstmrCdtTrfInitn></Document>"
    )


def test_wat_in_versie_03_anders_is():
    inhoud = kaal(maak_bestand(opdracht(1), versie="03"))
    assert "pain.001.001.03" in inhoud
    assert "<ReqdExctnDt>2026-11-24</ReqdExctnDt>" in inhoud
    assert "<BIC>KREDBEBB</BIC>" in inhoud
    assert "BICFI" not in inhoud


@pytest.mark.parametrize("versie", VERSIES)
def test_zonder_wat_niet_hoeft(versie):
    batch = opdracht(1)
    kort = replace(
        batch,
        een_boeking=False,
        opdrachtgever=replace(batch.opdrachtgever, bic="", kbo="", adres=None),
        overschrijvingen=(betaling(1, ogm="", adres=None),),
    )
    inhoud = kaal(maak_bestand(kort, versie=versie))
    assert "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>" in inhoud
    assert "<BtchBookg>false</BtchBookg>" in inhoud
    for weg in ("PstlAdr", "RmtInf", "OrgId", "CdtrAgt"):
        assert weg not in inhoud


def test_zelfde_opdracht_zelfde_bytes():
    batch = opdracht(5)
    elders = replace(batch, gemaakt_op=batch.gemaakt_op.astimezone(timezone(timedelta(hours=-7))))
    assert maak_bestand(batch) == maak_bestand(opdracht(5)) == maak_bestand(elders)


def test_moment_zonder_tijdzone_is_een_fout():
    with pytest.raises(ValueError, match="tijdzone"):
        maak_bestand(replace(opdracht(1), gemaakt_op=datetime(2026, 11, 21, 9)))  # noqa: DTZ001  that is the point


@pytest.mark.parametrize("nummer", BUITENLAND)
def test_rekening_in_een_ander_land(nummer):
    inhoud = maak_bestand(replace(opdracht(1), overschrijvingen=(betaling(1, iban=nummer),)))
    assert teksten(inhoud, "IBAN")[1] == nummer


@pytest.mark.parametrize(
    ("adres", "in_bestand"),
    [
        (Adres("Gent"), ["Gent", "BE"]),
        (Adres("Lille", "FR"), ["Lille", "FR"]),
        (Adres("", "BE", "9000", "Koopvaardijlaan", "12"), []),
        (Adres("Gent", "België"), []),
        (Adres("Gent", "be"), []),
        (Adres("😀"), []),
        (None, []),
    ],
)
def test_adres_met_gemeente_en_land_of_geen(adres, in_bestand):
    inhoud = maak_bestand(replace(opdracht(1), overschrijvingen=(betaling(1, adres=adres),)))
    assert [teksten(inhoud, "TwnNm")[-1], teksten(inhoud, "Ctry")[-1]] == (in_bestand or ["Brussel", "BE"])
    assert len(teksten(inhoud, "PstlAdr")) == (2 if in_bestand else 1)


def met(**anders: object) -> object:
    return replace(opdracht(1), overschrijvingen=(betaling(1, **anders),))


NUMMER_ZIN = (
    "kan geen kenmerk in een betaalbestand zijn: het is te lang, of het bevat tekens die banken niet aanvaarden."
)
WEIGERINGEN = {
    "leeg": (
        lambda: replace(opdracht(1), overschrijvingen=()),
        "opdracht_leeg",
        "Deze betaalopdracht bevat geen betalingen.",
    ),
    "nul": (
        lambda: met(bedrag_cent=0),
        "bedrag_niet_positief",
        "Betaling 1 (Vzw De Warme Buurt 1): het bedrag moet groter zijn dan nul.",
    ),
    "negatief": (
        lambda: met(bedrag_cent=-1),
        "bedrag_niet_positief",
        "Betaling 1 (Vzw De Warme Buurt 1): het bedrag moet groter zijn dan nul.",
    ),
    "komma": (
        lambda: met(bedrag_cent=10.5),
        "bedrag_ongeldig",
        "Betaling 1 (Vzw De Warme Buurt 1): het bedrag is geen geheel aantal cent.",
    ),
    "waar": (
        lambda: met(bedrag_cent=True),
        "bedrag_ongeldig",
        "Betaling 1 (Vzw De Warme Buurt 1): het bedrag is geen geheel aantal cent.",
    ),
    "te groot": (
        lambda: met(bedrag_cent=100_000_000_000),
        "bedrag_te_groot",
        "Betaling 1 (Vzw De Warme Buurt 1): één overschrijving kan hoogstens 999.999.999,99 euro zijn.",
    ),
    "iban": (
        lambda: met(iban="BE68 5390 0754 7035"),
        "iban_ongeldig",
        "Betaling 1 (Vzw De Warme Buurt 1): 'BE68 5390 0754 7035' is geen geldig rekeningnummer.",
    ),
    "iban leeg": (
        lambda: met(iban=""),
        "iban_ongeldig",
        "Betaling 1 (Vzw De Warme Buurt 1): '' is geen geldig rekeningnummer.",
    ),
    "eigen iban": (
        lambda: replace(opdracht(1), opdrachtgever=replace(opdracht(1).opdrachtgever, iban="BE00")),
        "iban_ongeldig",
        "Rekening van de opdrachtgever: 'BE00' is geen geldig rekeningnummer.",
    ),
    "bic": (
        lambda: met(bic="KRED"),
        "bic_ongeldig",
        "Betaling 1 (Vzw De Warme Buurt 1): 'KRED' is geen geldige BIC.",
    ),
    "ogm": (
        lambda: met(ogm="123456789003"),
        "mededeling_ongeldig",
        "Betaling 1 (Vzw De Warme Buurt 1): '123456789003' is geen geldige gestructureerde mededeling.",
    ),
    "kbo": (
        lambda: replace(opdracht(1), opdrachtgever=replace(opdracht(1).opdrachtgever, kbo="0316380842")),
        "kbo_ongeldig",
        "Dit is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789.",
    ),
    "naamloos": (
        lambda: replace(opdracht(1), opdrachtgever=replace(opdracht(1).opdrachtgever, naam=" ")),
        "opdrachtgever_ontbreekt",
        "De naam van de opdrachtgever ontbreekt.",
    ),
    "dubbel": (
        lambda: replace(opdracht(1), overschrijvingen=(betaling(4), betaling(3), betaling(4), betaling(3))),
        "betaling_dubbel",
        "Betaling 3 staat meer dan eens in deze betaalopdracht.",
    ),
    "nummer lang": (
        lambda: opdracht(1, nummer="B" * 34),
        "nummer_ongeldig",
        f"Het nummer '{'B' * 34}' {NUMMER_ZIN}",
    ),
    "nummer vreemd": (
        lambda: opdracht(1, nummer="BO_2026"),
        "nummer_ongeldig",
        f"Het nummer 'BO_2026' {NUMMER_ZIN}",
    ),
    "aantal": (
        lambda: replace(opdracht(2), verwacht_aantal=3),
        "controletotaal",
        "Het controletotaal van deze betaalopdracht klopt niet: 3 verwacht, 2 gevonden.",
    ),
    "totaal": (
        lambda: replace(opdracht(2), verwacht_aantal=2, verwacht_cent=2000_04),
        "controletotaal",
        "Het controletotaal van deze betaalopdracht klopt niet: 2.000,04 euro verwacht, 2.000,03 euro gevonden.",
    ),
}


@pytest.mark.parametrize("geval", WEIGERINGEN)
def test_weigering(geval):
    maak, code, zin = WEIGERINGEN[geval]
    with pytest.raises(Weigering) as fout:
        maak_bestand(maak())
    assert (fout.value.code, fout.value.zin) == (code, zin)


@pytest.mark.parametrize("nummer", BUITEN_SEPA)
def test_rekening_buiten_sepa(nummer):
    with pytest.raises(Weigering) as fout:
        maak_bestand(met(iban=nummer))
    assert fout.value.code == "iban_buiten_sepa"
    assert fout.value.zin == (
        f"Betaling 1 (Vzw De Warme Buurt 1): rekening {nummer} ligt buiten het SEPA-gebied en kan niet met dit bestand "
        "betaald worden."
    )


@pytest.mark.parametrize("versie", ["", "9", "08", "10", "pain.001.001.09"])
def test_onbekende_versie(versie):
    with pytest.raises(Weigering) as fout:
        maak_bestand(opdracht(1), versie=versie)
    assert (fout.value.code, fout.value.zin) == (
        "versie_onbekend",
        f"Versie {versie} van het betaalbestand bestaat hier niet. Kies 09 of 03.",
    )


def test_controletotaal_dat_klopt():
    assert maak_bestand(replace(opdracht(2), verwacht_aantal=2, verwacht_cent=2000_03)) == maak_bestand(opdracht(2))


@pytest.mark.parametrize(
    ("naam", "in_bestand"),
    [
        ("Café Zoë", "Cafe Zoe"),
        ("Straße der Größe", "Strasse der Grosse"),
        ("Жуковски", "Zhukovski"),
        ("Ελλάδα", "Ellada"),
        ("Buurt & Co_werking @ Gent [vzw]", "Buurt + Co-werking . Gent (vzw)"),
        ("100 € = genoeg;", "100 EUR . genoeg,"),
        ("ﬁets \U0001d400\U0001d401", "fiets AB"),
        ("  Twee\n\tregels  ", "Twee regels"),
        ("/van//voor/", "van/voor"),
        ("N" * 80, "N" * 70),
        ("ß" * 40, "s" * 70),
        ("😀", "NIET VERMELD"),
        ("", "NIET VERMELD"),
        ("a\x00b\ud800c", "a b c"),
    ],
)
def test_namen_in_de_tekens_van_de_bank(naam, in_bestand):
    assert teksten(maak_bestand(met(naam=naam)), "Nm")[-1] == in_bestand


def test_vrije_tekst_hoogstens_140_tekens():
    assert teksten(maak_bestand(met(ogm="", tekst="é" * 200)), "Ustrd") == ["e" * 140]
    assert teksten(maak_bestand(met(ogm="", tekst="😀")), "RmtInf") == []


@given(st.text(), st.integers(1, 200))
def test_elke_tekst_wordt_banktekst(tekst, hoogstens):
    uit = bankbestand_tekst(tekst, hoogstens)
    assert len(uit) <= hoogstens
    assert set(uit) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
    assert uit == uit.strip("/ ") and "//" not in uit and "  " not in uit
    assert bankbestand_tekst(uit, hoogstens) == uit


tekst = st.text(max_size=200) | st.text(st.characters(exclude_categories=["Cs"], min_codepoint=128), max_size=100)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**9 - 1),
            tekst,
            tekst,
            st.builds(Adres, tekst, st.just("BE") | tekst, tekst, tekst, tekst),
            st.integers(1, pain.HOOGSTE_CENT),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda rij: rij[0],
    ),
    tekst,
    st.dates(date(1999, 1, 1)),
    st.datetimes(timezones=st.just(UTC), min_value=datetime(1999, 1, 1), max_value=datetime(2999, 1, 1)),  # noqa: DTZ001
    st.sampled_from(VERSIES),
)
def test_elke_naam_en_elk_bedrag_geeft_een_geldig_bestand(rijen, naam, dag, moment, versie):
    batch = replace(
        opdracht(1),
        gemaakt_op=moment,
        uitvoeren_op=dag,
        opdrachtgever=replace(opdracht(1).opdrachtgever, naam=f"O{naam}"),
        overschrijvingen=tuple(
            betaling(sleutel, naam=wie, ogm="", tekst=waarom, adres=adres, bedrag_cent=cent, iban=iban(1))
            for sleutel, wie, waarom, adres, cent in rijen
        ),
    )
    inhoud = maak_bestand(batch, versie=versie)  # checks schema, number and sum itself
    totaal = sum(rij[-1] for rij in rijen)
    assert teksten(inhoud, "CtrlSum") == [f"{totaal // 100}.{totaal % 100:02d}"] * 2
    assert [int(b.replace(".", "")) for b in teksten(inhoud, "InstdAmt")] == [rij[-1] for rij in rijen]
    assert maak_bestand(batch, versie=versie) == inhoud


def test_fout_van_ons_verlaat_het_huis_niet(monkeypatch):
    monkeypatch.setattr(pain, "end_to_end_id", lambda nummer, sleutel: "")
    with pytest.raises(RuntimeError, match="voldoet niet aan het schema"):
        maak_bestand(opdracht(1))


def test_ander_controletotaal_verlaat_het_huis_niet(monkeypatch):
    monkeypatch.setattr(pain, "_overschrijving", lambda *a: None)
    monkeypatch.setattr(pain, "_fouten", lambda document, versie: iter(()))
    with pytest.raises(RuntimeError, match="controletotaal"):
        maak_bestand(opdracht(1))
