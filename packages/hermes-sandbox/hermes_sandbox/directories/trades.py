"""Lines of business, as directories offer them to choose from."""

from dataclasses import dataclass

from hermes_sandbox.directories.model import Option


@dataclass(frozen=True, slots=True)
class Trade:
    """`names` by language; `also` holds other English words for it."""

    key: str
    group: str
    names: dict[str, str]
    also: tuple[str, ...] = ()


def _trade(key: str, group: str, names: str, *also: str) -> Trade:
    """`names` in English, German, Spanish and French, divided by |."""
    return Trade(key, group, dict(zip(("en", "de", "es", "fr"), names.split("|"), strict=True)), also)  # fmt: skip


TRADES = (
    _trade("dentist", "Health", "Dentist|Zahnarzt|Dentista|Dentiste", "Dentists", "Dental clinic", "Dental practice"),
    _trade("doctor", "Health", "Doctor|Arzt|Médico|Médecin", "Doctors", "Physician", "Medical practice"),
    _trade("pharmacy", "Health", "Pharmacy|Apotheke|Farmacia|Pharmacie", "Pharmacies", "Drugstore"),
    _trade("restaurant", "Food and drink", "Restaurant|Gaststätte|Restaurante|Restaurant", "Restaurants"),
    _trade("bakery", "Food and drink", "Bakery|Bäckerei|Panadería|Boulangerie", "Bakeries", "Baker"),
    _trade("plumber", "House and garden", "Plumber|Klempner|Fontanero|Plombier", "Plumbers", "Plumbing"),
    _trade("electrician", "House and garden", "Electrician|Elektriker|Electricista|Électricien", "Electricians"),
    _trade("florist", "House and garden", "Florist|Blumenladen|Floristería|Fleuriste", "Florists", "Flower shop"),
    _trade("lawyer", "Advice", "Lawyer|Rechtsanwalt|Abogado|Avocat", "Lawyers", "Attorney", "Law firm"),
    _trade("accountant", "Advice", "Accountant|Steuerberater|Contable|Comptable", "Accountants", "Accounting"),
    _trade("estate", "Advice", "Real estate agent|Immobilienmakler|Agente inmobiliario|Agent immobilier", "Real estate"),
    _trade("software", "Advice", "Software company|Softwarehaus|Empresa de software|Éditeur de logiciels", "Software"),
    _trade("hairdresser", "Beauty", "Hairdresser|Friseur|Peluquería|Coiffeur", "Hairdressers", "Hair salon"),
    _trade("hotel", "Travel", "Hotel|Hotel|Hotel|Hôtel", "Hotels", "Guest house"),
    _trade("garage", "Vehicles", "Car repair|Autowerkstatt|Taller mecánico|Garage automobile", "Auto repair", "Garage"),
)  # fmt: skip
HOBBIES = ("Model railways", "Stamp collecting", "Kite flying", "Astronomy clubs")
"""Categories of a directory that has none for a business."""


def options(language: str = "en") -> tuple[Option, ...]:
    """All trades, below their groups."""
    return tuple(Option(trade.key, trade.names[language], trade.group) for trade in TRADES)


def key_of(category: str) -> str:
    """The trade that a business means by its category; "" when none is meant."""
    plain = category.strip().casefold()
    for trade in TRADES:
        if plain in (word.casefold() for word in (*trade.names.values(), *trade.also)):
            return trade.key
    return ""
