"""The rules of a run's life, a module a step; `hermes.runner.steps` lists them in order."""
