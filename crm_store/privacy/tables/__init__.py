"""The register of personal data, an area a file."""
