"""Reports for people, programs and CI: Markdown, JSON, JUnit XML."""
