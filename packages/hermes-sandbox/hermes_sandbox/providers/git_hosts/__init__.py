"""GitHub and GitLab in front of real Git repositories on disk."""
