"""Google: tokens, Search Console, Analytics, PageSpeed Insights, Chrome UX Report."""
