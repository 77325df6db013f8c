"""What most directories ask, in four lengths. A * marks what is required."""

SHORT = ("business_name*", "email*", "phone", "website")
USUAL = ("business_name*", "contact_name", "email*", "phone*", "website", "city", "description*")
PLACED = (
    "business_name*", "email*", "phone*", "website*", "street*", "city*", "state", "postal_code*",
    "description",
)  # fmt: skip
LONG = (
    "business_name*", "contact_first_name", "contact_last_name", "email*", "phone*", "fax", "website",
    "street", "street_2", "city", "state", "postal_code", "country", "short_description",
    "description", "year_founded", "keywords",
)  # fmt: skip
