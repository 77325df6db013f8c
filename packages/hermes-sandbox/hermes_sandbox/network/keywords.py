"""The phrases that the demo business follows, and which competitor was written to do better at which."""

KEYWORDS = (
    "teeth whitening",
    "dental implants",
    "clear aligners",
    "wisdom tooth removal",
    "emergency dentistry",
    "gum disease",
    "sensitive teeth",
    "dental anxiety",
)

LEADERS = {
    "teeth whitening": "brightwater",
    "dental implants": "brightwater",
    "clear aligners": "demo",
    "wisdom tooth removal": "toothfinder",
    "emergency dentistry": "oakline",
    "gum disease": "demo",
    "sensitive teeth": "demo",
    "dental anxiety": "oakline",
}
"""Keyword -> the site whose page was planted to be the densest in that phrase."""
