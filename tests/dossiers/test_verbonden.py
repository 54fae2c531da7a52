"""Enterprise numbers in what an applicant writes about its linked undertakings."""

import pytest

from dossiers.deminimis.verbonden import kbo_nummers, nummer_fout


@pytest.mark.parametrize(
    ("tekst", "nummers"),
    [
        ("", []),
        ("Zuster nv", []),
        ("Zuster nv, 0207.508.932", ["0207508932"]),
        ("0207 508 932 Zuster nv\nBE0207.506.952 Broer", ["0207508932", "0207506952"]),
        ("Zuster 0207-508-932 (BE 0207506952)", ["0207508932", "0207506952"]),
        ("Zuster 207.508.932", ["0207508932"]),  # as older papers write it
        ("Zuster 0207508932\nZuster 0207508932", ["0207508932"]),
        ("Huis 2000 vzw, Kerkstraat 12, 2000 Antwerpen", []),
        ("BE68 5390 0754 7034", []),
    ],
)
def test_numbers_are_read_as_people_write_them(tekst, nummers):
    assert (kbo_nummers(tekst), nummer_fout(tekst)) == (nummers, None)


@pytest.mark.parametrize("nummer", ["0207.508.933", "1234567890", "0478 12 34 56", "0207.508.9321"])
def test_a_wrong_number_is_told_with_its_line(nummer):
    zin = f"Regel 2: '{nummer}' is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789."
    assert nummer_fout(f"Zuster 0207508932\nBroer {nummer} nv") == zin
    assert kbo_nummers(f"Broer {nummer} nv") == []
