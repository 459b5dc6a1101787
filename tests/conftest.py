"""Settings that every test shares."""

import os

from hypothesis import settings

# The same examples on every run and machine, so that a failure in CI is a failure at home.
# HYPOTHESIS_PROFILE=explore draws new ones.
settings.register_profile(
    "repeatable", derandomize=True, database=None, deadline=None, max_examples=25
)
settings.register_profile("explore", database=None, deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
