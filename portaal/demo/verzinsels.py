"""Made-up names, titles, texts and amounts, the same on every installation."""

from random import Random

from betalingen.bank.pain import Adres, Opdrachtgever

# No bank has this account; the number is valid all the same.
OPDRACHTGEVER = Opdrachtgever(
    "Vlaamse overheid (voorbeeld)",
    "BE49999000000171",
    kbo="0316380841",
    adres=Adres("Brussel", postcode="1030", straat="Koning Albert II-laan", huisnummer="35"),
)

VOORNAMEN = (
    "Amina",
    "Bas",
    "Celine",
    "Dries",
    "Elke",
    "Femke",
    "Gust",
    "Hanne",
    "Ilse",
    "Jonas",
    "Karel",
    "Lotte",
    "Maarten",
    "Nele",
    "Omar",
    "Pia",
)
FAMILIENAMEN = (
    "Voorbeeld",
    "Proefman",
    "Testers",
    "Demoers",
    "Fictief",
    "Verzonnen",
    "Schijnbaar",
    "Denkbeeld",
)
NAMEN = (
    "De Open Deur",
    "Soep op de Stoep",
    "Buren Bellen Aan",
    "De Lange Tafel",
    "Samen Thuis",
    "Koffie om Tien",
    "Het Buurtlicht",
    "De Gouden Draad",
    "Plein voor Iedereen",
    "Warme Handen",
    "De Praatbank",
    "Onder de Linde",
    "Klop Klop",
    "De Buurtkamer",
    "Wij van Hier",
    "Dichtbij",
)
ZINNEN = {
    "buurtanalyse": "De buurt telt veel alleenwonenden. Uit huisbezoeken blijkt dat een op de drie bewoners te weinig "
    "contact heeft. Er is een dienstencentrum, maar de weg erheen is voor velen te lang.",
    "doelgroep": "We bereiken ouderen, alleenstaande ouders en nieuwkomers. Vrijwilligers bellen aan, huisartsen "
    "verwijzen door, en er is elke week een vaste plek om binnen te lopen.",
    "acties": "In het eerste jaar brengen we bewoners samen en zoeken we buurtverantwoordelijken. In het tweede jaar "
    "nemen zij de ontmoeting over en sluiten de zorgdiensten aan.",
    "netwerk": "De gemeente, het OCMW, het lokaal dienstencentrum, twee huisartsen en de harmonie werken samen. Elke "
    "partner bevestigde zijn rol.",
}
BUURTEN = ("Landelijk", "Dorpskern", "Voorstedelijk", "Stedelijk")


def persoon(nummer: int) -> tuple[str, str]:
    """Return first and last name of made-up person `nummer`."""
    voor = VOORNAMEN[nummer % len(VOORNAMEN)]
    return voor, FAMILIENAMEN[nummer // len(VOORNAMEN) % len(FAMILIENAMEN)]


def titel(nummer: int, gemeente: str) -> str:
    """Return the title of made-up project `nummer`."""
    return f"{NAMEN[nummer % len(NAMEN)]} in {gemeente} (fictief project)"


def antwoorden(nummer: int) -> dict[str, str]:
    """Return the answers of made-up project `nummer` by question key."""
    return {**ZINNEN, "bewoners": str(800 + nummer * 37 % 4200), "soort_buurt": BUURTEN[nummer % len(BUURTEN)]}


def bedragen(aantal: int, totaal_cent: int, *, hoogste_cent: int, toeval: Random) -> list[int]:
    """Return `aantal` amounts in whole 500 euro (the last may differ) that are together exactly `totaal_cent`."""
    stap = 500_00
    gemiddeld = totaal_cent // aantal
    speling = min(hoogste_cent - gemiddeld, gemiddeld // 3)
    uit = [(gemiddeld + toeval.randint(-speling, speling)) // stap * stap for _ in range(aantal)]
    tekort = totaal_cent - sum(uit)
    plaats = 0
    while tekort:
        ruimte = hoogste_cent - uit[plaats] if tekort > 0 else uit[plaats] - stap
        deel = min(abs(tekort), ruimte, 2 * stap) * (1 if tekort > 0 else -1)
        uit[plaats] += deel
        tekort -= deel
        plaats = (plaats + 1) % aantal
    return uit


def punten(doel: int, toeval: Random) -> list[int]:
    """Return points on 10 for five criteria, around a score of `doel` on 100, at least one more or less equal."""
    basis = doel // 10
    return [min(10, max(0, basis + (1 if toeval.randint(0, 9) < doel % 10 else 0))) for _ in range(5)]
