"""One stock, whoever does whatever: the moderate number of steps that every run of the tests takes."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.journeys.one_stock import OneStock

OneStock.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestOneStock = OneStock.TestCase
