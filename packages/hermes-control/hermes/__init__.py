"""Hermes: a control room that tells a small team the truth about its fleet of worker services."""
