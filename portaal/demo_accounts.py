"""The demo accounts, one per role: the same list for the data, the sign-in page and the README."""

WACHTWOORD = "zorgzame-demo-2021"

ACCOUNTS = [
    ("aanvrager@demo.loket", "Ann", "Vermeersch", "Aanvrager", "vult een dossier in en dient het in"),
    ("behandelaar@demo.loket", "Bert", "Claes", "Dossierbehandelaar", "leidt een oproep van begin tot einde"),
    ("jurylid@demo.loket", "Jasmina", "Haddad", "Jurylid", "leest en geeft punten"),
    ("jurylid2@demo.loket", "Joris", "Peeters", "Tweede jurylid", "leest en geeft punten"),
    ("voorzitter@demo.loket", "Vera", "Maes", "Voorzitter van de jury", "stelt het advies vast"),
    ("budgethouder@demo.loket", "Bram", "Wouters", "Budgethouder", "keurt goed en bewaakt het budget"),
    ("budgethouder2@demo.loket", "Lien", "De Smet", "Tweede budgethouder", "keurt grote betalingen als tweede goed"),
    ("boekhouder@demo.loket", "Hilde", "Jacobs", "Boekhouder", "verstuurt en meldt betalingen"),
    ("auditor@demo.loket", "Dirk", "Lemmens", "Auditor", "kijkt mee, zonder te wijzigen"),
    ("beheerder@demo.loket", "Sofie", "Goossens", "Beheerder", "beheert taken en gegevens"),
]


def demo_accounts() -> list[dict[str, str]]:
    """Return the accounts as the sign-in page shows them."""
    return [
        {"rol": rol, "email": email, "wachtwoord": WACHTWOORD, "uitleg": uitleg}
        for email, _, _, rol, uitleg in ACCOUNTS
    ]
