"""DataForSEO: search results, backlinks, labs, all in the same two-level envelope."""

from hermes_sandbox.providers.dataforseo.desk import DataForSeo

__all__ = ["DataForSeo"]
