"""Google's Search Console and Analytics 4 over plain REST, for the workers that read them."""
