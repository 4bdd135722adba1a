"""The system of record: schema, repositories, services, migrations; the only place with SQL."""
