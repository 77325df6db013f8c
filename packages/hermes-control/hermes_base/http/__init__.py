"""HTTP to workers over libcurl: a client that tells every failure apart."""
