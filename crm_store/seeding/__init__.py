"""The demo shop "Lantern & Pine": made up, believable, the same for the same seed."""

from crm_store.seeding.demo import DemoCustomer, demo_customers
from crm_store.seeding.run import SITE_KEY, SeedReport, is_seeded, seed

__all__ = ["SITE_KEY", "DemoCustomer", "SeedReport", "demo_customers", "is_seeded", "seed"]
