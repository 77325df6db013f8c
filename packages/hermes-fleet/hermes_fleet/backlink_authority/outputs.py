"""What this worker promises."""

OUTPUTS = (
    "new_links",
    "lost_links",
    "domain_authority",
    "anchor_distribution",
    "link_velocity",
)
