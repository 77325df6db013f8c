"""The page on which people approve what is changed on a site."""
