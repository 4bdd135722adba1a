"""The system of record: schema, repositories, services, migrations. All SQL of the project is here."""
