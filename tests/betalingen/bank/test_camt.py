"""The statement: what is read, to the letter, and everything that is refused."""

import tracemalloc
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from betalingen.bank import camt
from betalingen.bank.camt import Status, lees
from kern.weigering import Weigering
from tests.betalingen.bank.afschrift import (
    BEGIN_CENT,
    EIGEN_IBAN,
    Boeking,
    boekingen,
    iban,
    maak_afschrift,
    ontvangst,
    opdracht,
    schrijf,
    terug,
)

DAG = date(2026, 11, 24)


def weigert(inhoud: bytes, code: str, zin: str, **anders: int) -> None:
    with pytest.raises(Weigering) as fout:
        lees(inhoud, **anders)
    assert (fout.value.code, fout.value.zin, fout.value.veld) == (code, zin, "bestand")


@pytest.mark.parametrize("versie", camt.VERSIES)
def test_een_betaling_tot_op_de_letter(versie):
    batch = opdracht(2)
    afschrift = lees(schrijf([*boekingen(batch), terug(boekingen(batch)[0])], versie=versie))
    assert (afschrift.bericht_id, afschrift.versie) == ("CAMT-2026-224", versie)
    (uittreksel,) = afschrift.uittreksels
    assert asdict(replace(uittreksel, regels=())) == {
        "id": "2026-224",
        "iban": EIGEN_IBAN,
        "volgnummer": "224",
        "begindatum": DAG,
        "einddatum": DAG,
        "begin_cent": BEGIN_CENT,
        "eind_cent": BEGIN_CENT - 1000_02,
        "regels": (),
    }
    eerste, tweede, derde = uittreksel.regels
    betaald = {
        "plaats": "1",
        "boekdatum": DAG,
        "valutadatum": DAG,
        "bedrag_cent": -1000_01,
        "status": Status.GEBOEKT,
        "omgekeerd": False,
        "reden": "",
        "reden_tekst": "",
        "end_to_end_id": "BO-2026-00007-1",
        "bericht_id": "",
        "blok_id": "",
        "ogm": "100000000135",
        "referentie": "",
        "tekst": "",
        "tegenpartij": "Vzw De Warme Buurt 1",
        "tegenrekening": iban(1),
        "bankreferentie": "REF1",
        "bankcode": "PMNT-ICDT-ESCT",
        "aantal": 1,
    }
    assert asdict(eerste) == betaald | {"sleutel": eerste.sleutel, "oude_sleutel": eerste.oude_sleutel}
    assert tweede.bedrag_cent == -1000_02
    assert asdict(derde) == betaald | {
        "sleutel": derde.sleutel,
        "oude_sleutel": derde.oude_sleutel,
        "plaats": "3",
        "bedrag_cent": 1000_01,
        "omgekeerd": True,
        "reden": "AC04",
        "bankreferentie": "TERUG-REF1",
        "bankcode": "PMNT-ICDT-RRTN",
    }
    assert derde.is_terug and not derde.is_debet and eerste.is_debet and not eerste.is_terug
    assert afschrift.regels == uittreksel.regels


@pytest.mark.parametrize("versie", ["02", "04", "08"])
def test_verzamelboeking_met_delen_wordt_een_regel_per_deel(versie):
    regels = lees(maak_afschrift(opdracht(3), wijze="gesplitst", versie=versie)).regels
    assert [(r.plaats, r.bedrag_cent, r.end_to_end_id, r.blok_id, r.aantal) for r in regels] == [
        (f"1.{i}", -1000_00 - i, f"BO-2026-00007-{i}", "BO-2026-00007", 1) for i in (1, 2, 3)
    ]
    assert all(r.is_deel for r in regels)


@pytest.mark.parametrize("versie", ["02", "08"])
def test_verzamelboeking_zonder_delen_blijft_een_regel(versie):
    (regel,) = lees(maak_afschrift(opdracht(3), wijze="verzameld", versie=versie)).regels
    assert (regel.bedrag_cent, regel.blok_id, regel.bericht_id, regel.end_to_end_id, regel.is_deel) == (
        -3000_06,
        "BO-2026-00007",
        "BO-2026-00007",
        "",
        False,
    )


@pytest.mark.parametrize(
    ("cent", "omgekeerd", "ander"),
    [(-100, False, "B"), (100, False, "A"), (100, True, "B"), (-100, True, "A")],
)
def test_tegenpartij_waar_alleen_namen_staan(cent, omgekeerd, ander):
    # A pays B. The other party of who pays is B, also when it comes back.
    inhoud = schrijf([Boeking(cent, naam="Vzw", tekst="x", omgekeerd=omgekeerd)]).decode()
    voor, na = inhoud.index("<RltdPties>"), inhoud.index("</RltdPties>")
    partijen = "<RltdPties><Dbtr><Pty><Nm>A</Nm></Pty></Dbtr><Cdtr><Pty><Nm>B</Nm></Pty></Cdtr>"
    (regel,) = lees((inhoud[:voor] + partijen + inhoud[na:]).encode()).regels
    assert (regel.tegenpartij, regel.tegenrekening, regel.is_terug) == (ander, "", omgekeerd)


def test_delen_die_niet_optellen_blijven_een_regel():
    (heel,) = boekingen(opdracht(3), "gesplitst")
    (regel,) = lees(schrijf([replace(heel, delen=heel.delen[:2])])).regels
    assert (regel.bedrag_cent, regel.aantal, regel.end_to_end_id, regel.blok_id) == (-3000_06, 2, "", "BO-2026-00007")


def test_een_deel_met_een_ander_bedrag_houdt_dat_van_de_regel():
    (boeking,) = boekingen(opdracht(1))
    (regel,) = lees(schrijf([replace(boeking, bedrag_cent=-1001_01, delen=(boeking,))])).regels
    assert (regel.bedrag_cent, regel.end_to_end_id, regel.is_deel) == (-1001_01, "BO-2026-00007-1", False)


def test_deel_in_de_andere_richting_telt_mee_met_zijn_teken():
    delen = (Boeking(-50_00, end_to_end_id="A"), Boeking(10_00, end_to_end_id="B"))
    regels = lees(schrijf([Boeking(-40_00, delen=delen)])).regels
    assert [(r.end_to_end_id, r.bedrag_cent) for r in regels] == [("A", -50_00), ("B", 10_00)]


def test_alleen_wat_geboekt_is_telt_in_het_saldo():
    (boeking,) = boekingen(opdracht(1))
    regels = [boeking, replace(boeking, status="PDNG"), replace(boeking, status="INFO", reden="AC01")]
    afschrift = lees(schrijf(regels, eind_cent=BEGIN_CENT - 1000_01))
    assert [r.status for r in afschrift.regels] == [Status.GEBOEKT, Status.VOORLOPIG, Status.INFORMATIE]


def test_negatief_saldo_en_saldo_van_de_vorige_dag():
    uittreksel = lees(schrijf(boekingen(opdracht(1)), begin_cent=500, begin="PRCD")).uittreksels[0]
    assert (uittreksel.begin_cent, uittreksel.eind_cent) == (500, -995_01)


def test_afschrift_zonder_regels():
    assert lees(schrijf([], aantal=0)).regels == ()


@pytest.mark.parametrize(
    ("tekst", "ogm", "over"),
    [
        ("Terugbetaling +++123/4567/89002+++", "123456789002", "Terugbetaling +++123/4567/89002+++"),
        ("Dossier ZB-00001", "", "Dossier ZB-00001"),
    ],
)
def test_mededeling_in_vrije_tekst(tekst, ogm, over):
    (regel,) = lees(schrijf([ontvangst(100, tekst=tekst)])).regels
    assert (regel.ogm, regel.tekst, regel.referentie) == (ogm, over, "")


def test_andere_verwijzing_dan_een_ogm_en_twee_ogms():
    (regel,) = lees(schrijf([ontvangst(100, ogm="RF18539007547034")])).regels
    assert (regel.ogm, regel.referentie) == ("", "RF18539007547034")
    strd = b"<Strd><CdtrRefInf><Ref>200000000169</Ref></CdtrRefInf></Strd></RmtInf>"
    twee = schrijf([ontvangst(100, ogm="100000000135")]).replace(b"</RmtInf>", strd)
    (regel,) = lees(twee).regels
    assert (regel.ogm, regel.referentie) == ("", "100000000135 200000000169")


def test_twee_keer_lezen_geeft_dezelfde_sleutels_en_elke_regel_een_eigen():
    batch = opdracht(50)
    inhoud = schrijf([*boekingen(batch), *boekingen(batch)])  # even the same booking twice
    sleutels = [r.sleutel for r in lees(inhoud).regels]
    assert sleutels == [r.sleutel for r in lees(inhoud).regels]
    assert len(set(sleutels)) == 100
    anders = lees(schrijf(boekingen(batch), nummer="2026-225")).regels
    assert not {r.sleutel for r in anders} & set(sleutels)


def test_sleutel_staat_vast():
    # Kept in databases: another way to make it would book every statement again.
    (regel,) = lees(maak_afschrift(opdracht(1))).regels
    assert regel.oude_sleutel == "96f28b0830b5f883a11dd8d709a697f87e69cac3be50ab24063c9f8e8ad71a39"
    assert regel.sleutel == "8ba6701120eff844fd6265437d90a9dd46aacda955e323774af4c3008a7f3053"


def test_a_number_that_starts_again_each_year_gives_another_key():
    inhoud = maak_afschrift(opdracht(1))
    (dit,), (volgend,) = (lees(b).regels for b in (inhoud, inhoud.replace(b"2026-11-24", b"2027-11-24")))
    assert dit.oude_sleutel == volgend.oude_sleutel
    assert dit.sleutel != volgend.sleutel


def test_twee_afschriften_in_een_bestand():
    een, twee = (schrijf(boekingen(opdracht(1)), nummer=n) for n in ("A", "B"))
    stmt = twee[twee.index(b"<Stmt>") : twee.index(b"</Stmt>") + 7]
    afschrift = lees(een.replace(b"</BkToCstmrStmt>", stmt + b"</BkToCstmrStmt>"))
    assert [u.id for u in afschrift.uittreksels] == ["A", "B"]
    assert len(afschrift.regels) == 2
    dubbel = twee.replace(b"</BkToCstmrStmt>", stmt + b"</BkToCstmrStmt>")
    weigert(dubbel, "afschrift_dubbel", "Afschrift B staat meer dan eens in dit bestand.")


@pytest.mark.parametrize("codering", ["utf-16", "iso-8859-1"])
def test_andere_codering(codering):
    tekst = schrijf([ontvangst(100, naam="Café")]).decode().replace("&#233;", "é").replace("UTF-8", codering)
    assert lees(tekst.encode(codering)).regels[0].tegenpartij == "Café"


def test_met_voorvoegsel_voor_de_naamruimte():
    inhoud = maak_afschrift(opdracht(2)).decode()
    inhoud = inhoud.replace("xmlns=", "xmlns:b=").replace("</", "</b:").replace("<", "<b:")
    inhoud = inhoud.replace("<b:/b:", "</b:").replace("<b:?", "<?")
    assert len(lees(inhoud.encode()).regels) == 2


# What is refused.

BATCH = opdracht(3)
GOED = maak_afschrift(BATCH)
LIJST = boekingen(BATCH)


def met(plaats: int, **anders: object) -> bytes:
    lijst = list(LIJST)
    lijst[plaats] = replace(lijst[plaats], **anders)
    return schrijf(lijst)


def test_te_groot_wordt_niet_gelezen():
    inhoud = b"<" * (25 * 1024 * 1024)
    tracemalloc.start()
    weigert(inhoud, "bestand_te_groot", "Dit bestand is te groot: hoogstens 20 MB kan gelezen worden.")
    _, top = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert top < 100_000


def test_eigen_limiet():
    groot = GOED + b" " * (1024 * 1024)
    weigert(groot, "bestand_te_groot", "Dit bestand is te groot: hoogstens 1 MB kan gelezen worden.", limiet=1024**2)


@pytest.mark.parametrize(
    "inhoud",
    [b"", b"  ", b"\x00" * 100, b"PK\x03\x04rommel", b"Datum;Bedrag\n1;2", b"%PDF-1.7", b"<a><b></a>", b"<",
     b'<?xml version="1.0" encoding="rommel"?><a/>', b'<?xml version="1.0" encoding="utf-7"?><a/>',
     b'<?xml version="1.0" encoding="UTF-8"?><a>\xff</a>'],
)  # fmt: skip
def test_geen_xml(inhoud):
    with pytest.raises(Weigering) as fout:
        lees(inhoud)
    assert fout.value.code in {"geen_xml", "geen_camt053"}


def test_geen_xml_zin():
    weigert(b"Datum;Bedrag", "geen_xml", "Dit bestand is geen leesbare XML.")
    weigert(GOED.replace(b"</Ntry>", b"</Ntri>", 1), "geen_xml", "Dit bestand is geen leesbare XML.")


@pytest.mark.parametrize(
    "wortel",
    [
        b"<Document/>",
        b"<html/>",
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"/>',
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>',
        b'<Iets xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>',
    ],
)
def test_geen_camt053(wortel):
    weigert(wortel, "geen_camt053", "Dit bestand is geen rekeningafschrift in het formaat camt.053.")


@pytest.mark.parametrize("versie", ["01", "09", "12"])
def test_andere_versie(versie):
    weigert(
        GOED.replace(b"053.001.08", f"053.001.{versie}".encode()),
        "versie_onbekend",
        f"Dit is versie {versie} van camt.053. De versies 02 tot 08 worden gelezen.",
    )


BOMMEN = {
    "doctype": "<!DOCTYPE Document>",
    "extern": '<!DOCTYPE Document SYSTEM "http://voorbeeld.invalid/x.dtd">',
    "lachen": '<!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    "bestand": '<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE z [<!ENTITY % x SYSTEM "http://voorbeeld.invalid/x">%x;]>',
    "kwadraat": f'<!DOCTYPE z [<!ENTITY a "{"a" * 50_000}">]>',
}


@pytest.mark.parametrize("codering", ["utf-8", "utf-16"])
@pytest.mark.parametrize("bom", BOMMEN)
def test_doctype_en_entiteiten(bom, codering):
    tekst = GOED.decode().replace("?>\n", f"?>{BOMMEN[bom]}\n").replace("UTF-8", codering)
    tekst = tekst.replace("Vzw De", "&a;" if "ENTITY a" in BOMMEN[bom] else "Vzw De")
    weigert(
        tekst.encode(codering),
        "xml_doctype",
        "Dit bestand bevat een DOCTYPE of entiteiten. Een rekeningafschrift van een bank bevat die nooit.",
    )


TE_VEEL = "Dit bestand bevat meer onderdelen dan een rekeningafschrift van een bank."


@pytest.mark.parametrize(
    "rommel",
    [b"<x>" * 300_000, b"<x/>" * 300_000, b"<Ntry>" * 300_000, b"<TxDtls/>" * 300_000],
    ids=["diep", "breed", "regels", "delen"],
)
def test_rommel_vult_het_geheugen_niet(rommel, monkeypatch):
    monkeypatch.setattr(camt, "HOOGSTE_REGELS", 5_000)  # measuring memory takes time
    inhoud = GOED.replace(b"<Ntry>", b"<Ntry>" + rommel, 1)
    tracemalloc.start()
    weigert(inhoud, "bestand_te_ingewikkeld", TE_VEEL)
    _, top = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert top < 100 * 1024 * 1024


def test_hoogste_aantal_regels(monkeypatch):
    monkeypatch.setattr(camt, "HOOGSTE_REGELS", 3)
    assert len(lees(GOED).regels) == 3
    weigert(maak_afschrift(opdracht(4)), "bestand_te_ingewikkeld", TE_VEEL)
    assert len(lees(maak_afschrift(BATCH, wijze="gesplitst")).regels) == 3
    weigert(maak_afschrift(opdracht(4), wijze="gesplitst"), "bestand_te_ingewikkeld", TE_VEEL)


@pytest.mark.parametrize("deel", [0.3, 0.6, 0.99])
def test_afgekapt(deel):
    weigert(
        GOED[: int(len(GOED) * deel)],
        "bestand_onvolledig",
        "Dit rekeningafschrift is niet volledig: het stopt middenin.",
    )


@pytest.mark.parametrize(
    ("weg", "door", "waarom"),
    [
        (b"OPBD", b"XXXX", "het beginsaldo van afschrift 2026-224 ontbreekt"),
        (b"CLBD", b"ITBD", "het eindsaldo van afschrift 2026-224 ontbreekt"),
        (b"<Id>2026-224</Id>", b"", "een afschrift heeft geen kenmerk"),
        (b"<Dt><Dt>2026-11-24</Dt></Dt></Bal><N", b"</Bal><N", "een saldo van afschrift 2026-224 heeft geen datum"),
    ],
)  # fmt: skip
def test_iets_ontbreekt(weg, door, waarom):
    assert weg in GOED
    weigert(GOED.replace(weg, door), "bestand_onvolledig", f"Dit rekeningafschrift is niet volledig: {waarom}.")


def test_zonder_afschrift():
    leeg = GOED[: GOED.index(b"<Stmt>")] + GOED[GOED.index(b"</Stmt>") + 7 :]
    weigert(leeg, "bestand_onvolledig", "Dit rekeningafschrift is niet volledig: er staat geen enkel afschrift in.")


def test_ander_aantal_regels_dan_aangekondigd():
    weigert(
        schrijf(LIJST, aantal=4),
        "bestand_onvolledig",
        "Dit rekeningafschrift is niet volledig: afschrift 2026-224 kondigt 4 regels aan en bevat er 3.",
    )
    assert len(lees(schrijf(LIJST, aantal=3)).regels) == 3


def test_saldo_klopt_niet():
    weigert(
        schrijf(LIJST[:2], eind_cent=BEGIN_CENT - BATCH.totaal_cent),
        "saldo_klopt_niet",
        "Het eindsaldo van afschrift 2026-224 klopt niet: het beginsaldo en de regels geven 9.997.999,97 euro, "
        "het eindsaldo is 9.996.999,94 euro, een verschil van -1.000,03 euro.",
    )


def test_andere_munt():
    weigert(
        met(1, munt="USD"),
        "andere_munt",
        "Regel 2 van afschrift 2026-224 staat in USD. Alleen afschriften in euro kunnen gelezen worden.",
    )
    weigert(
        schrijf(LIJST, rekening_munt="CHF"),
        "andere_munt",
        "De rekening van afschrift 2026-224 staat in CHF. Alleen afschriften in euro kunnen gelezen worden.",
    )
    weigert(
        GOED.replace(b'Ccy="EUR"', b'Ccy="GBP"', 1),
        "andere_munt",
        "Het beginsaldo van afschrift 2026-224 staat in GBP. Alleen afschriften in euro kunnen gelezen worden.",
    )


@pytest.mark.parametrize(
    "tekst", ["10.005", "1,50", "-1.00", "1e3", "", "NaN", "Infinity", "１.00", "9" * 30, "1.234.567", "0x10", "1 000"]
)
def test_bedrag_zonder_hele_centen(tekst):
    weigert(
        GOED.replace(b">1000.02<", f">{tekst}<".encode(), 1),
        "bedrag_onleesbaar",
        f"Regel 2 van afschrift 2026-224: het bedrag '{tekst}' kan niet in hele centen gelezen worden.",
    )


@pytest.mark.parametrize("tekst", ["1000.02", "+1000.02", "000000000001000.02", "1000.0200", "01000.02", " 1000.02\n"])
def test_bedrag_dat_op_een_andere_manier_geschreven_is(tekst):
    assert lees(GOED.replace(b">1000.02<", f">{tekst}<".encode())).regels[1].bedrag_cent == -1000_02


@pytest.mark.parametrize(
    ("weg", "door", "code", "zin"),
    [
        (b"<CdtDbtInd>DBIT</CdtDbtInd>", b"<CdtDbtInd>D</CdtDbtInd>", "richting_onleesbaar",
         "Regel 1 van afschrift 2026-224: er staat niet of het een bij- of afschrijving is."),
        (b"<Cd>BOOK</Cd>", b"<Cd>XXXX</Cd>", "status_onbekend",
         "Regel 1 van afschrift 2026-224: de status 'XXXX' is niet bekend."),
        (b"<BookgDt><Dt>2026-11-24", b"<BookgDt><Dt>24/11/2026", "datum_onleesbaar",
         "Regel 1 van afschrift 2026-224: de datum '24/11/2026' kan niet gelezen worden."),
        (b"<IBAN>", b"<IBAN>X", "rekening_onleesbaar",
         f"Het rekeningnummer 'X{EIGEN_IBAN}' van afschrift 2026-224 is geen geldige IBAN."),
        (b"<EndToEndId>", b"<EndToEndId>" + b"B" * 30, "kenmerk_te_lang",
         f"Het kenmerk '{'B' * 30}BO-20...' is langer dan 35 tekens."),
    ],
)  # fmt: skip
def test_onleesbaar(weg, door, code, zin):
    assert weg in GOED
    weigert(GOED.replace(weg, door, 1), code, zin)


def test_lange_teksten_worden_ingekort():
    (regel,) = lees(schrijf([ontvangst(100, naam="n" * 500, tekst="t" * 5000)])).regels
    assert (len(regel.tegenpartij), len(regel.tekst)) == (140, 1000)


@settings(deadline=None)
@given(st.binary(max_size=500))
def test_geen_bytes_breken_de_lezer(inhoud):
    with pytest.raises(Weigering):
        lees(inhoud)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_een_beschadigde_byte_wordt_gelezen_of_geweigerd(data):
    plaats = data.draw(st.integers(0, len(GOED) - 1))
    inhoud = GOED[:plaats] + bytes([data.draw(st.integers(0, 255))]) + GOED[plaats + 1 :]
    with suppress(Weigering):
        for u in lees(inhoud).uittreksels:
            assert u.begin_cent + sum(r.bedrag_cent for r in u.regels if r.status == Status.GEBOEKT) == u.eind_cent


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-(10**11), 10**11), max_size=20), st.sampled_from(camt.VERSIES))
def test_elke_reeks_bedragen_komt_terug(bedragen, versie):
    regels = [Boeking(cent, bankreferentie=f"R{i}", tekst="x") for i, cent in enumerate(bedragen)]
    assert [r.bedrag_cent for r in lees(schrijf(regels, versie=versie)).regels] == bedragen
