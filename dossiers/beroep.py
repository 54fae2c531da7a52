"""The appeal clause that the law asks for under every decision, in one place.

Gecoordineerde wetten op de Raad van State, art. 19, second paragraph: rule and forms, not an end date.
"""

BEROEP = (
    "Tegen dit besluit kunt u een beroep tot nietigverklaring instellen bij de afdeling Bestuursrechtspraak van de "
    "Raad van State, binnen zestig dagen nadat u deze kennisgeving ontving. De dag van ontvangst telt niet mee. Valt "
    "de laatste dag op een zaterdag, een zondag of een feestdag, dan mag het nog op de eerstvolgende werkdag. U doet "
    "dat met een ondertekend verzoekschrift, aangetekend verstuurd naar de griffie van de Raad van State "
    "(Wetenschapsstraat 33, 1040 Brussel) of elektronisch ingediend via de website van de Raad van State."
)
