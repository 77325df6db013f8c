"""Google: tokens, Search Console, Analytics, Ads, PageSpeed Insights, Chrome UX Report."""
