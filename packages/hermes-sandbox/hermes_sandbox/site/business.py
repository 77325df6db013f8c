"""Juniper Dental: the invented business that the demo site belongs to."""

from typing import NamedTuple

NAME = "Juniper Dental"
PHONE = "+1-555-010-0142"
MAIL = "hello@juniper-dental.example"


class Service(NamedTuple):
    name: str
    minutes: int
    visits: int
    price: int  # US dollars, from


class Colleague(NamedTuple):
    name: str
    role: str


SERVICES = (
    Service("Teeth whitening", 60, 1, 280),
    Service("Dental implants", 90, 4, 1900),
    Service("Porcelain veneers", 75, 3, 850),
    Service("Clear aligners", 40, 9, 2400),
    Service("Root canal treatment", 80, 2, 640),
    Service("Dental crowns", 60, 2, 720),
    Service("Fixed bridges", 70, 3, 1450),
    Service("Full dentures", 45, 5, 1100),
    Service("Partial dentures", 45, 4, 780),
    Service("Wisdom tooth removal", 50, 2, 310),
    Service("Routine check-ups", 30, 1, 60),
    Service("Scale and polish", 35, 1, 75),
    Service("Gum treatment", 55, 3, 260),
    Service("White fillings", 40, 1, 120),
    Service("Inlays and onlays", 60, 2, 430),
    Service("Tooth bonding", 45, 1, 190),
    Service("Fluoride varnish", 15, 1, 35),
    Service("Fissure sealants", 20, 1, 45),
    Service("Children's dentistry", 30, 1, 40),
    Service("Orthodontic braces", 45, 14, 2100),
    Service("Retainers", 25, 2, 160),
    Service("Sports mouthguards", 25, 2, 110),
    Service("Jaw pain relief", 50, 3, 220),
    Service("Sedation dentistry", 90, 1, 350),
    Service("Emergency dentistry", 30, 1, 95),
    Service("Smile makeovers", 90, 6, 3200),
    Service("Tooth extractions", 40, 1, 140),
    Service("Bone grafting", 85, 2, 980),
    Service("Oral cancer screening", 20, 1, 55),
    Service("Denture repairs", 20, 1, 70),
)

CITIES = (
    "Alder Falls",
    "Ashgrove",
    "Birch Landing",
    "Briar Heights",
    "Calder Bay",
    "Cedar Mills",
    "Clover Ridge",
    "Dunmore Park",
    "Eastwick",
    "Elm Crossing",
    "Fairhollow",
    "Ferndale Point",
    "Granite Springs",
    "Harbor Oaks",
    "Hazel Green",
    "Ivy Station",
    "Kestrel Hill",
    "Larkfield",
    "Maple Quay",
    "Northgate",
    "Orchard Bend",
    "Pine Hollow",
    "Quarry Lane",
    "Rowan Market",
    "Silver Brook",
    "Thornbury Cross",
    "Willow Dale",
)

TEAM = (
    Colleague("Amara Lindqvist", "Principal dentist"),
    Colleague("Benedict Osei", "Orthodontist"),
    Colleague("Clara Montoya", "Implant surgeon"),
    Colleague("Daniel Whitcombe", "Dentist"),
    Colleague("Elif Karaca", "Dentist"),
    Colleague("Farid Rahimi", "Endodontist"),
    Colleague("Greta Nyholm", "Dental hygienist"),
    Colleague("Hector Valdez", "Dental hygienist"),
    Colleague("Imogen Hartley", "Children's dentist"),
    Colleague("Jonas Feld", "Dental technician"),
    Colleague("Keiko Tanabe", "Periodontist"),
    Colleague("Liam Carrick", "Dental nurse"),
    Colleague("Mireille Dubois", "Dental nurse"),
    Colleague("Nadia Petrova", "Treatment coordinator"),
    Colleague("Oscar Bellweather", "Anaesthetist"),
    Colleague("Priya Nair", "Dentist"),
    Colleague("Quentin Ashby", "Practice manager"),
    Colleague("Rosalind Achebe", "Oral surgeon"),
    Colleague("Samuel Ortega", "Dental nurse"),
    Colleague("Tamsin Greer", "Front desk lead"),
    Colleague("Ulrich Brandt", "Dentist"),
    Colleague("Vivian Holloway", "Oral health educator"),
)

TOPICS = (
    "gum disease",
    "sensitive teeth",
    "teeth whitening",
    "dental implants",
    "bad breath",
    "tooth enamel",
    "clear aligners",
    "wisdom teeth",
    "night grinding",
    "dental anxiety",
    "flossing",
    "dry mouth",
    "cracked teeth",
    "mouth ulcers",
)

ANGLES = (
    "{}: a plain-English guide",
    "{}: questions our patients ask",
    "{} and your budget",
    "{} after sixty",
    "{} during pregnancy",
    "Seven myths about {}",
    "{}: what the research says",
    "Talking to children about {}",
    "{}: a hygienist's own notes",
    "{}: mistakes to avoid",
)


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[0].upper() + text[1:]


def slug(text: str) -> str:
    """`Children's dentistry` -> `childrens-dentistry`."""
    kept = "".join(letter for letter in text.lower() if letter.isalnum() or letter in " -")
    return "-".join(kept.replace("-", " ").split())
