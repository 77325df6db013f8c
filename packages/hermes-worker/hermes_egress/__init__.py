"""Who may be asked on behalf of somebody: public addresses only, and what robots.txt allows."""
